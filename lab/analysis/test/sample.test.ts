import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPartial, sampleOf } from '../sample.ts';

const totals = (count: number, sides: object): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, part) => ({ part, selected_children: 0, rest_roots: 0, ...sides }));

test('of a large table a few parts are looked at, spread over all of it', () => {
  const { sample, all } = sampleOf(totals(80, { selected: 2_500, rest: 100_000, rest_roots: 12_500 }));
  assert.deepEqual(all, { selected: 200_000, rest: 1_000_000 });
  assert.deepEqual(sample, { rootsOnly: true, parts: [0, 40, 20, 60], selectedEvery: 1, restEvery: 5 });
  assert.ok(isPartial(sample));
});

test('all of it is looked at when few are selected, or few are there', () => {
  const rare = sampleOf(totals(8, { selected: 10, rest: 100_000, selected_children: 3 })).sample;
  assert.deepEqual(rare, { rootsOnly: false, parts: null, selectedEvery: 1, restEvery: 80 });
  const small = sampleOf(totals(1, { selected: 10, rest: 30, selected_children: 3 })).sample;
  assert.equal(isPartial(small), false);
  assert.deepEqual(sampleOf([]).all, { selected: 0, rest: 0 });
});
