import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshSeed, WorkshopError } from '@workshop/base';
import { screenOf } from '@workshop/base/terminal';
import { type Evidence, readEvidence } from '../evidence/index.ts';
import { gradeTree, judgeEvidence, keepVerdict, rememberPasses } from '../grading/index.ts';
import type { ExerciseResult } from '../judge/index.ts';
import { gradingLines, jsonReport, reportedExercise } from '../report/index.ts';
import { solutionTree, type Tree, treeAt, workingTree } from '../tree/index.ts';
import {
  type AfterGrading,
  chooseExercises,
  type Exercise,
  loadManifest,
  readProgress,
  workedOn,
} from '../workshop/index.ts';
import { stopSharedServer } from '../world/index.ts';
import { classExport } from './class-export.ts';
import { exitCodeOf } from './exit-code.ts';
import { honeycombExport } from './honeycomb-export.ts';
import { progressLine } from './progress-line.ts';
import { sayRepairs } from './repairs.ts';
import { canWriteAll, isReported, type ReportFiles, writeReports } from './report-files.ts';

export interface GradeOptions extends ReportFiles {
  all?: boolean;
  tree?: string;
  solution?: number;
  seed?: number;
  evidence?: string;
  export?: boolean;
  plain?: boolean;
  every?: boolean;
}

/** Grades, says the verdicts and returns the exit code: 0 passed, 1 not passed, 3 the grader's own trouble. */
export async function grade(word: string | undefined, options: GradeOptions): Promise<number> {
  refuseContradictions(word, options);
  const screen = screenOf(process.stdout, process.env, options.plain ?? false);
  const progress = await progressLine(process.stderr, screen.plain);
  const began = performance.now();
  try {
    await canWriteAll(options);
    const honeycomb = options.export ? await honeycombExport() : null;
    const ofClass = await classExport(process.env);
    await sayRepairs();
    const exercises = await loadManifest();
    const judged = options.evidence
      ? await judgeAgain(options.evidence)
      : await driveAndJudge(word, options, exercises, progress.step);
    progress.stop();
    const exitCode = exitCodeOf(judged.results);
    const ownRun = !options.tree && options.solution === undefined && !options.evidence;
    const { reopened, first } = ownRun ? await remember(judged) : { reopened: [], first: [] };
    const done = await doneText(exercises, judged.results.at(-1)?.id);
    const now = await readProgress();
    console.log(
      gradingLines({
        ...judged,
        exercises,
        screen,
        ownRun,
        reopened,
        first,
        progress: now,
        done,
        every: options.every,
      }).join('\n'),
    );
    if (isReported(options, process.env)) {
      const run = { seed: judged.seed, tree: judged.tree, exitCode, ms: performance.now() - began };
      await writeReports(options, jsonReport(run, judged.results, judged.evidences), process.env);
    }
    await honeycomb?.(judged.evidences, judged.seed);
    await ofClass?.(judged.evidences, judged.seed);
    return exitCode;
  } finally {
    progress.stop();
    await stopSharedServer();
  }
}

/** Keeps the verdicts and what passed. Returns what passed before and does not now, and what passes for the first time. */
async function remember({
  results,
  evidences,
  seed,
  hash,
}: Judged): Promise<Pick<AfterGrading, 'reopened' | 'first'>> {
  for (const result of results) {
    const exercise = reportedExercise(result, evidences.get(result.id) ?? null);
    await keepVerdict({ tree: hash, seed, exercise });
  }
  return rememberPasses(results);
}

async function doneText(exercises: readonly Exercise[], id: string | undefined): Promise<string> {
  const exercise = exercises.find((one) => one.id === id);
  return exercise ? await readFile(join(exercise.directory, 'done.md'), 'utf8') : '';
}

interface Judged {
  results: ExerciseResult[];
  evidences: Map<string, Evidence>;
  seed: number;
  /** in words */
  tree: string;
  hash: string;
}

async function driveAndJudge(
  word: string | undefined,
  options: GradeOptions,
  exercises: readonly Exercise[],
  onProgress: (step: string) => void,
): Promise<Judged> {
  const seed = options.seed ?? freshSeed();
  const chosen = await choose(word, options, exercises);
  onProgress('copying your tree');
  const tree = await treeOf(options);
  return { ...(await gradeTree(tree, chosen, seed, onProgress)), seed, tree: tree.label, hash: tree.hash };
}

async function judgeAgain(file: string): Promise<Judged> {
  const evidence = await readEvidence(file);
  const evidences = new Map([[evidence.exercise, evidence]]);
  const results = await judgeEvidence(evidences, new Map([[evidence.exercise, file]]));
  return { results, evidences, seed: evidence.seed, tree: evidence.tree.label, hash: evidence.tree.hash };
}

/**
 * Without a word: everything up to and including the exercise that is worked on. What passed before and does not now is
 * on the way to it, so a mended one needs no grading of its own.
 */
async function choose(
  word: string | undefined,
  options: GradeOptions,
  exercises: readonly Exercise[],
): Promise<Exercise[]> {
  const graded = exercises.filter((exercise) => exercise.hasChecks && !exercise.optional);
  if (word !== undefined) return chooseExercises(word, exercises);
  if (options.all) return graded;
  if (options.solution !== undefined) {
    const upTo = options.solution;
    const chosen = graded.filter((exercise) => Number(exercise.number) <= upTo);
    if (chosen.length === 0) throw new WorkshopError(`There is no solution ${upTo} with checks.`);
    return chosen;
  }
  if (options.tree) return graded;
  const progress = await readProgress();
  const current = workedOn(graded, progress);
  return graded.filter(
    (exercise) => !progress.skipped.includes(exercise.id) && (!current || exercise.number <= current.number),
  );
}

function treeOf(options: GradeOptions): Promise<Tree> {
  if (options.tree) return treeAt(options.tree);
  return options.solution === undefined ? workingTree() : solutionTree(options.solution);
}

/** @throws WorkshopError for options that cannot be meant together */
function refuseContradictions(word: string | undefined, options: GradeOptions): void {
  const trees = [
    options.tree !== undefined && '--tree',
    options.solution !== undefined && '--solution',
    options.evidence !== undefined && '--evidence',
  ].filter(Boolean);
  if (trees.length > 1)
    throw new WorkshopError(`${trees.join(' and ')} each name what to grade. Give one of them.`);
  if (options.all && word !== undefined)
    throw new WorkshopError(`--all grades every exercise, and "${word}" names one. Give one of them.`);
  if (options.evidence && word !== undefined)
    throw new WorkshopError('Evidence knows its own exercise: leave the exercise out.');
}
