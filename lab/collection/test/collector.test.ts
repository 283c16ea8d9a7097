import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { encodeTraceRequest, type Span } from '@workshop/telemetry';
import { StoreBusy, type WriteResult } from '../../store/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { startCollector } from '../index.ts';

class ShelfStore {
  readonly spans: Span[] = [];
  busy = false;
  async write(spans: readonly Span[]): Promise<WriteResult> {
    if (this.busy) throw new StoreBusy('full');
    this.spans.push(...spans);
    return { stored: spans.length, duplicates: 0 };
  }
}

test('protobuf, JSON and gzip arrive; a busy store is answered 503 with Retry-After', async () => {
  const store = new ShelfStore();
  const forwarded: number[] = [];
  const collector = await startCollector({
    store,
    port: 0,
    allowedOrigins: ['http://localhost:4200'],
    forward: (spans) => void forwarded.push(spans.length),
  });
  const url = `${collector.receiver.url}/v1/traces`;
  const spans = sampleSpans({ requests: 2, endMs: Date.now() });
  const protobuf = encodeTraceRequest(spans, 'protobuf');
  const post = (body: Uint8Array, headers: Record<string, string>): Promise<Response> =>
    fetch(url, { method: 'POST', body: body, headers });
  try {
    assert.equal((await post(protobuf, { 'content-type': 'application/x-protobuf' })).status, 200);
    assert.equal(
      (await post(encodeTraceRequest(spans, 'json'), { 'content-type': 'application/json' })).status,
      200,
    );
    assert.equal(
      (
        await post(gzipSync(protobuf), {
          'content-type': 'application/x-protobuf',
          'content-encoding': 'gzip',
        })
      ).status,
      200,
    );
    assert.equal(store.spans.length, 24);
    assert.deepEqual(forwarded, [8, 8, 8]);
    store.busy = true;
    const busy = await post(protobuf, { 'content-type': 'application/x-protobuf' });
    assert.equal(busy.status, 503);
    assert.equal(busy.headers.get('retry-after'), '1');
    assert.equal((await post(Buffer.from('{'), { 'content-type': 'application/json' })).status, 400);
    assert.deepEqual(collector.counts, {
      spans: 24,
      duplicates: 0,
      busy: 1,
      failed: 0,
      refused: 1,
      forwardErrors: 0,
    });
  } finally {
    await collector.close();
  }
});

test('a forwarder that fails does not lose the answer', async () => {
  const store = new ShelfStore();
  const collector = await startCollector({
    store,
    port: 0,
    forward: () => Promise.reject(new Error('down')),
  });
  const body = encodeTraceRequest(sampleSpans({ requests: 1, endMs: Date.now() }), 'protobuf');
  const answer = await fetch(`${collector.receiver.url}/v1/traces`, {
    method: 'POST',
    body: body,
    headers: { 'content-type': 'application/x-protobuf' },
  });
  assert.equal(answer.status, 200);
  assert.equal(collector.counts.forwardErrors, 1);
  await collector.close();
});

test('a store that cannot write is answered 503 with Retry-After, and said until it can', async (t) => {
  const full = { error: new Error('IO Error: No space left on device\nin a block') as Error | null };
  const store = {
    write: async (spans: readonly Span[]): Promise<WriteResult> => {
      if (full.error) throw full.error;
      return { stored: spans.length, duplicates: 0 };
    },
  };
  const collector = await startCollector({ store, port: 0 });
  t.after(() => collector.close());
  const send = (spans: Span[]): Promise<Response> =>
    fetch(`${collector.receiver.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: encodeTraceRequest(spans, 'json'),
    });
  const spans = sampleSpans({ requests: 1, endMs: Date.now() });
  const refused = await send(spans);
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '5']);
  assert.deepEqual(collector.trouble(), [
    'The last spans could not be stored: IO Error: No space left on device',
  ]);
  full.error = null;
  assert.equal((await send(spans)).status, 200);
  assert.deepEqual(collector.trouble(), []);
  await send(sampleSpans({ requests: 1, endMs: Date.now() - 3 * 3_600_000 }));
  assert.deepEqual(collector.trouble(), [
    "The last spans of murmur-api are 3.0 hours behind this machine's clock.",
  ]);
  await send(sampleSpans({ requests: 1, endMs: Date.now() + 2 * 3_600_000 }));
  assert.match(collector.trouble()[0] ?? '', /2\.0 hours ahead of this machine's clock/);
});

test('what came before is forwarded again when its sender repeats it, and not where the lab may be that sender', async (t) => {
  const forwarded: number[] = [];
  let copies = 0;
  const store = {
    write: async (spans: readonly Span[]) =>
      copies++ === 0 ? { stored: spans.length, duplicates: 0 } : { stored: 0, duplicates: spans.length },
  };
  const collector = await startCollector({
    store,
    port: 0,
    forward: (spans) => void forwarded.push(spans.length),
  });
  const beside = http.createServer(collector.handle);
  await new Promise<void>((resolve) => beside.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    beside.close();
    beside.closeAllConnections();
    return collector.close();
  });
  const body = encodeTraceRequest(sampleSpans({ requests: 1, endMs: Date.now() }), 'protobuf');
  const headers = { 'content-type': 'application/x-protobuf' };
  const { port } = beside.address() as AddressInfo;
  for (const origin of [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port}`, collector.receiver.url])
    assert.equal((await fetch(`${origin}/v1/traces`, { method: 'POST', body, headers })).status, 200);
  assert.deepEqual(forwarded, [4, 4]);
});
