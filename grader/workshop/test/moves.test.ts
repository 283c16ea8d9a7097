import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readSnapshots, snapshotFiles, WorkingTreeError } from '../../tree/index.ts';
import { goTo, parseProgress, progressText, reset, restore, skip, undo } from '../index.ts';
import {
  chainTexts,
  exerciseOf,
  exercises,
  makeMovingPlace,
  moveOptions,
  NOT_THE_TREES,
  placeOf,
  readTree,
  removePlace,
  runMove,
  sorted,
  textsOf,
  writeTexts,
} from './support/moving-place.ts';

const THEN = '2026-01-01T00:00:00.000Z';

/** A place with a learner's own work in it: 01 is done, a hint of 02 was read. */
async function atWork(test: (directory: string, root: string) => Promise<void>): Promise<void> {
  const directory = await makeMovingPlace();
  try {
    const { root, workshop } = placeOf(directory);
    await writeTexts(root, {
      'app-backend/src/my-tracing.ts': 'export const mine = 1;\n',
      'app-backend/src/part-1.ts': '// changed by me\n',
    });
    await writeTexts(workshop, {
      'progress.json': progressText({
        schema: 1,
        done: { '01-first': THEN },
        reopened: {},
        skipped: [],
        hints: { '02-second': 2 },
      }),
    });
    await test(directory, root);
  } finally {
    await removePlace(directory);
  }
}

const progressIn = async (directory: string) =>
  parseProgress(await readFile(join(placeOf(directory).workshop, 'progress.json'), 'utf8'));

describe('goto', () => {
  test('replaces the tree by the chain: nothing of the learner stays, nothing else is touched', () =>
    atWork(async (directory, root) => {
      const { paths } = await goTo(exerciseOf('3'), exercises, moveOptions(directory));
      assert.deepEqual(await readTree(root), sorted(chainTexts(2)));
      assert.ok(paths.removed.includes('app-backend/src/my-tracing.ts'));
      for (const [path, text] of Object.entries(NOT_THE_TREES)) {
        assert.equal(await readFile(join(root, path), 'utf8'), text);
      }
      await assert.rejects(stat(join(root, 'app-frontend/src/only-0')), { code: 'ENOENT' });
    }));

  test('keeps what is done before, counts the rest before as skipped, and opens the rest', () =>
    atWork(async (directory) => {
      await goTo(exerciseOf('3'), exercises, moveOptions(directory));
      assert.deepEqual(await progressIn(directory), {
        schema: 1,
        done: { '01-first': THEN },
        reopened: {},
        skipped: ['02-second'],
        hints: { '02-second': 2 },
      });
    }));

  test("keeps the learner's work in a snapshot that equals it", () =>
    atWork(async (directory, root) => {
      const before = await readTree(root);
      const { snapshot } = await goTo(exerciseOf('2'), exercises, moveOptions(directory));
      assert.deepEqual(await textsOf(await snapshotFiles(placeOf(directory), snapshot.id)), before);
    }));

  test('leaves a page alone that the chain does not have yet', () =>
    atWork(async (directory, root) => {
      await rm(join(directory, 'chain/1/app-frontend'), { recursive: true });
      await goTo(exerciseOf('2'), exercises, moveOptions(directory));
      assert.equal((await readTree(root))['app-frontend/src/only-0/page.ts'], '// tree 0\n');
    }));

  test('refuses to write through a symbolic link, and changes nothing', () =>
    atWork(async (directory, root) => {
      await rm(join(root, 'app-frontend/src'), { recursive: true });
      await mkdir(join(directory, 'elsewhere'));
      await symlink(join(directory, 'elsewhere'), join(root, 'app-frontend/src'), 'junction');
      const before = await readTree(root);
      await assert.rejects(goTo(exerciseOf('3'), exercises, moveOptions(directory)), (error: Error) => {
        assert.ok(error instanceof WorkingTreeError);
        assert.match(error.message, /app-frontend\/src is a symbolic link.*Nothing was changed\./);
        return true;
      });
      assert.deepEqual(await readTree(root), before);
    }));

  test('takes everything back when a file cannot be put in place', () =>
    atWork(async (directory, root) => {
      // What is left out of a tree is in the way: a folder where the chain has a file.
      await rm(join(root, 'app-backend/src/feed'), { recursive: true });
      await writeTexts(root, { 'app-backend/src/feed/node_modules/x.js': 'x' });
      const before = await readTree(root);
      await assert.rejects(goTo(exerciseOf('2'), exercises, moveOptions(directory)));
      assert.deepEqual(await readTree(root), before);
      assert.deepEqual((await progressIn(directory)).skipped, []);
      assert.equal(await undo(moveOptions(directory)), null);
    }));

  test('says so when the disk is full, and changes nothing', { skip: process.platform === 'win32' }, () =>
    atWork(async (directory, root) => {
      // A limit on the size of a file fails a write as a full disk does.
      await writeTexts(root, { 'app-backend/src/large.sql': 'x'.repeat(256 * 1024) });
      const before = await readTree(root);
      const { code, output } = await limitedMove(directory, 'goto-3');
      assert.notEqual(code, 0);
      assert.match(
        output,
        /The disk is full \(EFBIG\)\. Your files could not be copied aside, so nothing was changed\./,
      );
      assert.deepEqual(await readTree(root), before);
      assert.deepEqual(await readSnapshots(placeOf(directory)), []);
      await goTo(exerciseOf('3'), exercises, moveOptions(directory));
      assert.deepEqual(await readTree(root), sorted(chainTexts(2)));
    }),
  );

  test('keeps the right to run a file', { skip: process.platform === 'win32' }, () =>
    atWork(async (directory, root) => {
      await writeTexts(root, { 'app-backend/run.sh': '#!/bin/sh\n' });
      await chmod(join(root, 'app-backend/run.sh'), 0o755);
      await goTo(exerciseOf('3'), exercises, moveOptions(directory));
      await undo(moveOptions(directory));
      assert.equal((await stat(join(root, 'app-backend/run.sh'))).mode & 0o777, 0o755);
    }),
  );

  test('waits for another command that is at it', () =>
    atWork(async (directory, root) => {
      await Promise.all([
        runMove(directory, 'goto-3'),
        runMove(directory, 'goto-2'),
        runMove(directory, 'goto-1'),
      ]);
      const { moves } = JSON.parse(await readFile(join(placeOf(directory).workshop, 'history.json'), 'utf8'));
      assert.equal(moves.length, 3);
      const last = Number(moves[2].action.split(' ')[1]);
      assert.deepEqual(await readTree(root), sorted(chainTexts(last - 1)));
    }));
});

describe('reset', () => {
  test('starts an exercise over: the chain before it, its hints from the first', () =>
    atWork(async (directory, root) => {
      await reset(exerciseOf('2'), exercises, moveOptions(directory));
      assert.deepEqual(await readTree(root), sorted(chainTexts(1)));
      assert.deepEqual(await progressIn(directory), {
        schema: 1,
        done: { '01-first': THEN },
        reopened: {},
        skipped: [],
        hints: {},
      });
    }));
});

describe('skip', () => {
  test('changes the progress alone, and undo takes only that back', () =>
    atWork(async (directory, root) => {
      await skip(exerciseOf('2'), moveOptions(directory));
      assert.deepEqual((await progressIn(directory)).skipped, ['02-second']);
      await writeTexts(root, { 'app-backend/src/later.ts': 'work of two hours\n' });
      const before = await readTree(root);
      const undone = await undo(moveOptions(directory));
      assert.equal(undone?.action, 'skip 2');
      assert.deepEqual(await readTree(root), before);
      assert.deepEqual((await progressIn(directory)).skipped, []);
    }));
});

describe('undo', () => {
  test('takes back move after move, files and progress', () =>
    atWork(async (directory, root) => {
      const first = await readTree(root);
      await goTo(exerciseOf('3'), exercises, moveOptions(directory));
      await writeTexts(root, { 'app-backend/src/second-work.ts': 'x\n' });
      const second = await readTree(root);
      await reset(exerciseOf('1'), exercises, moveOptions(directory));

      assert.equal((await undo(moveOptions(directory)))?.left, 1);
      assert.deepEqual(await readTree(root), second);
      assert.deepEqual((await progressIn(directory)).skipped, ['02-second']);
      assert.equal((await undo(moveOptions(directory)))?.left, 0);
      assert.deepEqual(await readTree(root), first);
      assert.deepEqual((await progressIn(directory)).skipped, []);
      assert.equal(await undo(moveOptions(directory)), null);
    }));

  test('keeps what was there before it, and that can be had back', () =>
    atWork(async (directory, root) => {
      await goTo(exerciseOf('3'), exercises, moveOptions(directory));
      await writeTexts(root, { 'app-backend/src/after-goto.ts': 'not to be lost\n' });
      const work = await readTree(root);
      const undone = await undo(moveOptions(directory));
      assert.notDeepEqual(await readTree(root), work);
      await restore(undone?.snapshot.id ?? '', moveOptions(directory));
      assert.deepEqual(await readTree(root), work);
    }));

  test('says when a snapshot is gone, and changes nothing', () =>
    atWork(async (directory, root) => {
      const { snapshot } = await goTo(exerciseOf('3'), exercises, moveOptions(directory));
      await rm(join(placeOf(directory).workshop, 'snapshots', snapshot.id), { recursive: true });
      await assert.rejects(undo(moveOptions(directory)), /There is no snapshot/);
      await assert.rejects(restore('../../etc', moveOptions(directory)), /There is no snapshot/);
      assert.deepEqual(await readTree(root), sorted(chainTexts(2)));
    }));

  test('survives a history that somebody broke', () =>
    atWork(async (directory) => {
      await writeFile(join(placeOf(directory).workshop, 'history.json'), '{"schema":1,"moves":[null,');
      assert.equal(await undo(moveOptions(directory)), null);
      await goTo(exerciseOf('2'), exercises, moveOptions(directory));
      assert.equal((await undo(moveOptions(directory)))?.action, 'goto 2');
    }));
});

/** A move in a process that may write no file of more than 32 KiB. */
async function limitedMove(
  directory: string,
  move: string,
): Promise<{ code: number | null; output: string }> {
  const script = join(import.meta.dirname, 'support/move-child.ts');
  const child = spawn(
    '/bin/sh',
    ['-c', 'ulimit -f 64; exec "$0" "$@"', process.execPath, script, directory, move],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}
