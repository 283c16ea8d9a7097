import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodeTraceRequest } from '@workshop/telemetry';
import type { Health } from '../../api/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { type HealthParts, healthOf } from '../health.ts';
import { type Lab, startLab } from '../index.ts';

let lab: Lab;
let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-health-'));
  lab = await startLab({ dir, port: 0, otlpPort: 0, retention: { maxAgeHours: 1 } });
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

async function health(): Promise<Health> {
  return (await (await fetch(`${lab.url}/api/health`)).json()) as Health;
}
function send(body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${lab.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

test('a lab that is well says so, with its limits', async () => {
  const { status, trouble, disk, retention, lastRefusal, clocks } = await health();
  assert.deepEqual([status, trouble, lastRefusal, clocks], ['ok', [], null, []]);
  assert.ok((disk.freeBytes ?? 0) > 0);
  assert.deepEqual(retention, { maxAgeHours: 1, maxBytes: null, removedRows: 0, lastRemovedMs: null });
});

test('what was refused is said, with the reason that the sender got', async () => {
  await send(Buffer.from('{"resourceSpans": 7}'));
  await send(Buffer.from('<xml>'), { 'content-type': 'text/xml', origin: 'http://localhost:9999' });
  const { status, trouble, received, lastRefusal } = await health();
  assert.deepEqual([status, received.refused], ['trouble', 2]);
  assert.deepEqual(trouble, [
    '2 requests with spans were refused, the last one: The content type is "text/xml". Send application/x-protobuf or application/json.',
  ]);
  assert.deepEqual(
    [lastRefusal?.status, lastRefusal?.path, lastRefusal?.origin],
    [415, '/v1/traces', 'http://localhost:9999'],
  );
});

test("a sender's clock is told, and a wrong one is trouble", async () => {
  await send(encodeTraceRequest(sampleSpans({ requests: 1, endMs: Date.now() - 3 * 3_600_000 }), 'json'));
  const { trouble, clocks } = await health();
  assert.ok(trouble.includes("The last spans of murmur-api are 3.0 hours behind this machine's clock."));
  assert.equal(Math.round((clocks[0]?.aheadMs ?? 0) / 3_600_000), -3);
});

test('what the retention deleted is told, with when', async () => {
  await lab.store.retain(Date.now() + 2 * 3_600_000);
  const { trouble, retention } = await health();
  assert.equal(retention.removedRows, 4);
  assert.ok(retention.lastRemovedMs);
  assert.ok(trouble.some((text) => /^4 rows were removed to keep the data small, last at /.test(text)));
});

test('a disk that is nearly full, and data that turns out to be damaged, are said', async () => {
  const parts: HealthParts = {
    store: lab.store,
    collector: { ...lab.collector, trouble: () => [], clocks: () => new Map() },
    faults: () => ["The lab's data is damaged: spans.duckdb"],
    freeBytes: async () => 300.7 * 1024 ** 2,
  };
  const { trouble, disk } = await healthOf(parts);
  assert.equal(disk.low, true);
  assert.deepEqual(trouble.slice(0, 2), [
    "The lab's data is damaged: spans.duckdb",
    'The disk is nearly full, 300 MiB are free: spans may soon be lost. Make room on it.',
  ]);
  assert.equal((await healthOf({ ...parts, freeBytes: async () => null })).disk.low, false);
});
