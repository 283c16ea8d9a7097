import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  currentExercise,
  type Progress,
  parseProgress,
  progressAfter,
  progressAtStartOf,
  readProgress,
  workedOn,
  writeProgress,
} from '../index.ts';
import { exerciseOf, exercises } from './support/moving-place.ts';

const EMPTY: Progress = { schema: 1, done: {}, reopened: {}, skipped: [], hints: {} };
const THEN = '2026-01-01T00:00:00.000Z';
const NOW = new Date('2026-02-02T00:00:00.000Z');

describe('the progress file', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'progress-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  test('is read as it was written, in a folder that need not be there', async () => {
    const file = join(directory, 'deep/progress.json');
    const progress: Progress = {
      schema: 1,
      done: { '01-first': THEN },
      reopened: { '02-second': THEN },
      skipped: ['02-second'],
      hints: { '03-third': 2 },
    };
    await writeProgress(progress, file);
    assert.deepEqual(await readProgress(file), progress);
    assert.deepEqual(await readdir(join(directory, 'deep')), ['progress.json']);
  });

  test('counts as empty when it is missing, broken, of another schema or of another shape', async () => {
    assert.deepEqual(await readProgress(join(directory, 'none.json')), EMPTY);
    const broken = join(directory, 'broken.json');
    await writeFile(broken, '{"schema":1,"done":');
    assert.deepEqual(await readProgress(broken), EMPTY);
    for (const text of ['null', '7', '[]', '{"schema":2,"done":{"01-first":"x"}}']) {
      assert.deepEqual(parseProgress(text), EMPTY, text);
    }
    assert.deepEqual(
      parseProgress('{"schema":1,"done":null,"skipped":"02","hints":{"a":-1,"b":"2","c":3}}'),
      { ...EMPTY, hints: { c: 3 } },
    );
  });
});

describe('the current exercise', () => {
  test('is the first with checks that is neither done nor skipped', () => {
    assert.equal(currentExercise(exercises, EMPTY)?.id, '01-first');
    const progress = { ...EMPTY, done: { '01-first': THEN }, skipped: ['02-second'] };
    assert.equal(currentExercise(exercises, progress)?.id, '03-third');
    assert.equal(
      currentExercise(exercises, { ...progress, done: { ...progress.done, '03-third': THEN } }),
      undefined,
    );
  });
});

describe('the progress after a grading', () => {
  const before: Progress = { ...EMPTY, done: { '01-first': THEN, '02-second': THEN }, skipped: ['03-third'] };

  test('reopens what does not pass any more', () => {
    const { progress, reopened } = progressAfter(
      before,
      [
        { id: '01-first', verdict: 'pass' },
        { id: '02-second', verdict: 'fail' },
      ],
      NOW,
    );
    assert.deepEqual(progress.done, { '01-first': THEN });
    assert.deepEqual(reopened, ['02-second']);
  });

  test('does so for a blocked one, and never for an error of the grader itself', () => {
    const verdicts = [
      { id: '01-first', verdict: 'error' },
      { id: '02-second', verdict: 'blocked' },
    ];
    assert.deepEqual(progressAfter(before, verdicts, NOW).progress.done, { '01-first': THEN });
  });

  test('opens nothing again while the program itself is broken', () => {
    const verdicts = [{ id: '01-first', verdict: 'fail', programBroken: true }];
    const { progress, reopened } = progressAfter(before, verdicts, NOW);
    assert.deepEqual(progress.done, before.done);
    assert.deepEqual(reopened, []);
  });

  test('keeps the time of the first pass, and ends skipping with a pass', () => {
    const verdicts = ['01-first', '03-third'].map((id) => ({ id, verdict: 'pass' }));
    const { progress, reopened } = progressAfter(before, verdicts, NOW);
    assert.equal(progress.done['01-first'], THEN);
    assert.equal(progress.done['03-third'], NOW.toISOString());
    assert.deepEqual(progress.skipped, []);
    assert.deepEqual(reopened, []);
    assert.equal(before.done['03-third'], undefined);
  });
});

describe('a regression', () => {
  const before: Progress = { ...EMPTY, done: { '01-first': THEN } };

  test('is mended on the way to the exercise that is worked on, and no pass is the first one twice', () => {
    const broken = progressAfter(before, [{ id: '01-first', verdict: 'fail' }], NOW);
    assert.deepEqual(broken.progress.reopened, { '01-first': THEN });
    assert.equal(currentExercise(exercises, broken.progress)?.id, '01-first');
    assert.equal(workedOn(exercises, broken.progress)?.id, '02-second');
    const verdicts = ['01-first', '02-second'].map((id) => ({ id, verdict: 'pass' }));
    const mended = progressAfter(broken.progress, verdicts, NOW);
    assert.deepEqual(mended.first, ['02-second']);
    assert.deepEqual(mended.progress.done, { '01-first': THEN, '02-second': NOW.toISOString() });
    assert.deepEqual(mended.progress.reopened, {});
    assert.deepEqual(progressAfter(mended.progress, verdicts, NOW).first, []);
  });
});

describe('the progress at the start of an exercise', () => {
  test('opens it and all after it, and counts what was not done before it as skipped', () => {
    const progress: Progress = {
      ...EMPTY,
      done: { '01-first': THEN, '03-third': THEN },
      hints: { '02-second': 1 },
    };
    assert.deepEqual(progressAtStartOf(exerciseOf('3'), exercises, progress), {
      ...progress,
      done: { '01-first': THEN },
      skipped: ['02-second'],
    });
    assert.deepEqual(progressAtStartOf(exerciseOf('1'), exercises, progress), {
      ...progress,
      done: {},
      skipped: [],
    });
  });
});
