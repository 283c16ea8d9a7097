import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startReceiver } from '@workshop/telemetry';
import { deployEndedAt, deployLines, playDeploy } from '../deploy.ts';

describe('a deploy that is played', () => {
  test('is the same each time, and has what the question of exercise 14 asks for', () => {
    const deploy = deployEndedAt(1_000_000);
    const again = deployEndedAt(2_000_000);
    assert.deepEqual(
      again.spans.map(({ startMs, ...span }) => span),
      deploy.spans.map(({ startMs, ...span }) => span),
    );
    const { requests, lost, refused, spans } = deploy;
    assert.deepEqual({ requests, lost, refused }, { requests: 102, lost: 7, refused: 4 });
    const clients = spans.filter(({ kind }) => kind === 'CLIENT');
    const served = new Set(spans.flatMap(({ parentSpanId }) => parentSpanId ?? []));
    const alone = clients.filter(({ spanId }) => !served.has(spanId));
    assert.equal(clients.length, requests);
    assert.equal(alone.filter(({ status }) => status.code === 'ERROR').length, refused);
    assert.equal(
      alone.filter(({ attributes }) => Number(attributes['http.response.status_code']) < 300).length,
      lost,
    );
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
    assert.ok(spans.every(({ startMs, durationMs }) => startMs + durationMs <= 1_000_200));
  });

  test('comes to a collector as it is, and does not tell the answer', async () => {
    const receiver = await startReceiver({ record: true });
    try {
      const deploy = await playDeploy(`${receiver.url}/`);
      assert.equal(receiver.requests[0]?.spans.length, deploy.spans.length);
      assert.doesNotMatch(deployLines(deploy).join('\n'), /\b(?:7|4|11|91)\b/);
    } finally {
      await receiver.close();
    }
    await assert.rejects(playDeploy(receiver.url), /Nothing answers at/);
  });
});
