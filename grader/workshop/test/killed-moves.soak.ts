import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkAfterMove,
  editSomething,
  type Model,
  makeMovingPlace,
  removePlace,
  runMove,
} from './support/moving-place.ts';

const KILLS = 50;

test(`${KILLS} kills of goto, reset and undo at random moments: the files are whole, before or after`, async (test) => {
  const directory = await makeMovingPlace();
  const seed = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 1e9));
  test.diagnostic(`SOAK_SEED=${seed}`);
  const random = mulberry32(seed);
  const model: Model = { tree: {}, stack: [] };
  const ends = { before: 0, after: 0, 'not killed': 0 };
  try {
    await editSomething(directory, model, 0);
    const whole = await runMove(directory, 'goto-3');
    await checkAfterMove(directory, 'goto-3', model);
    let killed = 0;
    for (let round = 1; killed < KILLS; round++) {
      assert.ok(round < 10 * KILLS, 'the moves end before they are killed');
      await editSomething(directory, model, round);
      const move = ['goto-1', 'goto-2', 'goto-3', 'reset-1', 'reset-2', 'undo', 'undo'][
        Math.floor(random() * 7)
      ] as string;
      // By a step half of the time, since files are replaced within a few of the milliseconds that a move takes.
      const kill =
        random() < 0.5
          ? { at: `#${1 + Math.floor(random() * whole.steps)}` }
          : { afterMs: random() * whole.ms };
      const end = await runMove(directory, move, kill);
      if (end.killed) killed++;
      const side = await checkAfterMove(directory, move, model);
      ends[end.killed ? side : 'not killed']++;
    }
    test.diagnostic(JSON.stringify(ends));
    assert.ok(ends.before > 0 && ends.after > 0);
  } finally {
    await removePlace(directory);
  }
});

/** A small seeded generator, so that a failure can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
