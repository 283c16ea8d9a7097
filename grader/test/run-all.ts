/**
 * Runs the whole test suite, step after step, the quick ones first. All steps
 * run even if one fails, so that one run tells everything that is wrong.
 *
 *   node grader/test/run-all.ts              every step; submissions and mutants only where CI is set
 *   node grader/test/run-all.ts types lab    only these steps
 *
 * A new step is a new line in STEPS. Each step's output is kept in
 * .workshop/tests/<name>.log. The last line is "N passed, N failed". It counts
 * what the test runners counted; a step without tests counts as one.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');
const LOGS = join(ROOT, '.workshop', 'tests');

/** How a runner prints its totals; 'table' ends in "N passed, N failed", 'none' is not made of tests. */
export type Runner = 'none' | 'node' | 'jest' | 'vitest' | 'table';

export interface Step {
  name: string;
  runner: Runner;
  /** The program and its arguments. */
  command: string[];
  /** The step is ended and fails after this time. */
  limitMinutes: number;
  /** Takes minutes, so it runs where CI is set, or when it is asked for by name. */
  inCiOnly?: true;
}

export interface Result {
  name: string;
  ok: boolean;
  passed: number;
  failed: number;
  seconds: number;
  /** Why a step failed, if its exit code does not say it. */
  note?: string;
}

/** A tool installed at the root, run by the Node that runs this file. */
const tool = (path: string, ...args: string[]) => [process.execPath, join('node_modules', path), ...args];

/** A workspace's own script. `npm test` says where npm is, so no shell is needed, on Windows either. */
const script = (name: string, workspace: string): string[] => {
  const npm = process.env.npm_execpath;
  return [...(npm ? [process.execPath, npm] : ['npm']), 'run', name, '-w', workspace];
};

/** Test files of Node's own runner. `atOnce`: how many files run at the same time, for a machine of two cores. */
const nodeTests = (atOnce: number, ...patterns: string[]) => [
  process.execPath,
  '--test',
  '--test-reporter=spec',
  `--test-concurrency=${atOnce}`,
  ...patterns,
];

export const STEPS: Step[] = [
  {
    name: 'workspace',
    runner: 'node',
    command: nodeTests(2, 'grader/test/**/*.test.ts'),
    limitMinutes: 2,
  },
  {
    name: 'lint',
    runner: 'none',
    command: tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
    limitMinutes: 2,
  },
  {
    name: 'types',
    runner: 'none',
    command: tool('typescript/bin/tsc', '-p', 'tsconfig.json'),
    limitMinutes: 3,
  },
  { name: 'types-backend', runner: 'none', command: script('typecheck', 'app-backend'), limitMinutes: 3 },
  { name: 'base', runner: 'node', command: nodeTests(2, 'base/**/*.test.ts'), limitMinutes: 1 },
  {
    name: 'telemetry',
    runner: 'node',
    command: nodeTests(2, 'telemetry/**/*.test.ts'),
    limitMinutes: 3,
  },
  { name: 'lab', runner: 'node', command: nodeTests(2, 'lab/**/*.test.ts'), limitMinutes: 8 },
  { name: 'app-backend', runner: 'jest', command: script('test', 'app-backend'), limitMinutes: 4 },
  { name: 'app-frontend', runner: 'vitest', command: script('test', 'app-frontend'), limitMinutes: 4 },
  // A file of these may start a database and the learner's processes: one at a time keeps their times honest.
  { name: 'grader', runner: 'node', command: nodeTests(1, 'grader/!(test)/**/*.test.ts'), limitMinutes: 25 },
  // All of them take a quarter of an hour: `npm run submissions -- --all`, which the weekly workflow runs.
  {
    name: 'submissions',
    runner: 'table',
    command: [process.execPath, 'grader/cli/submissions.ts', '--sample'],
    limitMinutes: 20,
    inCiOnly: true,
  },
  {
    name: 'mutants',
    runner: 'table',
    command: [process.execPath, 'grader/cli/mutants.ts', '--sample'],
    limitMinutes: 15,
    inCiOnly: true,
  },
];

/** The last number that a pattern's first group finds, 0 if it finds none. */
function lastNumber(output: string, pattern: RegExp): number {
  return Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
}

/** The line of totals that jest ("Tests:") and vitest ("Tests ") print, without counting files. */
function totalsLine(output: string): string {
  return [...output.matchAll(/^\s*Tests:?\s+.*$/gm)].at(-1)?.[0] ?? '';
}

/** Tests that passed and failed, from the totals that a runner prints itself. */
export function readTotals(runner: Runner, printed: string): { passed: number; failed: number } {
  // Some runners colour their totals wherever CI is set.
  const output = stripVTControlCharacters(printed);
  if (runner === 'none') return { passed: 0, failed: 0 };
  if (runner === 'node') {
    const count = (word: string) => lastNumber(output, new RegExp(`^\\S+ ${word} (\\d+)$`, 'gm'));
    return { passed: count('pass'), failed: count('fail') + count('cancelled') };
  }
  const line = runner === 'table' ? output : totalsLine(output);
  return { passed: lastNumber(line, /(\d+) passed/g), failed: lastNumber(line, /(\d+) failed/g) };
}

/**
 * What a step's end means. A step of tests that ran no test is a failure: a
 * pattern that matches nothing would otherwise pass for ever.
 */
export function judgeStep(step: Step, exitCode: number | null, output: string, seconds: number): Result {
  const totals = readTotals(step.runner, output);
  const empty = step.runner !== 'none' && totals.passed + totals.failed === 0;
  const ok = exitCode === 0 && totals.failed === 0 && !empty;
  const result = { name: step.name, ok, seconds, ...totals };
  if (step.runner === 'none') return { ...result, passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
  if (ok) return result;
  const note =
    exitCode === null
      ? 'ended at its time limit or by a signal'
      : empty
        ? 'no test ran'
        : `exit code ${exitCode}`;
  // A runner can fail outside its tests, by a file that does not load for one: that counts, too.
  return { ...result, failed: Math.max(1, totals.failed), note };
}

/** Runs one step, prints its output as it comes and keeps it in a log. Never throws for a failing step. */
export async function runStep(step: Step, logs: string = LOGS): Promise<Result> {
  const began = performance.now();
  const [program = '', ...args] = step.command;
  // Set inside Node's own test runner, it would make a runner inside this one report to it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, `${step.name}.log`));
  let output = '';
  const exitCode = await new Promise<number | null>((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: step.limitMinutes * 60_000,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        log.write(text);
        process.stdout.write(text);
      });
    }
    child.on('error', (error) => {
      output += `${program} did not start: ${error.message}\n`;
      process.stdout.write(`${program} did not start: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', resolve);
  });
  log.end();
  await finished(log);
  return judgeStep(step, exitCode, output, (performance.now() - began) / 1000);
}

/** The closing table, ending in "N passed, N failed". */
export function summary(results: Result[]): string {
  const rows = results.map(({ name, ok, passed, failed, seconds, note }) =>
    [
      ok ? 'ok  ' : 'FAIL',
      name.padEnd(16),
      `${seconds.toFixed(1)} s`.padStart(8),
      `${passed} passed, ${failed} failed${note ? ` (${note})` : ''}`,
    ].join('  '),
  );
  const sum = (key: 'passed' | 'failed' | 'seconds') =>
    results.reduce((total, result) => total + result[key], 0);
  return [
    ...rows,
    `Took ${sum('seconds').toFixed(0)} s`,
    `${sum('passed')} passed, ${sum('failed')} failed`,
  ].join('\n');
}

/** The steps of a run: those that are named, else all that this place is for. */
export function stepsFor(names: readonly string[], ci: boolean): Step[] {
  return STEPS.filter((step) => (names.length > 0 ? names.includes(step.name) : ci || !step.inCiOnly));
}

async function main(names: string[]): Promise<number> {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`No such step: ${unknown.join(', ')}. Steps: ${STEPS.map((step) => step.name).join(', ')}`);
    return 2;
  }
  const chosen = stepsFor(names, Boolean(process.env.CI));
  const results: Result[] = [];
  for (const step of chosen) {
    console.log(`\n== ${step.name}`);
    const result = await runStep(step);
    results.push(result);
    console.log(`== ${step.name}: ${result.ok ? 'ok' : 'FAIL'} after ${result.seconds.toFixed(1)} s`);
  }
  console.log(`\n${summary(results)}`);
  return results.every((result) => result.ok) ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
