import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '@workshop/telemetry';
import { compareTraces } from '../index.ts';

type Shape = [id: string, name: string, parent?: string, startMs?: number];

/** Spans of one trace; an id says where a span is looked for. */
function trace(traceId: string, shapes: readonly Shape[]): [Span, ...Span[]] {
  return shapes.map(([spanId, name, parentSpanId, startMs = 0]) => ({
    traceId: traceId.repeat(32),
    spanId,
    name,
    ...(parentSpanId !== undefined && { parentSpanId }),
    kind: 'INTERNAL',
    startMs,
    durationMs: 10,
    status: { code: 'UNSET' },
    attributes: {},
    events: [],
    links: [],
    resource: { 'service.name': 'murmur-api' },
    scope: { name: 'test' },
  })) as unknown as [Span, ...Span[]];
}

const pairsOf = (comparison: ReturnType<typeof compareTraces>): string[] =>
  comparison.pairs.map(({ a, b, moved }) => `${a}=${b}${moved ? ' moved' : ''}`).sort();

test('spans belong together by their place, below spans that belong together, in the order of their starts', () => {
  const a = trace('a', [
    ['a1', 'GET /feed'],
    ['a2', 'rank feed', 'a1', 1],
    ['a4', 'query', 'a2', 9],
    ['a3', 'query', 'a2', 2],
    ['a5', 'load', 'a1', 20],
    ['a6', 'query', 'a5', 21],
  ]);
  const b = trace('b', [
    ['b1', 'GET /feed'],
    ['b5', 'load', 'b1', 2],
    ['b6', 'query', 'b5', 3],
    ['b2', 'rank feed', 'b1', 10],
    ['b3', 'query', 'b2', 11],
  ]);
  const compared = compareTraces(a, b);
  assert.deepEqual(pairsOf(compared), ['a1=b1', 'a2=b2', 'a3=b3', 'a5=b5', 'a6=b6']);
  assert.deepEqual([compared.onlyA, compared.onlyB], [['a4'], []]);
  const place = compared.places.find((each) => each.a?.below === 'rank feed');
  assert.deepEqual([place?.a?.count, place?.b?.count, place?.a?.totalMs, place?.b?.totalMs], [2, 1, 20, 10]);
  assert.deepEqual(compared.differences, [
    '"query" below "rank feed": 2 times in the first trace, once in the second.',
  ]);
  assert.deepEqual([compared.a.name, compared.a.durationMs, compared.b.durationMs], ['GET /feed', 31, 21]);
});

test('what is below something else has moved, with what is below it; the rest is only in one', () => {
  const a = trace('a', [
    ['a1', 'GET /feed'],
    ['a2', 'rank feed', 'a1'],
    ['a3', 'query', 'a2'],
    ['a4', 'cache', 'a1'],
  ]);
  const b = trace('b', [
    ['b1', 'GET /feed'],
    ['b4', 'handler', 'b1'],
    ['b2', 'rank feed', 'b4'],
    ['b3', 'query', 'b2'],
  ]);
  const compared = compareTraces(a, b);
  assert.deepEqual(pairsOf(compared), ['a1=b1', 'a2=b2 moved', 'a3=b3']);
  assert.deepEqual([compared.onlyA, compared.onlyB], [['a4'], ['b4']]);
  assert.deepEqual(
    compared.places
      .filter(({ change }) => change !== 'same')
      .map(({ change, a, b }) => [change, a?.below, b?.below]),
    [
      ['moved', 'GET /feed', 'handler'],
      ['only-a', 'GET /feed', undefined],
      ['only-b', undefined, 'GET /feed'],
    ],
  );
});

test('two traces that lost their roots still have their other spans together', () => {
  const compared = compareTraces(
    trace('a', [
      ['a1', 'query', 'lost'],
      ['a2', 'query', 'lost', 5],
    ]),
    trace('b', [
      ['b2', 'query', 'gone', 5],
      ['b1', 'query', 'gone', 1],
    ]),
  );
  assert.deepEqual(pairsOf(compared), ['a1=b1', 'a2=b2']);
});

test('ten thousand spans, one below the other, are compared', () => {
  const deep = (letter: string): [Span, ...Span[]] =>
    trace(
      letter,
      Array.from(
        { length: 10_000 },
        (_, n): Shape => [`${letter}${n}`, `span ${n % 7}`, n ? `${letter}${n - 1}` : undefined, n],
      ),
    );
  assert.equal(compareTraces(deep('a'), deep('b')).pairs.length, 10_000);
});
