import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { TREE_PARTS } from '../tree/index.ts';
import type { Source } from './totals.ts';

/** Whose work a step judges. */
export type Part = 'the workshop' | 'your Murmur';

export interface Step {
  name: string;
  part: Part;
  /** where its totals come from */
  source: Source;
  /** The program and its arguments; `report` is the file for the runner's report, relative to the root. */
  command: (report: string) => string[];
  /** The step is ended and fails after this time. */
  limitMinutes: number;
  /** Takes minutes, so it runs where CI is set, or when it is asked for by name. */
  inCiOnly?: true;
}

/** A tool installed at the root, run by the Node that runs this file. */
const tool = (path: string, ...args: string[]) => [process.execPath, join('node_modules', path), ...args];

const biome = (...paths: string[]) =>
  tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', ...paths);

/** A workspace's own script. `npm test` says where npm is, so no shell is needed, on Windows either. */
const script = (workspace: string, name: string, ...args: string[]): string[] => {
  const npm = process.env.npm_execpath;
  return [...(npm ? [process.execPath, npm] : ['npm']), 'run', name, '-w', workspace, '--', ...args];
};

/** Test files of Node's own runner. `atOnce`: how many files run at the same time, for a machine of two cores. */
const nodeTests =
  (atOnce: number, ...patterns: string[]) =>
  (report: string) => [
    process.execPath,
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./grader/test/totals-reporter.ts',
    `--test-reporter-destination=${report}`,
    `--test-concurrency=${atOnce}`,
    ...patterns,
  ];

const learners = (name: string) => TREE_PARTS.some((part) => part === name);

/** Every top folder that is not the learner's, and the settings beside them. */
function workshopSources(): string[] {
  const left = new Set(['node_modules', '.git', '.workshop', 'package-lock.json']);
  return readdirSync(repositoryRoot, { withFileTypes: true })
    .filter(({ name }) => !learners(name) && !left.has(name))
    .filter((entry) => entry.isDirectory() || /\.(json|mjs|ts)$/.test(entry.name))
    .map(({ name }) => name);
}

export const STEPS: Step[] = [
  {
    name: 'workspace',
    part: 'the workshop',
    source: 'node',
    command: nodeTests(2, 'grader/test/**/*.test.ts'),
    limitMinutes: 2,
  },
  {
    name: 'lint',
    part: 'the workshop',
    source: 'exit-code',
    command: () => biome(...workshopSources()),
    limitMinutes: 2,
  },
  {
    name: 'types',
    part: 'the workshop',
    source: 'exit-code',
    command: () => tool('typescript/bin/tsc', '-p', 'tsconfig.json'),
    limitMinutes: 3,
  },
  {
    name: 'base',
    part: 'the workshop',
    source: 'node',
    command: nodeTests(2, 'base/**/*.test.ts'),
    limitMinutes: 1,
  },
  {
    name: 'telemetry',
    part: 'the workshop',
    source: 'node',
    command: nodeTests(2, 'telemetry/**/*.test.ts'),
    limitMinutes: 3,
  },
  // Builds the page, which the labs of later steps then find built.
  {
    name: 'page',
    part: 'the workshop',
    source: 'node',
    command: nodeTests(2, 'page/test/**/*.test.ts'),
    limitMinutes: 15,
  },
  {
    name: 'lab',
    part: 'the workshop',
    source: 'node',
    command: nodeTests(2, 'lab/**/*.test.ts'),
    limitMinutes: 8,
  },
  // A file of these may start a database and the learner's processes. No check of them goes by the clock's
  // absolute times, so two files run side by side: 4.4 minutes on two cores.
  {
    name: 'grader',
    part: 'the workshop',
    source: 'node',
    command: nodeTests(2, 'grader/!(test)/**/*.test.ts'),
    limitMinutes: 25,
  },
  // All of them take about an hour: `npm run submissions -- --all`, which the weekly workflow runs.
  {
    name: 'submissions',
    part: 'the workshop',
    source: 'last-line',
    command: () => [process.execPath, 'grader/cli/workshop.ts', 'submissions', '--sample'],
    limitMinutes: 20,
    inCiOnly: true,
  },
  {
    name: 'mutants',
    part: 'the workshop',
    source: 'last-line',
    command: () => [process.execPath, 'grader/cli/workshop.ts', 'mutants', '--sample'],
    limitMinutes: 15,
    inCiOnly: true,
  },
  {
    name: 'lint-murmur',
    part: 'your Murmur',
    source: 'exit-code',
    command: () => biome(...readdirSync(repositoryRoot).filter(learners)),
    limitMinutes: 2,
  },
  {
    name: 'types-backend',
    part: 'your Murmur',
    source: 'exit-code',
    command: () => script('app-backend', 'typecheck'),
    limitMinutes: 3,
  },
  {
    name: 'app-backend',
    part: 'your Murmur',
    source: 'jest',
    command: (report) =>
      script('app-backend', 'test', '--json', `--outputFile=${join(repositoryRoot, report)}`),
    limitMinutes: 4,
  },
  {
    name: 'app-frontend',
    part: 'your Murmur',
    source: 'vitest',
    command: (report) =>
      script(
        'app-frontend',
        'test',
        '--reporters=default',
        '--reporters=json',
        `--output-file=${join(repositoryRoot, report)}`,
      ),
    limitMinutes: 4,
  },
];

/** The steps of a run: those that are named, else all that this place is for. */
export function stepsFor(names: readonly string[], ci: boolean): Step[] {
  return STEPS.filter((step) => (names.length > 0 ? names.includes(step.name) : ci || !step.inCiOnly));
}
