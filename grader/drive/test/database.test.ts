import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '@workshop/base';
import type { System } from '../../world/index.ts';
import { databaseActions } from '../actions/database.ts';

/** A database that counts how often its lock was released, and may fail to do so. */
function lockable(fails = false) {
  const seen = { released: 0 };
  const lock = async () => async () => {
    seen.released++;
    if (fails) throw new Error('the connection is gone');
  };
  return { seen, actions: databaseActions({ database: { lock } } as unknown as System) };
}

test('a lock is released once, when what was done meanwhile is over', async () => {
  const { seen, actions } = lockable();
  assert.equal(await actions.whileLocked('posts', async () => seen.released), 0);
  assert.equal(seen.released, 1);
});

test('a lock with a longest time goes before what is done meanwhile is over, and is not released twice', async () => {
  const { seen, actions } = lockable();
  const released = await actions.whileLocked('posts', () => until(async () => seen.released === 1), 1);
  assert.equal(released, true);
  assert.equal(seen.released, 1);
});

test('a lock that could not be released is told to who asked for it', async () => {
  const { seen, actions } = lockable(true);
  await assert.rejects(
    actions.whileLocked('posts', () => until(async () => seen.released === 1), 1),
    /the connection is gone/,
  );
});
