import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import {
  chooseExercises,
  commandWord,
  currentExercise,
  type Exercise,
  loadManifest,
  type Progress,
  solutionBefore,
} from '../index.ts';

const THEN = '2026-01-01T00:00:00.000Z';

let directory: string;

async function exercise(id: string, readme: string, checks = true): Promise<void> {
  await mkdir(join(directory, id), { recursive: true });
  await writeFile(join(directory, id, 'README.md'), readme);
  if (checks) await writeFile(join(directory, id, 'checks.spec.ts'), '');
}

describe('the manifest', () => {
  let all: Exercise[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'manifest-'));
    await exercise('00-look', '# 00 · Look\n\nAbout 15 minutes. Needs nothing. New words: none.\n', false);
    await exercise('02-second', '# 02 · Second\n\nAbout 20 minutes. Needs 01. New words: a.\n');
    await exercise('01-first', '# 01 · First steps\n\nAbout 5 minutes. Needs nothing. New words: b.\n');
    await exercise('03-third', '# 03 · Third\r\n\r\nAbout 30 minutes. Needs 01 and 02. New words: c.\r\n');
    await exercise('02b-more', '# 02b · More\n\nAbout 10 minutes. Optional. Needs 02. New words: none.\n');
    await writeFile(join(directory, 'package.json'), '{}');
    all = await loadManifest(directory);
  });
  after(() => rm(directory, { recursive: true, force: true }));

  test('lists the exercises in order, as their READMEs declare them', () => {
    assert.deepEqual(
      all.map(({ number, title, minutes, needs, hasChecks }) => [
        number,
        title.trim(),
        minutes,
        needs,
        hasChecks,
      ]),
      [
        ['00', 'Look', 15, [], false],
        ['01', 'First steps', 5, [], true],
        ['02', 'Second', 20, ['01'], true],
        ['02b', 'More', 10, ['02'], true],
        ['03', 'Third', 30, ['01', '02'], true],
      ],
    );
  });

  test('refuses a README whose head says another number, or no time', async () => {
    await exercise('04b-more', '# 04b · More\n\nAbout 5 minutes. Needs 03.\n');
    await assert.rejects(loadManifest(directory), /"About N minutes\. Optional\."/);
    await rm(join(directory, '04b-more'), { recursive: true });
    for (const head of ['# 05 · Fourth\n\nAbout 5 minutes.\n', '# 04 · Fourth\n\nSome minutes.\n']) {
      await exercise('04-fourth', head);
      await assert.rejects(loadManifest(directory), (error: Error) => {
        assert.ok(error instanceof WorkshopError);
        assert.match(error.message, /exercises\/04-fourth\/README\.md must begin with "# 04/);
        return true;
      });
    }
    await rm(join(directory, '04-fourth'), { recursive: true });
  });

  const idsOf = (word: string): string[] => chooseExercises(word, all).map((one) => one.id);

  test('finds an exercise by number, by id and by range', () => {
    assert.deepEqual(idsOf('2'), ['02-second']);
    assert.deepEqual(idsOf('02'), ['02-second']);
    assert.deepEqual(idsOf('02-second'), ['02-second']);
    assert.deepEqual(idsOf('0-2'), ['01-first', '02-second']);
    assert.deepEqual(idsOf('2-9'), ['02-second', '03-third']);
  });

  test('has optional parts, which are found by name and belong to no range', () => {
    assert.deepEqual(idsOf('2b'), ['02b-more']);
    assert.deepEqual(idsOf('02b'), ['02b-more']);
    const [part] = chooseExercises('2b', all) as [Exercise];
    assert.equal(part.optional, true);
    assert.deepEqual([commandWord(part), solutionBefore(part)], ['2b', 2]);
    const done = { '01-first': THEN, '02-second': THEN };
    const progress: Progress = { schema: 1, done, reopened: {}, skipped: [], hints: {} };
    assert.equal(currentExercise(all, progress)?.id, '03-third', 'nothing waits for it');
  });

  test('says what there is for an unknown one, and the nearest', () => {
    assert.throws(() => chooseExercises('02-secnd', all), /Did you mean 02-second\?/);
    assert.throws(() => chooseExercises('17', all), /There are 01-first, 02-second, 02b-more, 03-third\./);
    assert.throws(() => chooseExercises('7-9', all), WorkshopError);
    assert.throws(() => chooseExercises('0', all), /00-look has no checks/);
  });
});
