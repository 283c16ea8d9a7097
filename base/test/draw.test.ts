import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawFrom, freshSeed } from '../index.ts';

const many = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

test('the same seed and purpose draw the same values on every machine', () => {
  const draw = drawFrom(4711, '02-user-id');
  // Written down once: a change of the generator would make old seeds worthless.
  assert.deepEqual(
    many(6, () => draw.integer(0, 999)),
    [468, 999, 121, 170, 985, 782],
  );
  assert.deepEqual(
    many(2, () => draw.word()),
    ['pubovefe', 'diguvotu'],
  );
});

test('another seed or another purpose draws other values', () => {
  const numbers = (seed: number, purpose: string) => {
    const draw = drawFrom(seed, purpose);
    return many(8, () => draw.integer(0, 1_000_000)).join();
  };
  assert.equal(numbers(1, 'a'), numbers(1, 'a'));
  assert.notEqual(numbers(1, 'a'), numbers(2, 'a'));
  assert.notEqual(numbers(1, 'a'), numbers(1, 'b'));
  assert.notEqual(numbers(1, '1'), numbers(11, ''));
});

test('whole numbers hold both ends, and nothing beyond them', () => {
  const draw = drawFrom(7, 'ends');
  const drawn = new Set(many(300, () => draw.integer(3, 6)));
  assert.deepEqual([...drawn].sort(), [3, 4, 5, 6]);
});

test('every element is picked about as often', () => {
  const draw = drawFrom(7, 'picks');
  const counts = new Map<string, number>();
  for (const one of many(4000, () => draw.pick(['a', 'b', 'c', 'd'])))
    counts.set(one, (counts.get(one) ?? 0) + 1);
  // Four standard deviations of a fair draw are 110.
  for (const [one, count] of counts) assert.ok(Math.abs(count - 1000) < 110, `${one}: ${count}`);
  assert.equal(counts.size, 4);
});

test('a sample has no element twice and leaves the list as it was', () => {
  const draw = drawFrom(7, 'samples');
  const list = ['a', 'b', 'c', 'd', 'e'];
  for (const sample of many(50, () => draw.sample(list, 3))) assert.equal(new Set(sample).size, 3);
  assert.deepEqual(draw.sample(list, 5).toSorted(), list);
  assert.deepEqual(list, ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual(draw.sample(list, 0), []);
});

test('too much to ask for is said, not invented', () => {
  const draw = drawFrom(7, 'limits');
  assert.throws(() => draw.sample(['a'], 2), { name: 'RangeError', message: 'cannot draw 2 of 1' });
  assert.throws(() => draw.pick([]), RangeError);
});

test('a word has eight letters and can be said', () => {
  const draw = drawFrom(7, 'words');
  const words = many(200, () => draw.word());
  for (const word of words) assert.match(word, /^(?:[bdfgklmnprstvz][aeiou]){4}$/);
  assert.ok(new Set(words).size > 195);
});

test('keys are drawn as often as their weights say', () => {
  const draw = drawFrom(7, 'weights');
  const keys = many(4000, () => draw.weighted({ often: 3, seldom: 1, never: 0 }));
  const often = keys.filter((key) => key === 'often').length;
  // Four standard deviations of a fair draw are 110.
  assert.ok(Math.abs(often - 3000) < 110, String(often));
  assert.equal(keys.includes('never'), false);
  assert.throws(() => draw.weighted({}), RangeError);
});

test('numbers lie between 0 and 1', () => {
  const draw = drawFrom(7, 'numbers');
  for (const number of many(200, draw.number)) assert.ok(number >= 0 && number < 1);
});

test('a fresh seed is short enough to type', () => {
  for (const seed of many(50, freshSeed)) assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 1_000_000);
});
