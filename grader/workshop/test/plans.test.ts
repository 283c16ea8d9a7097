import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { refusalLines } from '../../report/index.ts';
import { goTo, type MoveOptions, progressText, resetPlan, skip, undo, undoPlan } from '../index.ts';
import {
  exerciseOf,
  exercises,
  makeMovingPlace,
  moveOptions,
  removePlace,
  writeTexts,
} from './support/moving-place.ts';

type Options = ReturnType<typeof moveOptions>;

async function inPlace(
  test: (options: Options, root: string, directory: string) => Promise<void>,
): Promise<void> {
  const directory = await makeMovingPlace();
  try {
    const options = moveOptions(directory);
    await test(options, options.place.root, directory);
  } finally {
    await removePlace(directory);
  }
}

const passed = (options: MoveOptions & Options, ...ids: string[]) =>
  writeTexts(options.place.workshop, {
    'progress.json': progressText({
      schema: 1,
      done: Object.fromEntries(ids.map((id) => [id, '2026-01-01T00:00:00.000Z'])),
      reopened: {},
      skipped: [],
      hints: {},
    }),
  });

describe('before a move is taken back', () => {
  test('there is nothing to say when nothing was done since', () =>
    inPlace(async (options) => {
      assert.equal(await undoPlan(options), null);
      await goTo(exerciseOf('3'), exercises, options);
      const plan = await undoPlan(options);
      assert.deepEqual([plan?.action, plan?.files, plan?.passes], ['goto 3', [], []]);
      assert.equal(plan && refusalLines(plan), null);
    }));

  test('what was written and passed since is named, with the time of the move', () =>
    inPlace(async (options, root) => {
      const { snapshot } = await goTo(exerciseOf('3'), exercises, options);
      await writeTexts(root, { 'app-backend/src/part-3.ts': '// mine\n', 'queries/mine.json': '{}\n' });
      await passed(options, '03-third');
      const plan = await undoPlan(options);
      assert.deepEqual(plan, {
        action: 'goto 3',
        since: snapshot.takenAt,
        files: ['app-backend/src/part-3.ts', 'queries/mine.json'],
        passes: ['03-third'],
      });
      const text = refusalLines(plan)?.join('\n') ?? '';
      assert.match(
        text,
        /^"goto 3" was at \d{4}-\d\d-\d\d \d\d:\d\d\. Taking it back takes what you did since:\n/,
      );
      assert.match(
        text,
        /queries\/mine\.json\n {2}03-third would no longer count as passed\nNothing was changed\./,
      );
      assert.match(text, /npm run undo -- --yes$/);
    }));

  test('a file that is as it was before the move is no loss', () =>
    inPlace(async (options, root) => {
      const path = join(root, 'app-backend/src/part-3.ts');
      const text = await readFile(path, 'utf8');
      await goTo(exerciseOf('3'), exercises, options);
      await writeFile(path, text);
      assert.deepEqual((await undoPlan(options))?.files, []);
    }));

  test('a skip takes no files with it', () =>
    inPlace(async (options, root) => {
      await skip(exerciseOf('2'), options);
      await writeTexts(root, { 'queries/mine.json': '{}\n' });
      assert.deepEqual((await undoPlan(options))?.files, []);
      assert.equal((await undo(options))?.action, 'skip 2');
    }));
});

describe('before an exercise is started over', () => {
  test('the files that would be replaced are named, those of earlier exercises, too', () =>
    inPlace(async (options, root) => {
      await goTo(exerciseOf('3'), exercises, options);
      assert.equal(refusalLines(await resetPlan(exerciseOf('3'), exercises, options)), null);
      await writeTexts(root, { 'app-backend/src/part-1.ts': '// mine\n' });
      await passed(options, '01-first', '03-third');
      const plan = await resetPlan(exerciseOf('3'), exercises, options);
      assert.deepEqual([plan.files, plan.passes], [['app-backend/src/part-1.ts'], ['03-third']]);
      const text = refusalLines(plan)?.join('\n') ?? '';
      assert.match(
        text,
        /^reset 3 replaces what you wrote, for the exercises before it, too, by the solutions:\n/,
      );
      assert.match(text, /npm run reset -- 3 --yes$/);
    }));
});

describe('goto', () => {
  test('keeps the empty slots of answers.json', () =>
    inPlace(async (options, root, directory) => {
      await writeTexts(join(directory, 'chain/0'), { 'answers.json': '{"01":null,"02":null,"03":null}\n' });
      await writeTexts(join(directory, 'chain/2'), { 'answers.json': '{"01":165,"02":"x"}\n' });
      await goTo(exerciseOf('3'), exercises, options);
      const answers: unknown = JSON.parse(await readFile(join(root, 'answers.json'), 'utf8'));
      assert.deepEqual(answers, { '01': 165, '02': 'x', '03': null });
      assert.deepEqual((await undoPlan(options))?.files, []);
    }));
});
