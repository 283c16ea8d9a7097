import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { type Evidence, evidenceText } from '../evidence/index.ts';
import { isReason } from './reasons.ts';
import { type CheckResult, type ExerciseVerdict, exerciseVerdict, type Failure } from './verdict.ts';

const HOST = Symbol.for('workshop.judge');
const checksDirectory = join(repositoryRoot, 'exercises');

export interface Judgement {
  exercise: string;
  verdict: ExerciseVerdict;
  checks: CheckResult[];
  /** numbers of this run for done.md, by name */
  told: Record<string, string | number>;
  ms: number;
  /** why the checks could not be run at all; the grader's own fault */
  trouble: string | null;
}

interface Done {
  id: string | null;
  title: string;
  ms: number;
  told: Record<string, string | number>;
  thrown: {
    name: string;
    message: string;
    stack: string;
    failure: Failure | null;
    blockedBy: string[] | null;
  } | null;
}

/**
 * Judges nothing once, so that Jest and the spec files are loaded and compiled while the learner's system starts: the
 * first judgement in a process costs about 0.4 s more than those after it.
 */
export async function warmUp(exercises: readonly string[]): Promise<void> {
  const nothing = exercises.map(
    (exercise): Evidence => ({
      schema: 1,
      exercise,
      seed: 0,
      tree: { hash: '', label: 'nothing' },
      startedAt: '',
      driveMs: 0,
      drive: { state: 'not-started' },
      facts: {},
      requests: [],
      processes: [],
      spans: [],
      unended: [],
      settled: true,
      wire: [],
      answers: { state: 'missing' },
      queries: {},
    }),
  );
  await judge(nothing);
}

/**
 * Judges evidence by running each exercise's checks.spec.ts over it, with Jest in this process.
 * A pure function of the evidence and the spec files: no system runs and nothing is sent.
 *
 * @param exercisesDir the folder that holds `NN-name/checks.spec.ts`
 */
export async function judge(
  evidences: readonly Evidence[],
  exercisesDir = checksDirectory,
): Promise<Judgement[]> {
  const began = performance.now();
  const checks = evidences.map((evidence) => ({ exercise: evidence.exercise, evidence }));
  const ran = await runChecks(checks, exercisesDir);
  const ms = performance.now() - began;
  return evidences.map((evidence) => judgementOf(evidence, ran(evidence.exercise), ms));
}

/** An exercise's checks, loaded, in wait of evidence. No others can be loaded or judged meanwhile. */
export interface LoadedChecks {
  /** Judges it, as `judge` does. To be called once. */
  judge(evidence: Evidence): Promise<Judgement>;
  /** There will be no evidence. After `judge` it does nothing. */
  drop(): void;
  /** resolves when others can be loaded, and never rejects */
  over: Promise<void>;
}

/**
 * Loads an exercise's checks while its evidence is still being gathered: that takes Jest some 80 ms, and with the
 * evidence at hand judging takes a few.
 *
 * @param exercisesDir the folder that holds `NN-name/checks.spec.ts`
 */
export function loadChecks(exercise: string, exercisesDir = checksDirectory): LoadedChecks {
  const given = Promise.withResolvers<Evidence | null>();
  const running = runChecks([{ exercise, evidence: given.promise }], exercisesDir);
  const over = running.then(
    () => {},
    () => {}, // told to whoever has it judged
  );
  return {
    async judge(evidence) {
      const began = performance.now();
      given.resolve(evidence);
      const ran = await running;
      return judgementOf(evidence, ran(exercise), performance.now() - began);
    },
    drop: () => given.resolve(null),
    over,
  };
}

/** What running an exercise's checks told. */
interface Ran {
  done: Done[];
  /** why they could not be run */
  crash: string | null;
}

/** Runs checks with Jest: of each exercise once its evidence is there, and everything is loaded before that. */
async function runChecks(
  checks: readonly { exercise: string; evidence: Evidence | Promise<Evidence | null> }[],
  exercisesDir: string,
): Promise<(exercise: string) => Ran> {
  const specOf = (exercise: string) => join(exercisesDir, exercise, 'checks.spec.ts');
  const bySpec = new Map(checks.map(({ exercise, evidence }) => [specOf(exercise), evidence]));
  const done = new Map<string, Done[]>();
  const host = globalThis as { [HOST]?: unknown };
  if (host[HOST]) throw new Error('two judgements at once in one process: Jest shares its global state');
  const { prepareStackTrace } = Error;
  host[HOST] = {
    async evidenceOf(path: string): Promise<string> {
      const readerOfJest = Error.prepareStackTrace;
      Error.prepareStackTrace = prepareStackTrace;
      const evidence = await bySpec.get(path);
      Error.prepareStackTrace = readerOfJest;
      return evidenceText(evidence ?? null);
    },
    done: (path: string, one: Done) => done.set(path, [...(done.get(path) ?? []), one]),
  };
  try {
    const { runCLI } = await quietJest();
    const { results } = await runCLI(
      {
        _: [...bySpec.keys()],
        $0: 'judge',
        runTestsByPath: true,
        runInBand: true,
        reporters: [],
        silent: true,
        watchman: false,
        ci: true,
        config: JSON.stringify(jestConfig(exercisesDir)),
      } as never,
      [repositoryRoot],
    );
    return (exercise) => {
      const file = results.testResults.find(({ testFilePath }) => testFilePath === specOf(exercise));
      const crash = file?.testExecError ? String(file.testExecError.message) : null;
      return { done: done.get(specOf(exercise)) ?? [], crash };
    };
  } finally {
    delete host[HOST];
    // Jest leaves its own reader of stacks behind. While a browser is driven that costs: Playwright reads one a call.
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** On a terminal Jest says what it is about to do, in the middle of our own words. It asks once what the terminal is. */
async function quietJest(): Promise<typeof import('@jest/core')> {
  const { TERM } = process.env;
  process.env.TERM = 'dumb';
  try {
    return await import('@jest/core');
  } finally {
    if (TERM === undefined) delete process.env.TERM;
    else process.env.TERM = TERM;
  }
}

function jestConfig(exercisesDir: string): object {
  return {
    rootDir: repositoryRoot,
    // Only these are crawled: the trees of learners must not reach Jest's module map.
    roots: [exercisesDir, join(repositoryRoot, 'grader/judge')],
    testMatch: ['**/checks.spec.ts'],
    testEnvironment: join(repositoryRoot, 'grader/judge/jest/environment.cjs'),
    cacheDirectory: join(repositoryRoot, '.workshop/jest-cache'),
    extensionsToTreatAsEsm: [],
    moduleFileExtensions: ['ts', 'cjs', 'js', 'json'],
    transform: {
      '\\.ts$': [
        createRequire(import.meta.url).resolve('@swc/jest'),
        {
          swcrc: false,
          jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
          module: { type: 'commonjs' },
        },
      ],
    },
    testTimeout: 10_000,
  };
}

function judgementOf({ exercise, trouble }: Evidence, ran: Ran, ms: number): Judgement {
  const { done } = ran;
  const crash = trouble ?? ran.crash;
  if (crash || done.length === 0) {
    return {
      exercise,
      verdict: 'error',
      checks: [],
      told: {},
      ms,
      trouble: crash ?? `${exercise}/checks.spec.ts declares no check`,
    };
  }
  const number = /^\d\d[a-z]?(?=-)/.exec(exercise)?.[0] ?? exercise.slice(0, 2);
  const checks = done.map((one, at): CheckResult => {
    const base = {
      id: one.id ?? `check-${at + 1}`,
      number: `${number}.${at + 1}`,
      title: one.title,
      blockedBy: [],
      failure: null,
      trouble: null,
    };
    if (one.thrown === null) return { ...base, verdict: 'pass' };
    if (one.thrown.blockedBy) return { ...base, verdict: 'blocked', blockedBy: one.thrown.blockedBy };
    if (one.thrown.failure && isReason(one.thrown.failure.reason)) {
      return { ...base, verdict: 'fail', failure: one.thrown.failure };
    }
    return { ...base, verdict: 'error', trouble: one.thrown.stack || one.thrown.message };
  });
  return {
    exercise,
    verdict: exerciseVerdict(checks),
    checks,
    told: Object.assign({}, ...done.map((one) => one.told)),
    ms,
    trouble: null,
  };
}
