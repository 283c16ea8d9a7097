import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../index.ts';

test('a condition that comes true ends the waiting', async () => {
  let looks = 0;
  assert.equal(await until(() => ++looks === 3, { everyMs: 1 }), true);
  assert.equal(looks, 3);
});

test('a condition that stays false ends it at the limit', async () => {
  const began = performance.now();
  assert.equal(await until(async () => false, { maxMs: 30, everyMs: 1 }), false);
  assert.ok(performance.now() - began >= 30);
});

test('nobody waits for what will never come true', async () => {
  let looks = 0;
  assert.equal(await until(() => ++looks > 99, { maxMs: 60_000, giveUp: () => looks === 2 }), false);
  assert.equal(looks, 2);
});

test('what the condition throws is thrown', async () => {
  await assert.rejects(
    until(() => {
      throw new Error('no such page');
    }),
    /no such page/,
  );
});
