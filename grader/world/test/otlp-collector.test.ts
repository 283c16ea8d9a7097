import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { span } from '@workshop/grader/test/evidence';
import { encodeTraceRequest } from '@workshop/telemetry';
import { type OtlpCollector, startCollector } from '../otlp-collector.ts';

describe('a collector whose condition changes', () => {
  let collector: OtlpCollector;
  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(() => collector.close());
  const send = (signal?: AbortSignal) =>
    fetch(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(
        encodeTraceRequest([span('one', { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) })], 'json'),
      ),
      signal,
    });
  const statuses = () => collector.requests.map(({ status, spans }) => [status, spans.length]);

  test('keeps what it is sent', async () => {
    assert.equal((await send()).status, 200);
    assert.deepEqual(statuses(), [[200, 1]]);
  });

  test('is away: every connection breaks, those that were open, too; then it is back', async () => {
    await send();
    collector.setCondition('away');
    await assert.rejects(send());
    assert.ok(collector.inVain.length >= 1);
    collector.setCondition('there');
    assert.equal((await send()).status, 200);
    assert.deepEqual(statuses(), [
      [200, 1],
      [200, 1],
    ]);
  });

  test('is slow: it answers later', async () => {
    collector.setCondition({ slowMs: 200 });
    const began = performance.now();
    assert.equal((await send()).status, 200);
    assert.ok(performance.now() - began >= 195);
  });

  test('is slow: what a sender does not wait for is written down as not kept', async () => {
    collector.setCondition({ slowMs: 60_000 });
    await assert.rejects(send(AbortSignal.timeout(50)));
    assert.ok(await until(() => collector.requests.length === 1));
    assert.deepEqual(statuses(), [[0, 1]]);
  });
});
