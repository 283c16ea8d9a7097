import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '@workshop/telemetry';
import { Database, MEMORY, RowBatchBuilder } from '../index.ts';

const span: Span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'GET /feed',
  kind: 'SERVER',
  startMs: 1000.25,
  durationMs: 20.5,
  status: { code: 'ERROR', message: 'boom' },
  attributes: { 'user.id': 4711, nested: { deep: { er: true } }, list: ['x', 1], name: 'hidden', gone: null },
  events: [{ name: 'exception', timeMs: 1010, attributes: { 'exception.type': 'QueryFailedError' } }],
  links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), attributes: { why: 'batch' } }],
  resource: { 'service.name': 'murmur-api', 'process.pid': 7 },
  scope: { name: '@opentelemetry/instrumentation-http', version: '1' },
};

async function rowsOf(spans: Span[]): Promise<Record<string, unknown>[]> {
  const database = await Database.open(MEMORY);
  const builder = new RowBatchBuilder();
  for (const item of spans) builder.add(item);
  await database.append([builder.build()]);
  const rows = await database.all(
    `select *, attrs::varchar as text, attrs['other'] as other from spans order by annotation_type nulls first`,
  );
  await database.close();
  return rows;
}

test('a span becomes one row, and one for each event and link, as Honeycomb makes them', async () => {
  const [own, link, event] = await rowsOf([span]);
  assert.ok(own && link && event);
  assert.equal(own.span_id, span.spanId);
  assert.equal(own.span_kind, 'server');
  assert.equal(own.status_code, 2);
  assert.equal(own.error, 'true');
  assert.equal(own.user_id, '4711');
  assert.equal(own.service, 'murmur-api');
  assert.equal(own.name, 'GET /feed', 'an attribute never replaces what the span says of itself');
  assert.match(String(own.text), /nested\.deep\.er=true/);
  assert.match(String(own.text), /exception\.type=QueryFailedError/, 'the exception is copied onto the span');
  assert.equal(event.annotation_type, 'span_event');
  assert.equal(event.span_id, null);
  assert.equal(event.duration_ms, null);
  assert.equal(event.parent_id, span.spanId);
  assert.equal(event.parent_name, 'GET /feed');
  assert.equal(event.start_ms, 1010);
  assert.equal(link.annotation_type, 'link');
  assert.equal(link.start_ms, 1000.25);
  assert.match(String(link.text), /trace\.link\.trace_id=c{32}/);
});

test('a span that did not fail has no error', async () => {
  const [own] = await rowsOf([{ ...span, status: { code: 'UNSET' }, events: [], links: [] }]);
  assert.equal(own?.error, null);
});

test('texts of any kind survive: empty, quotes, emoji, long, NUL', async () => {
  const word = `it's "x" 😀 ${'y'.repeat(3000)}`;
  const rows = await rowsOf([
    { ...span, attributes: { 'user.id': word, other: '', bad: 'a\0b' }, events: [], links: [] },
  ]);
  assert.equal(rows[0]?.user_id, word);
  assert.match(String(rows[0]?.text), /bad=a\ufffdb/);
});

test('more rows than a chunk holds keep their own values', async () => {
  const many = Array.from(
    { length: 5000 },
    (_, i): Span => ({
      ...span,
      spanId: i.toString(16).padStart(16, '0'),
      attributes: i % 3 === 0 ? { n: i } : {},
      events: [],
      links: [],
      parentSpanId: i % 2 === 0 ? undefined : 'e'.repeat(16),
    }),
  );
  const rows = await rowsOf(many);
  assert.equal(rows.length, 5000);
  for (const row of rows) {
    const number = Number.parseInt(String(row.span_id), 16);
    assert.equal(row.parent_id, number % 2 === 0 ? null : 'e'.repeat(16));
    assert.equal(String(row.text).includes(`n=${number}`), number % 3 === 0);
  }
});

const lengthsOf = (one: string): string[] =>
  [...Array(16).keys(), 200, 70_000].map((length) => one.repeat(length).slice(0, 60_000));
const EVERY_ALPHABET = ['a', 'é', '😀', '中a'].flatMap(lengthsOf);
/** Each is another one, so that what is written for one cannot pass for the next. */
const PLAIN_ALONE = ['a', 'GET /feed '].flatMap(lengthsOf).flatMap((text) => [text, `${text}b`, `c${text}d`]);

for (const [kind, texts] of Object.entries({
  'of every alphabet': EVERY_ALPHABET,
  'of ASCII alone': PLAIN_ALONE,
}))
  test(`texts ${kind} and every length come back, in columns and in attributes, also those that come again`, async () => {
    const many = Array.from({ length: 5000 }, (_, n): Span => {
      const text = texts[n % texts.length] as string;
      const spanId = n.toString(16).padStart(16, '0');
      return {
        ...span,
        spanId,
        name: text,
        attributes: { 'user.id': text, other: text, [`key ${n % 7}`]: 'x'.repeat(1 + (n % 31)) },
        events: [],
        links: [],
      };
    });
    const rows = await rowsOf(many);
    assert.equal(rows.length, many.length);
    for (const row of rows) {
      const n = Number.parseInt(String(row.span_id), 16);
      const text = texts[n % texts.length];
      assert.deepEqual([row.name, row.user_id, row.other], [text, text, text]);
      assert.match(String(row.text), new RegExp(`key ${n % 7}=x{${1 + (n % 31)}}}$`));
    }
  });
