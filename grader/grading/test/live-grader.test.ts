import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { chainFiles, hashTree, listTree, type TreePlace } from '../../tree/index.ts';
import { type LiveEvent, LiveGrader, readVerdict } from '../index.ts';

const PATIENCE_MS = 120_000;
const EXERCISE = '01-first-trace';

/** A learner's folder with the solution of 01 in it, their own API in a real process, and the grader beside it. */
describe('the live grader', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'live-'));
  const place: TreePlace = { root, workshop: path.join(root, '.workshop') };
  const events: LiveEvent[] = [];
  let grader: LiveGrader;

  const write = (file: string, change: (text: string) => string): void => {
    const target = path.join(root, file);
    writeFileSync(target, change(readFileSync(target, 'utf8')));
    grader.saving(file);
  };
  const comes = async <T extends LiveEvent['type']>(
    type: T,
    after = 0,
  ): Promise<Extract<LiveEvent, { type: T }>> => {
    const find = () => events.slice(after).find((event) => event.type === type);
    assert.ok(await until(() => find() !== undefined, { maxMs: PATIENCE_MS }), `no ${type}: ${told()}`);
    return find() as Extract<LiveEvent, { type: T }>;
  };
  const told = () => JSON.stringify(events.map(({ type, generation }) => [type, generation]));
  const isUsing = (event: LiveEvent) => event.type === 'grading' && event.step === 3;

  before(async () => {
    for (const [file, source] of await chainFiles(1)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      copyFileSync(source, path.join(root, file));
    }
    grader = new LiveGrader({
      environment: process.env,
      place,
      onEvent: (event) => events.push(event),
    });
  });
  after(async () => {
    await grader.end();
    rmSync(root, { recursive: true, force: true });
  });

  test('grades the current exercise in steps, remembers a pass, and names the next exercise', async () => {
    grader.gradeNow();
    const verdict = await comes('verdict');
    assert.deepEqual(
      [verdict.exercise, verdict.passed, verdict.first, verdict.hadVerdict, verdict.current],
      [EXERCISE, true, true, false, '02-user-id'],
    );
    const steps = events.flatMap((event) => (event.type === 'grading' ? [event.step] : []));
    assert.deepEqual([...new Set(steps)], [1, 2, 3, 4]);
    assert.deepEqual(grader.state, { phase: 'idle', generation: 0 });
    const record = await readVerdict(EXERCISE, place.workshop);
    assert.equal(record?.exercise.verdict, 'pass');
    assert.ok((record?.exercise.traces[0]?.spans.length ?? 0) > 5);
  });

  test('after a save tells at once that the verdict is old, and then what changed', async () => {
    grader.pin(EXERCISE);
    events.length = 0;
    write('answers.json', (text) => text.replace(/"01": [^,\n]+/, '"01": null'));
    assert.deepEqual(events, [{ type: 'save', generation: 1, file: 'answers.json', exercise: EXERCISE }]);
    assert.equal(grader.state.phase, 'pending');
    grader.settled();
    const verdict = await comes('verdict');
    assert.equal(verdict.generation, 1);
    assert.deepEqual(
      verdict.changes.map(({ id, from, to, text }) => [id, from, to, text]),
      [['answer', 'pass', 'fail', 'does not pass any more']],
    );
    assert.deepEqual(verdict.reopened, [EXERCISE]);
    // The files of app-backend are the same, so the API that ran already was used.
    const texts = events.flatMap((event) => (event.type === 'grading' ? [event.text] : []));
    assert.ok(!texts.includes('starting your Murmur'), texts.join(', '));
  });

  test('a save during a grading ends it without a verdict, and the newest files are graded', async () => {
    events.length = 0;
    write('app-backend/src/main.ts', (text) => `${text}\n// a comment\n`);
    grader.settled();
    assert.ok(await until(() => events.some(isUsing), { maxMs: PATIENCE_MS }), told());
    write('answers.json', (text) => text.replace('"01": null', '"01": "nothing of the kind"'));
    grader.settled();
    const verdict = await comes('verdict');
    assert.equal(verdict.generation, 3);
    assert.deepEqual(
      verdict.report.checks.filter((check) => check.verdict === 'fail').map(({ reason }) => reason),
      ['answer-wrong-form'],
    );
    assert.deepEqual(
      verdict.changes.map(({ text }) => text),
      ['fails for another reason now'],
    );
    const old = events.findIndex(({ generation, type }) => generation === 3 && type === 'save');
    assert.ok(
      events.slice(old).every(({ generation }) => generation === 3),
      told(),
    );
  });

  test('starts the files at the first change of a save, and drives them when they stand still', async () => {
    events.length = 0;
    write('app-backend/src/main.ts', (text) => `${text}\n// saved\n`);
    const isStarting = (event: LiveEvent) => event.type === 'grading' && event.step === 2;
    assert.ok(await until(() => events.some(isStarting), { maxMs: PATIENCE_MS }), told());
    grader.settled();
    const verdict = await comes('verdict');
    assert.equal(verdict.tree, await hashTree(await listTree(root)));
    const steps = events.flatMap((event) => (event.type === 'grading' ? [event.step] : []));
    assert.deepEqual([...new Set(steps)], [1, 2, 3, 4]);
    assert.deepEqual(steps, steps.toSorted(), 'it was started once');
  });

  test('of a save in several steps only the last state is graded', async () => {
    events.length = 0;
    write('answers.json', (text) => text.replace(/"01": [^,\n]+/, '"01": null'));
    assert.ok(
      await until(() => events.some(({ type }) => type === 'grading'), { maxMs: PATIENCE_MS }),
      told(),
    );
    // The API that runs is as good as a new one, so that nothing but the files is waited for.
    assert.ok(
      !(await until(() => events.some(isUsing), { maxMs: 1_500 })),
      'driven while files still change',
    );
    // A formatter comes after the editor, and is too fast for a second event.
    const answers = path.join(root, 'answers.json');
    writeFileSync(
      answers,
      readFileSync(answers, 'utf8').replace('"01": null', '"01": "nothing of the kind"'),
    );
    grader.settled();
    const { tree, report } = await comes('verdict');
    assert.equal(tree, await hashTree(await listTree(root)));
    assert.deepEqual(
      report.checks.filter((check) => check.verdict === 'fail').map(({ reason }) => reason),
      ['answer-wrong-form'],
    );
    assert.equal(events.filter(({ type }) => type === 'verdict').length, 1);
  });

  test('a grading process that ends is said, and the next save is graded by another', async () => {
    events.length = 0;
    write('app-backend/src/main.ts', (text) => `${text}\n// one more\n`);
    grader.settled();
    assert.ok(await until(() => events.some(isUsing), { maxMs: PATIENCE_MS }), told());
    const { pid } = grader;
    process.kill(pid as number, 'SIGKILL');
    const trouble = await comes('trouble');
    assert.match(trouble.message, /The grading process ended/);
    assert.equal(grader.state.phase, 'idle');
    grader.gradeNow();
    assert.equal((await comes('verdict')).generation, 6);
    assert.notEqual(grader.pid, pid);
  });

  test('goes on to the exercise that is worked on, when one that had broken is mended', async () => {
    grader.pin(null);
    events.length = 0;
    write('answers.json', (text) => text.replace('"01": "nothing of the kind"', '"01": 165'));
    grader.settled();
    const verdicts = () => events.flatMap((event) => (event.type === 'verdict' ? [event] : []));
    assert.ok(await until(() => verdicts().length > 1, { maxMs: PATIENCE_MS }), told());
    assert.deepEqual(
      verdicts().map(({ exercise, passed, first }) => [exercise, passed, first]),
      [
        [EXERCISE, true, false],
        ['02-user-id', false, false],
      ],
    );
    assert.equal(grader.state.phase, 'idle', 'what did not pass is not graded again by itself');
  });

  test('leaves no process when it ends', async () => {
    const { pid } = grader;
    await grader.end();
    assert.throws(() => process.kill(pid as number, 0), { code: 'ESRCH' });
  });
});
