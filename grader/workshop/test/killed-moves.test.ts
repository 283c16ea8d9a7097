import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readSnapshots, repairWorkingTree, snapshotFiles } from '../../tree/index.ts';
import {
  chainTexts,
  checkAfterMove,
  editSomething,
  type Model,
  makeMovingPlace,
  placeOf,
  readTree,
  removePlace,
  runMove,
  sorted,
  textsOf,
} from './support/moving-place.ts';

describe('a move that is killed leaves the files whole, before or after', () => {
  let directory: string;
  const model: Model = { tree: {}, stack: [] };

  before(async () => {
    directory = await makeMovingPlace();
  });
  after(() => removePlace(directory));

  const KILLS = [
    ['goto-3', 'snapshot', 'before'],
    ['goto-3', 'stage', 'before'],
    ['goto-2', 'journal', 'before'],
    ['goto-2', 'journal written', 'after'],
    ['reset-3', 'remove:2', 'after'],
    ['reset-1', 'replace:5', 'after'],
    ['undo', 'replace:2', 'after'],
    ['undo', 'record', 'after'],
    ['undo', 'remove the journal', 'after'],
  ] as const;
  for (const [round, [move, at, expected]] of KILLS.entries()) {
    test(`${move}, killed at "${at}": ${expected}`, async () => {
      await editSomething(directory, model, round);
      const { killed } = await runMove(directory, move, { at });
      assert.ok(killed);
      assert.equal(await checkAfterMove(directory, move, model), expected);
    });
  }

  test('and one that nobody kills does it', async () => {
    await editSomething(directory, model, 99);
    const { killed } = await runMove(directory, 'goto-2');
    assert.equal(killed, false);
    assert.equal(await checkAfterMove(directory, 'goto-2', model), 'after');
  });
});

describe('the command after a killed one', () => {
  test('keeps what the learner wrote in between, in a snapshot', async () => {
    const directory = await makeMovingPlace();
    try {
      const place = placeOf(directory);
      await runMove(directory, 'goto-3', { at: 'replace:4' });
      await writeFile(join(place.root, 'app-backend/src/part-7.ts'), '// typed into a mixed tree\n');
      const repair = await repairWorkingTree(place);
      assert.equal(repair?.action, 'goto 3');
      assert.equal(repair.ended, 'finished');
      assert.deepEqual(await readTree(place.root), sorted(chainTexts(2)));
      const kept = await textsOf(await snapshotFiles(place, repair.rescued ?? ''));
      assert.equal(kept['app-backend/src/part-7.ts'], '// typed into a mixed tree\n');
    } finally {
      await removePlace(directory);
    }
  });

  test('takes the move back when it cannot be finished', async () => {
    const directory = await makeMovingPlace();
    try {
      const place = placeOf(directory);
      const was = await readTree(place.root);
      await runMove(directory, 'goto-3', { at: 'replace:4' });
      assert.notDeepEqual(await readTree(place.root), was);
      await rm(join(place.workshop, 'replacing/files'), { recursive: true });
      const repair = await repairWorkingTree(place);
      assert.equal(repair?.ended, 'rolled-back');
      assert.deepEqual(await readTree(place.root), was);
      assert.equal(await repairWorkingTree(place), null);
      assert.equal((await readSnapshots(place)).length, 1);
    } finally {
      await removePlace(directory);
    }
  });
});
