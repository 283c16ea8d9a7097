import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type Lab, startLab } from '../../server/index.ts';
import { eventTimeMs, readEvent } from '../events.ts';
import { ApiClient } from './client.ts';

let lab: Lab;
let dir: string;
let client: ApiClient;
before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-events-'));
  lab = await startLab({ dir, port: 0, otlpPort: 0 });
  client = new ApiClient(lab.url);
});
after(async () => {
  await lab.close();
  rmSync(dir, { recursive: true, force: true });
});

const NOW = 1_790_000_000_000;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('a time is RFC 3339, or Unix time as fine as its size says', () => {
  assert.equal(eventTimeMs('2026-09-21T13:46:40.250Z'), Date.UTC(2026, 8, 21, 13, 46, 40, 250));
  for (const time of [1_790_000_000, 1_790_000_000_000, 1_790_000_000_000_000, 1_790_000_000_000_000_000])
    assert.equal(eventTimeMs(time), NOW);
  assert.equal(eventTimeMs('1790000000'), NOW);
  for (const time of ['yesterday', -1, 0, {}, true && 'x']) assert.equal(eventTimeMs(time), null);
});

test('an event with the ids of a span is one; its fields fill the span, the rest are attributes', () => {
  const data = {
    'trace.trace_id': TRACE.toUpperCase(),
    'trace.span_id': SPAN,
    'trace.parent_id': 'a1a1a1a1a1a1a1a1',
    name: 'GET /feed',
    duration_ms: 12.5,
    'span.kind': 'server',
    status_code: 2,
    'service.name': 'murmur-api',
    'user.id': '7',
    nested: { a: 1 },
  };
  const read = readEvent({ data, samplerate: 5 }, 'somewhere', NOW);
  assert.ok('span' in read);
  const { span } = read;
  assert.deepEqual(
    [span.traceId, span.spanId, span.parentSpanId, span.name, span.kind, span.durationMs, span.startMs],
    [TRACE, SPAN, 'a1a1a1a1a1a1a1a1', 'GET /feed', 'SERVER', 12.5, NOW],
  );
  assert.equal(span.status.code, 'ERROR');
  assert.deepEqual(span.attributes, { 'user.id': '7', nested: '{"a":1}', sampleRate: 5 });
  assert.deepEqual(span.resource, { 'service.name': 'murmur-api' });
});

test('any other event is a row; one of a trace is an annotation there', () => {
  const row = (data: object) => {
    const read = readEvent({ data }, 'murmur-jobs', NOW);
    assert.ok('event' in read);
    return read.event;
  };
  assert.deepEqual(row({ job: 'x' }), {
    timeMs: NOW,
    sampleRate: 1,
    fields: { job: 'x' },
    resource: { 'service.name': 'murmur-jobs' },
  });
  const log = row({ 'trace.trace_id': TRACE, 'trace.parent_id': SPAN, body: 'hi' });
  assert.equal(log.fields['meta.annotation_type'], 'span_event');
  // An id that OpenTelemetry does not have stays a value.
  const odd = row({ 'trace.trace_id': 'order 66', 'trace.span_id': 'first' });
  assert.equal(odd.fields['trace.trace_id'], 'order 66');
});

test('what is wrong with an event is said of it alone', async () => {
  const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`f${n}`, n]));
  const batch = [
    { data: { ok: true } },
    { data: {} },
    { data: many },
    { data: { ok: 1 }, time: 'yesterday' },
    { data: { ok: 1 }, samplerate: 'often' },
    null,
  ];
  const answer = await client.ask('POST', '/1/batch/murmur-odd', batch);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, [
    { status: 202 },
    { status: 400, error: 'Request body should not be empty.' },
    { status: 400, error: 'Event has too many columns.' },
    { status: 400, error: 'Event has an invalid timestamp.' },
    { status: 400, error: 'Event has an invalid sample rate.' },
    { status: 400, error: 'Event data should be an object.' },
  ]);
  assert.deepEqual(await client.rowsOf('murmur-odd', { calculations: [{ op: 'COUNT' }] }), [{ COUNT: 1 }]);
  assert.equal((await client.ask('POST', '/1/batch/murmur-odd', { data: {} })).status, 400);
});

test('one event comes with its headers, and compressed if its sender likes', async () => {
  const time = new Date(Date.now() - 60_000).toISOString();
  const headers = { 'x-honeycomb-event-time': time, 'x-honeycomb-samplerate': '3' };
  const event = Buffer.from(JSON.stringify({ size: 2, '__proto__.x': 1 }));
  assert.equal((await client.ask('POST', '/1/events/murmur-one', event, headers)).status, 200);
  for (const [encoding, body] of [
    ['gzip', gzipSync(event)],
    ['zstd', zstdCompressSync(event)],
  ] as const) {
    const sent = await client.ask('POST', '/1/events/murmur-one', body, {
      ...headers,
      'content-encoding': encoding,
    });
    assert.equal(sent.status, 200, encoding);
  }
  const query = { calculations: [{ op: 'COUNT' }, { op: 'SUM', column: 'size' }], time_range: 120 };
  assert.deepEqual(await client.rowsOf('murmur-one', query), [{ COUNT: 9, 'SUM(size)': 18 }]);
  const bomb = gzipSync(Buffer.alloc(20_000_000, 32));
  const refused = await client.ask('POST', '/1/events/murmur-one', bomb, { 'content-encoding': 'gzip' });
  assert.equal(refused.status, 413);
});

test("a stock exporter that is pointed at Honeycomb's address of the lab sends its spans there", async () => {
  const exporter = new OTLPTraceExporter({
    url: `${lab.url}/v1/traces`,
    headers: { 'x-honeycomb-team': 'any' },
  });
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.getTracer('test').startSpan('from an SDK').end();
  await provider.shutdown();
  const named = {
    calculations: [{ op: 'COUNT' }],
    filters: [{ column: 'name', op: '=', value: 'from an SDK' }],
  };
  assert.deepEqual(await client.rowsOf('__all__', named), [{ COUNT: 1 }]);
  const without = await fetch(`${lab.url}/v1/traces`, { method: 'POST', body: '{}' });
  assert.equal(without.status, 401);
});
