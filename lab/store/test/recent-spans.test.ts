import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawFrom } from '@workshop/base';
import { RecentSpans } from '../recent-spans.ts';

const traceIdOf = (number: number) => number.toString(16).padStart(32, '0');
const spanIdOf = (number: number) => number.toString(16).padStart(16, '0');

test('a span is known until at least `size` others came after it, also one whose id two traces have', () => {
  const size = 20;
  for (let seed = 1; seed <= 50; seed++) {
    const draw = drawFrom(seed, 'recent spans');
    const recent = new RecentSpans(size);
    const inOrder: string[] = [];
    for (let step = 0; step < 300; step++) {
      const [trace, span] = [traceIdOf(draw.integer(0, 3)), spanIdOf(draw.integer(1, 31))];
      const id = `${trace} ${span}`;
      if (draw.integer(0, 9) === 0) {
        recent.remove(trace, span);
        if (inOrder.includes(id)) inOrder.splice(inOrder.indexOf(id), 1);
        continue;
      }
      const isNew = recent.add(trace, span);
      const after = inOrder.length - inOrder.indexOf(id);
      if (inOrder.includes(id) && after <= size)
        assert.equal(isNew, false, `${id} was forgotten, seed ${seed}`);
      if (!inOrder.includes(id)) assert.equal(isNew, true, `${id} was never there, seed ${seed}`);
      if (isNew && inOrder.includes(id)) inOrder.splice(inOrder.indexOf(id), 1);
      if (isNew) inOrder.push(id);
    }
  }
});

test('each of many is known, ids that differ in one digit too', () => {
  const recent = new RecentSpans(100_000);
  const ids = Array.from({ length: 20_000 }, (_, n) => [traceIdOf(n % 7), spanIdOf(n + 1)] as const);
  const alike = ids.map(([traceId, spanId]) => [`f${traceId.slice(1)}`, spanId] as const);
  for (const [traceId, spanId] of [...ids, ...alike]) assert.equal(recent.add(traceId, spanId), true);
  for (const [traceId, spanId] of [...ids, ...alike]) assert.equal(recent.add(traceId, spanId), false);
});

test('an id that is none of OTLP’s is never taken for a copy', () => {
  const recent = new RecentSpans(10);
  for (const [traceId, spanId] of [
    ['a trace', 'a span'],
    [traceIdOf(1), '0'.repeat(16)],
    ['f'.repeat(32), 'f'.repeat(16)],
    [traceIdOf(1), `${spanIdOf(1).slice(1)}x`],
    [traceIdOf(1), `${spanIdOf(1).slice(1)}é`],
  ] as const) {
    assert.equal(recent.add(traceId, spanId), true);
    assert.equal(recent.add(traceId, spanId), true);
    recent.remove(traceId, spanId);
  }
});
