import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import {
  encodeTraceRequest,
  type ReceivedRequest,
  ReceiverBusy,
  type ReceiverOptions,
  type Span,
  startReceiver,
} from '../index.ts';
import { readableSpans } from './readable.ts';
import { span } from './spans.ts';

/** Runs `body` against a receiver of its own that records, and stops it. */
async function withReceiver(
  options: ReceiverOptions,
  body: (url: string, requests: ReceivedRequest[]) => Promise<void>,
): Promise<void> {
  const receiver = await startReceiver({ record: true, ...options });
  try {
    await body(receiver.url, receiver.requests);
  } finally {
    await receiver.close();
  }
}

const JSON_HEADERS = { 'content-type': 'application/json' };
const one = () => Buffer.from(encodeTraceRequest([span({ name: 'one' })], 'json'));

function post(url: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/traces`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { ...JSON_HEADERS, ...headers },
  });
}

for (const [name, Exporter] of [
  ['protobuf', ProtobufExporter],
  ['JSON', JsonExporter],
] as const) {
  for (const compression of [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP]) {
    test(`the real ${name} exporter, compression ${compression}`, () =>
      withReceiver({}, async (url, requests) => {
        const exporter = new Exporter({
          url: `${url}/v1/traces`,
          compression,
          headers: { 'x-team': 'blue' },
        });
        const readable = readableSpans();
        const result = await new Promise<{ code: number; error?: Error }>((done) =>
          exporter.export(readable, done),
        );
        await exporter.shutdown();
        assert.equal(result.code, 0, String(result.error));
        assert.equal(requests.length, 1);
        const [request] = requests as [ReceivedRequest];
        assert.equal(request.status, 200);
        assert.equal(request.contentEncoding, compression === CompressionAlgorithm.GZIP ? 'gzip' : '');
        assert.equal(request.headers['x-team'], 'blue');
        assert.ok(request.bytes > 100);
        assert.deepEqual(
          request.spans.map((each) => each.spanId),
          readable.map((each) => each.spanContext().spanId),
        );
      }));
  }
}

test('the answer waits for the sink; a busy or broken sink is said', async () => {
  let release = () => {};
  let mode: 'keep' | 'busy' | 'broken' = 'keep';
  const kept: Span[] = [];
  const sink = async (spans: Span[]) => {
    if (mode === 'busy') throw new ReceiverBusy(7, 429);
    if (mode === 'broken') throw new Error('disk full at /secret/place');
    await new Promise<void>((resolve) => {
      release = resolve;
      reached();
    });
    kept.push(...spans);
  };
  let reached = () => {};
  const atSink = new Promise<void>((resolve) => {
    reached = resolve;
  });
  await withReceiver({ sink }, async (url, requests) => {
    let answered = false;
    const answer = post(url, one()).then((response) => {
      answered = true;
      return response;
    });
    await atSink;
    // Another request goes through meanwhile, so an early answer would have been here.
    assert.equal((await fetch(`${url}/other`)).status, 404);
    assert.equal(answered, false);
    release();
    assert.equal((await answer).status, 200);
    assert.equal(kept.length, 1);
    mode = 'busy';
    const busy = await post(url, one());
    assert.equal(busy.status, 429);
    assert.equal(busy.headers.get('retry-after'), '7');
    mode = 'broken';
    const broken = await post(url, one());
    assert.equal(broken.status, 500);
    assert.deepEqual(await broken.json(), { code: 13, message: 'The spans could not be kept.' });
    assert.equal(requests.at(-1)?.error, 'disk full at /secret/place');
  });
});

test('partial success: good spans are kept, the sender hears of the others', () =>
  withReceiver({}, async (url, requests) => {
    const bad = { ...span({ name: 'bad' }), traceId: '0'.repeat(32) };
    const response = await post(url, encodeTraceRequest([bad, span({ name: 'good' })], 'json'));
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {
      partialSuccess: { rejectedSpans: '1', errorMessage: 'a trace id is all zeros' },
    });
    assert.equal(requests[0]?.spans.length, 1);
    assert.match(requests[0]?.error ?? '', /1 spans were rejected/);
  }));

test('refusals: path, method, type, encoding, broken bodies', () =>
  withReceiver({}, async (url, requests) => {
    const status = async (response: Promise<Response>) => (await response).status;
    assert.equal(
      await status(fetch(`${url}/traces`, { method: 'POST', body: '{}', headers: JSON_HEADERS })),
      404,
    );
    assert.equal(await status(fetch(`${url}/v1/traces`)), 405);
    assert.equal(await status(post(url, one(), { 'content-type': 'text/plain' })), 415);
    assert.equal(await status(post(url, one(), { 'content-encoding': 'br' })), 415);
    assert.equal(await status(post(url, one(), { 'content-encoding': 'gzip' })), 400);
    assert.equal(await status(post(url, Buffer.from('{'))), 400);
    assert.equal(await status(post(url, Buffer.from('{}'))), 200);
    assert.equal(
      await status(post(url, zlib.gzipSync(one()).subarray(0, 40), { 'content-encoding': 'gzip' })),
      400,
    );
    for (const other of ['logs', 'metrics'])
      assert.equal(
        await status(fetch(`${url}/v1/${other}`, { method: 'POST', body: '{}', headers: JSON_HEADERS })),
        200,
      );
    assert.deepEqual(
      requests.map((each) => each.status),
      [404, 405, 415, 415, 400, 400, 200, 400, 200, 200],
    );
    const refused = await post(url, Buffer.from([255]), { 'content-type': 'application/x-protobuf' });
    assert.equal(refused.headers.get('content-type'), 'application/x-protobuf');
    assert.match(await refused.text(), /not an OTLP trace request in protobuf/);
  }));

test('gzip, deflate and bare deflate', () =>
  withReceiver({}, async (url, requests) => {
    assert.equal((await post(url, zlib.gzipSync(one()), { 'content-encoding': 'GZIP' })).status, 200);
    assert.equal((await post(url, zlib.deflateSync(one()), { 'content-encoding': 'deflate' })).status, 200);
    assert.equal(
      (await post(url, zlib.deflateRawSync(one()), { 'content-encoding': 'deflate' })).status,
      200,
    );
    assert.ok(requests.every((each) => each.spans.length === 1));
  }));

test('too long: as sent, and as unpacked; a zip bomb is not unpacked', () =>
  withReceiver({ maxBytes: 100_000 }, async (url, requests) => {
    assert.equal((await post(url, Buffer.alloc(200_000, 32))).status, 413);
    const bomb = zlib.gzipSync(Buffer.alloc(90_000_000, 32));
    assert.ok(bomb.length < 100_000);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    const refused = await post(url, bomb, { 'content-encoding': 'gzip' });
    assert.equal(refused.status, 413);
    assert.match(await refused.text(), /longer than 100000 bytes/);
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    assert.ok(after - before < 20_000_000, `${after - before} bytes more`);
    assert.deepEqual(
      requests.map((each) => each.status),
      [413, 413],
    );
    // It still works.
    assert.equal((await post(url, one())).status, 200);
  }));

test('too long without saying so first: chunks that do not end', () =>
  withReceiver({ maxBytes: 10_000 }, async (url, requests) => {
    const request = http.request(`${url}/v1/traces`, { method: 'POST', headers: JSON_HEADERS });
    request.on('error', () => {});
    const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
    request.write(Buffer.alloc(20_000, 32));
    const [response] = await answered;
    assert.equal(response.statusCode, 413);
    response.resume();
    await once(response, 'end');
    request.destroy();
    assert.equal(requests[0]?.status, 413);
  }));

test('a sender that goes away is recorded and harms nobody', () =>
  withReceiver({}, async (url, requests) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    const head =
      'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{';
    socket.end(head);
    for (let i = 0; requests.length === 0 && i < 200; i++) {
      assert.equal((await fetch(`${url}/nothing`)).status, 404);
      requests.splice(0, requests.length, ...requests.filter((each) => each.path !== '/nothing'));
    }
    assert.equal(requests[0]?.spans.length, 0);
    assert.notEqual(requests[0]?.status, 200);
    socket.destroy();
  }));

test('CORS: a listed origin may send, others may not', async () => {
  const asked = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-honeycomb-team',
  };
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/v1/traces`, { method: 'OPTIONS', headers: { ...asked, origin } });
  await withReceiver({ allowedOrigins: ['http://localhost:4200'] }, async (url, requests) => {
    const allowed = await preflight(url, 'http://localhost:4200');
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'http://localhost:4200');
    assert.equal(
      allowed.headers.get('access-control-allow-headers'),
      asked['access-control-request-headers'],
    );
    assert.equal(allowed.headers.get('access-control-allow-methods'), 'POST');
    assert.equal(allowed.headers.get('vary'), 'Origin');
    const refused = await preflight(url, 'http://localhost:4201');
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
    const sent = await post(url, one(), { origin: 'http://localhost:4200' });
    assert.equal(sent.headers.get('access-control-allow-origin'), 'http://localhost:4200');
    assert.equal((await post(url, one())).headers.get('access-control-allow-origin'), null);
    assert.deepEqual(
      requests.map((each) => [each.method, each.origin, each.status]),
      [
        ['OPTIONS', 'http://localhost:4200', 204],
        ['OPTIONS', 'http://localhost:4201', 403],
        ['POST', 'http://localhost:4200', 200],
        ['POST', undefined, 200],
      ],
    );
  });
  await withReceiver({}, async (url) =>
    assert.equal((await preflight(url, 'http://localhost:4200')).status, 403),
  );
  await withReceiver({ allowedOrigins: '*' }, async (url) =>
    assert.equal((await preflight(url, 'null')).headers.get('access-control-allow-origin'), '*'),
  );
});

test('only this machine by default; a taken port is an error; close frees it', async () => {
  const receiver = await startReceiver();
  assert.equal(receiver.url, `http://127.0.0.1:${receiver.port}`);
  await assert.rejects(startReceiver({ port: receiver.port }), { code: 'EADDRINUSE' });
  await post(receiver.url, one());
  assert.deepEqual(receiver.requests, []);
  await receiver.close();
  await assert.rejects(post(receiver.url, one()));
});
