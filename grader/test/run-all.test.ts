import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  judgeStep,
  type Runner,
  readTotals,
  runStep,
  STEPS,
  type Step,
  stepsFor,
  summary,
} from './run-all.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-all-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const step = (runner: Runner, ...code: string[]): Step => ({
  name: `a-${runner}-step`,
  runner,
  command: [process.execPath, '--eval', code.join('\n')],
  limitMinutes: 0.5,
});

const NODE_TOTALS = 'ℹ tests 6\nℹ suites 1\nℹ pass 3\nℹ fail 1\nℹ cancelled 2\nℹ skipped 0\n';

describe('the steps of a run', () => {
  const names = (steps: { name: string }[]) => steps.map(({ name }) => name);

  it('are all of them where CI is set, and else all but submissions and mutants', () => {
    assert.deepEqual(names(stepsFor([], true)), names(STEPS));
    assert.deepEqual(
      names(stepsFor([], false)),
      names(STEPS).filter((name) => name !== 'submissions' && name !== 'mutants'),
    );
  });

  it('are those that were named', () => {
    assert.deepEqual(names(stepsFor(['submissions', 'lint'], false)), ['lint', 'submissions']);
  });
});

describe('totals', () => {
  it("are read from node's, jest's and vitest's own lines", () => {
    assert.deepEqual(readTotals('node', NODE_TOTALS), { passed: 3, failed: 3 });
    assert.deepEqual(
      readTotals(
        'jest',
        'Test Suites: 1 failed, 2 passed, 3 total\nTests:       4 failed, 15 passed, 19 total\n',
      ),
      { passed: 15, failed: 4 },
    );
    assert.deepEqual(
      readTotals('vitest', ' Test Files  2 passed (2)\n      Tests  1 failed | 7 passed (8)\n'),
      {
        passed: 7,
        failed: 1,
      },
    );
  });

  it('are read through the colours of a runner', () => {
    const coloured =
      '\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m87 passed\u001b[39m\u001b[22m (87)\n';
    assert.deepEqual(readTotals('vitest', coloured), { passed: 87, failed: 0 });
  });

  it("are read from a table's last line", () => {
    const table = 'ok  01  three passed, 4 failed\n\n12 passed, 2 failed\n';
    assert.deepEqual(readTotals('table', table), { passed: 12, failed: 2 });
  });

  it('of a runner that ran nothing fail the step', () => {
    const { ok, failed, note } = judgeStep(step('node'), 0, 'ℹ tests 0\nℹ pass 0\nℹ fail 0\n', 1);
    assert.deepEqual({ ok, failed, note }, { ok: false, failed: 1, note: 'no test ran' });
  });

  it('without a failure do not hide an exit code', () => {
    const { ok, passed, failed, note } = judgeStep(step('jest'), 1, 'Tests:  5 passed, 5 total', 1);
    assert.deepEqual({ ok, passed, failed, note }, { ok: false, passed: 5, failed: 1, note: 'exit code 1' });
  });
});

describe('a step', () => {
  it('that ends well passes, and its output is in its log', async () => {
    const result = await runStep(step('none', "console.log('to out'); console.error('to err');"), folder);
    assert.equal(result.ok, true);
    const lines = readFileSync(join(folder, 'a-none-step.log'), 'utf8').trim().split('\n');
    assert.deepEqual(lines.sort(), ['to err', 'to out']);
  });

  it('that ends badly, or does not start, fails without throwing', async () => {
    const results = [
      await runStep(step('none', 'process.exit(3)'), folder),
      await runStep({ ...step('none'), name: 'absent', command: ['no-such-program-of-ours'] }, folder),
    ];
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [false, false],
    );
    assert.match(summary(results), /\n0 passed, 2 failed$/);
  });

  it('that hangs is ended at its limit', async () => {
    const hanging = { ...step('node', 'setInterval(() => {}, 1000)'), limitMinutes: 0.5 / 60 };
    const { ok, note } = await runStep(hanging, folder);
    assert.deepEqual({ ok, note }, { ok: false, note: 'ended at its time limit or by a signal' });
  });

  it('that runs node --test inside these tests reports for itself', async () => {
    const inner = join(import.meta.dirname, 'committed-files.test.ts');
    const command = [
      process.execPath,
      '--test',
      '--test-reporter=spec',
      '--test-name-pattern=sound files',
      inner,
    ];
    const { passed, failed } = await runStep({ ...step('node'), command }, folder);
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 0 });
  });
});

describe('the table of steps', () => {
  it('names each step once', () => {
    assert.equal(new Set(STEPS.map(({ name }) => name)).size, STEPS.length);
  });

  it('reaches every test file of base, telemetry, lab and grader, once', () => {
    const root = join(import.meta.dirname, '..', '..');
    const files = globSync('{base,telemetry,lab,grader}/**/*.test.ts', {
      cwd: root,
      exclude: ['**/node_modules/**'],
    }).map((path) => path.replaceAll('\\', '/'));
    assert.ok(files.includes('grader/test/committed-files.test.ts'));
    const unreached = files.filter((path) => {
      const steps = STEPS.filter(({ command }) => command.some((part) => matchesGlob(path, part)));
      return steps.length !== 1;
    });
    assert.deepEqual(unreached, []);
  });
});
