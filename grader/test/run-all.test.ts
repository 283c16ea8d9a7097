import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { after, describe, test } from 'node:test';
import { repositoryRoot } from '@workshop/base';
import { type End, judgeStep, type Result, runStep, summary } from './run-all.ts';
import { STEPS, type Step, stepsFor } from './steps.ts';
import { readTotals, type Source } from './totals.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-all-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const step = (source: Source, ...code: string[]): Step => ({
  name: `a-${source}-step`,
  part: 'the workshop',
  source,
  command: () => [process.execPath, '--eval', code.join('\n')],
  limitMinutes: 0.5,
});

/** A step of Node's own runner over one file with this text. */
const nodeStep = (name: string, text: string): Step => {
  const file = join(folder, `${name}.test.mjs`);
  writeFileSync(
    file,
    `import { describe, test } from 'node:test';\nimport assert from 'node:assert';\n${text}`,
  );
  const known = STEPS.find(({ source }) => source === 'node') as Step;
  const command = (report: string) => [...known.command(report).filter((part) => !part.includes('*')), file];
  return { ...known, name, command };
};

const JEST_REPORT = {
  numPassedTests: 15,
  numFailedTests: 4,
  numRuntimeErrorTestSuites: 1,
  testResults: [
    {
      assertionResults: [
        { status: 'passed', fullName: 'a' },
        { status: 'failed', fullName: 'b' },
        { status: 'pending', fullName: 'needs a browser' },
        { status: 'todo', fullName: 'not written' },
      ],
    },
  ],
};

describe('the steps of a run', () => {
  const names = (steps: { name: string }[]) => steps.map(({ name }) => name);

  test('are all of them where CI is set, and else all but the slow ones', () => {
    assert.deepEqual(names(stepsFor([], true)), names(STEPS));
    assert.deepEqual(
      names(stepsFor([], false)),
      names(STEPS).filter((name) => name !== 'submissions' && name !== 'mutants'),
    );
  });

  test('are those that were named', () => {
    assert.deepEqual(names(stepsFor(['submissions', 'lint'], false)), ['lint', 'submissions']);
  });
});

describe('totals', () => {
  test("are read from jest's and vitest's report, with files that did not load as failures", () => {
    for (const source of ['jest', 'vitest'] as const) {
      assert.deepEqual(readTotals(source, JSON.stringify(JEST_REPORT), ''), {
        passed: 15,
        failed: 5,
        skipped: ['needs a browser', 'not written'],
      });
    }
  });

  test("are read from a program's last line, and from no other", () => {
    const table = 'ok  01  three passed, 4 failed\n9 passed, 9 failed\n\n12 passed, 2 failed\n';
    assert.deepEqual(readTotals('last-line', null, table), { passed: 12, failed: 2, skipped: [] });
    assert.equal(readTotals('last-line', null, `${table}It ended early.\n`), null);
  });

  test('are absent without a report', () => {
    assert.equal(readTotals('node', null, 'ℹ pass 3'), null);
    assert.equal(readTotals('jest', null, 'Tests: 3 passed'), null);
  });
});

describe('what the end of a step means', () => {
  const end = (exitCode: number | null, report: object | null): End => ({
    exitCode,
    output: '',
    report: report && JSON.stringify(report),
    seconds: 1,
  });
  const judged = (given: End, skipsFail = false): Partial<Result> => {
    const { ok, passed, failed, note } = judgeStep(step('node'), given, skipsFail);
    return { ok, passed, failed, ...(note ? { note } : {}) };
  };
  const totals = (passed: number, failed: number, ...skipped: string[]) => ({ passed, failed, skipped });

  test('all passed', () => {
    assert.deepEqual(judged(end(0, totals(5, 0))), { ok: true, passed: 5, failed: 0 });
  });

  test('no test ran, or the runner did not come to its end: a failure', () => {
    const nothing = { ok: false, passed: 0, failed: 1, note: 'no test ran' };
    assert.deepEqual(judged(end(0, totals(0, 0))), nothing);
    assert.deepEqual(judged(end(0, null)), nothing);
  });

  test('an exit code is not hidden by tests that passed', () => {
    const failed = { ok: false, passed: 5, failed: 1, note: 'exit code 7' };
    assert.deepEqual(judged(end(7, totals(5, 0))), failed);
  });

  test('a skipped test is counted, and a failure where every test should run', () => {
    const skipped = end(0, totals(5, 0, 'needs a browser'));
    assert.deepEqual(judged(skipped), { ok: true, passed: 5, failed: 0 });
    assert.deepEqual(judged(skipped, true), {
      ok: false,
      passed: 5,
      failed: 1,
      note: 'no test may be skipped here',
    });
  });
});

describe('the summary', () => {
  test("tells the workshop's part from the learner's, and names what was skipped", () => {
    const result: Result = {
      ...{ name: 'grader', part: 'the workshop', ok: true, passed: 3, failed: 0, seconds: 1.25 },
      skipped: ['a page (no browser)'],
    };
    const text = summary([
      result,
      { ...result, name: 'app-backend', part: 'your Murmur', ok: false, failed: 1, skipped: [] },
    ]);
    assert.deepEqual(text.split('\n'), [
      'Tests of the workshop',
      'ok    grader               1.3 s  3 passed, 0 failed, 1 skipped',
      'Tests of your Murmur',
      'FAIL  app-backend          1.3 s  3 passed, 1 failed',
      'skipped  grader: a page (no browser)',
      'Took 3 s',
      '6 passed, 1 failed, 1 skipped',
    ]);
  });

  test('ends in the two numbers alone when nothing was skipped', () => {
    assert.match(summary([]), /\n0 passed, 0 failed$/);
  });
});

describe('a step', () => {
  test('that ends well passes, and its output is in its log', async () => {
    const saying = step('exit-code', "console.log('to out'); console.error('to err');");
    assert.equal((await runStep(saying, true, folder)).ok, true);
    const lines = readFileSync(join(folder, 'a-exit-code-step.log'), 'utf8').trim().split('\n');
    assert.deepEqual(lines.sort(), ['to err', 'to out']);
  });

  test('that ends badly, or does not start, fails without throwing', async () => {
    const absent = { ...step('exit-code'), name: 'absent', command: () => ['no-such-program-of-ours'] };
    const results = [
      await runStep(step('exit-code', 'process.exit(3)'), false, folder),
      await runStep(absent, false, folder),
    ];
    assert.deepEqual(
      results.map(({ ok, failed }) => [ok, failed]),
      [
        [false, 1],
        [false, 1],
      ],
    );
  });

  test('that hangs is ended at its limit', async () => {
    const hanging = { ...step('last-line', 'setInterval(() => {}, 1000)'), limitMinutes: 0.5 / 60 };
    const { ok, note } = await runStep(hanging, false, folder);
    assert.deepEqual(
      { ok, note },
      { ok: false, note: 'ended at its time limit or by a signal, no test ran' },
    );
  });

  test('of node --test has its totals, a suite that is skipped as a whole among them', async () => {
    const { passed, failed, skipped } = await runStep(
      nodeStep(
        'mixed',
        `describe('works', () => { test('one', () => {}); test('two', () => {}); test('not', { skip: 'no disk' }, () => {}); });
         describe('a page', { skip: 'no browser' }, () => { test('never seen', () => {}); });
         test('fails', () => assert.ok(false));`,
      ),
      false,
      folder,
    );
    assert.deepEqual(
      { passed, failed, skipped },
      {
        passed: 2,
        failed: 1,
        skipped: ['not (no disk)', 'a page (no browser)'],
      },
    );
  });

  test('of node --test whose file does not load fails', async () => {
    const { ok, failed } = await runStep(nodeStep('broken', "import './absent.mjs';"), false, folder);
    assert.deepEqual({ ok, failed }, { ok: false, failed: 1 });
  });
});

describe('the table of steps', () => {
  test('names each step once', () => {
    assert.equal(new Set(STEPS.map(({ name }) => name)).size, STEPS.length);
  });

  test('reaches every test file of base, telemetry, lab and grader, once', () => {
    const files = globSync('{base,telemetry,lab,grader}/**/*.test.ts', {
      cwd: repositoryRoot,
      exclude: ['**/node_modules/**'],
    }).map((path) => path.replaceAll('\\', '/'));
    assert.ok(files.includes('grader/test/walls.test.ts'));
    const unreached = files.filter((path) => {
      const steps = STEPS.filter(({ command }) => command('x').some((part) => matchesGlob(path, part)));
      return steps.length !== 1;
    });
    assert.deepEqual(unreached, []);
  });

  test('lints everything once, the workshop apart from what the learner writes', () => {
    const [workshop = [], murmur = []] = ['lint', 'lint-murmur'].map((name) =>
      STEPS.find((one) => one.name === name)
        ?.command('x')
        .slice(4),
    );
    for (const path of ['grader', 'exercises', '.dependency-cruiser.mjs', 'biome.json']) {
      assert.ok(workshop.includes(path), path);
    }
    assert.deepEqual(
      murmur.filter((path) => workshop.includes(path)),
      [],
    );
    assert.ok(murmur.includes('app-backend') && murmur.includes('answers.json'));
  });
});
