/**
 * Runs the whole test suite, step after step, the quick ones first. All steps
 * run even if one fails, so that one run tells everything that is wrong.
 *
 *   node grader/test/run-all.ts              every step; the slow ones only where CI is set
 *   node grader/test/run-all.ts types lab    only these steps
 *
 * A new step is a new line in steps.ts. Each step's output is kept in
 * .workshop/tests/<name>.log, its totals in <name>.json. The last line is
 * "N passed, N failed", and ", N skipped" when tests were. It counts what the
 * test runners counted; a step without tests counts as one.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { finished } from 'node:stream/promises';
import { repositoryRoot, workshopDirectory } from '@workshop/base';
import { type Part, STEPS, type Step, stepsFor } from './steps.ts';
import { readTotals, type Totals } from './totals.ts';

const LOGS = join(workshopDirectory, 'tests');

export interface Result extends Totals {
  name: string;
  part: Part;
  ok: boolean;
  seconds: number;
  /** Why a step failed, if its exit code does not say it. */
  note?: string;
}

/** How a step's process ended. */
export interface End {
  /** null: by a signal, or by its time limit */
  exitCode: number | null;
  output: string;
  /** what the runner wrote for programs; null: nothing */
  report: string | null;
  seconds: number;
}

/**
 * What a step's end means. A step of tests that ran no test is a failure: a
 * pattern that matches nothing would otherwise pass for ever.
 * @param skipsFail true where every test should be able to run
 */
export function judgeStep(step: Step, end: End, skipsFail: boolean): Result {
  const { name, part, source } = step;
  const { exitCode, seconds } = end;
  const totals = readTotals(source, end.report, end.output) ?? { passed: 0, failed: 0, skipped: [] };
  const { passed, failed, skipped } = totals;
  const notes = [
    exitCode === null ? 'ended at its time limit or by a signal' : null,
    exitCode !== null && exitCode !== 0 && failed === 0 && source !== 'exit-code'
      ? `exit code ${exitCode}`
      : null,
    source !== 'exit-code' && passed + failed === 0 ? 'no test ran' : null,
    skipsFail && skipped.length > 0 ? 'no test may be skipped here' : null,
  ].filter((note) => note !== null);
  const ok = exitCode === 0 && failed === 0 && notes.length === 0;
  return {
    ...{ name, part, ok, seconds, skipped },
    passed: source === 'exit-code' && ok ? 1 : passed,
    // A runner can fail outside its tests, by a file that does not load for one: that counts, too.
    failed: ok ? 0 : Math.max(1, failed),
    ...(notes.length > 0 ? { note: notes.join(', ') } : {}),
  };
}

/** Runs one step, prints its output as it comes and keeps it in a log. Never throws for a failing step. */
export async function runStep(step: Step, skipsFail: boolean, logs: string = LOGS): Promise<Result> {
  const began = performance.now();
  mkdirSync(logs, { recursive: true });
  const report = join(logs, `${step.name}.json`);
  rmSync(report, { force: true });
  const [program = '', ...args] = step.command(relative(repositoryRoot, report));
  // Set inside Node's own test runner, it would make a runner inside this one report to it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const log = createWriteStream(join(logs, `${step.name}.log`));
  let output = '';
  const say = (text: string): void => {
    output += text;
    log.write(text);
    process.stdout.write(text);
  };
  const exitCode = await new Promise<number | null>((resolve) => {
    const child = spawn(program, args, {
      cwd: repositoryRoot,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: step.limitMinutes * 60_000,
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', say);
    child.on('error', (error) => {
      say(`${program} did not start: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', resolve);
  });
  log.end();
  await finished(log);
  const seconds = (performance.now() - began) / 1000;
  const end: End = { exitCode, output, report: readIfThere(report), seconds };
  return judgeStep(step, end, skipsFail);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** "N passed, N failed", and what was skipped if anything was. */
function totalsText({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}

/** The closing table: the workshop's own part, the learner's, what was skipped, and "N passed, N failed". */
export function summary(results: Result[]): string {
  const row = (result: Result): string =>
    [
      result.ok ? 'ok  ' : 'FAIL',
      result.name.padEnd(16),
      `${result.seconds.toFixed(1)} s`.padStart(8),
      `${totalsText(result)}${result.note ? ` (${result.note})` : ''}`,
    ].join('  ');
  const parts = (['the workshop', 'your Murmur'] as const).flatMap((part) => {
    const rows = results.filter((result) => result.part === part).map(row);
    return rows.length > 0 ? [`Tests of ${part}`, ...rows] : [];
  });
  const skipped = results.flatMap(({ name, skipped: names }) =>
    names.map((test) => `skipped  ${name}: ${test}`),
  );
  const sum = (key: 'passed' | 'failed' | 'seconds') =>
    results.reduce((total, result) => total + result[key], 0);
  return [
    ...parts,
    ...skipped,
    `Took ${sum('seconds').toFixed(0)} s`,
    totalsText({
      passed: sum('passed'),
      failed: sum('failed'),
      skipped: results.flatMap((result) => result.skipped),
    }),
  ].join('\n');
}

async function main(names: string[]): Promise<number> {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`No such step: ${unknown.join(', ')}. Steps: ${STEPS.map((step) => step.name).join(', ')}`);
    return 2;
  }
  const ci = Boolean(process.env.CI);
  const results: Result[] = [];
  for (const step of stepsFor(names, ci)) {
    console.log(`\n== ${step.name}`);
    const result = await runStep(step, ci);
    results.push(result);
    console.log(`== ${step.name}: ${result.ok ? 'ok' : 'FAIL'} after ${result.seconds.toFixed(1)} s`);
  }
  console.log(`\n${summary(results)}`);
  return results.every((result) => result.ok) ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
