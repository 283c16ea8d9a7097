import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot, workshopDirectory } from '@workshop/base';
import { drive, type Scenario } from '../drive/index.ts';
import { type Evidence, writeEvidence } from '../evidence/index.ts';
import { type ExerciseResult, type Judgement, judge, warmUp } from '../judge/index.ts';
import { solutionTree, type Tree } from '../tree/index.ts';
import type { Exercise } from '../workshop/index.ts';

/** Verdicts with the evidence that they rest on, by exercise id. */
export interface Grading {
  results: ExerciseResult[];
  evidences: Map<string, Evidence>;
}

/**
 * One grading: drives the exercises' scenarios in the tree's own system, keeps the evidence, judges it. Jest is
 * loaded while the system starts.
 * @throws WorldError for the grader's own trouble
 */
export async function gradeTree(
  tree: Tree,
  exercises: readonly Exercise[],
  seed: number,
  onProgress?: (step: string) => void,
): Promise<Grading> {
  let warm: Promise<void> | undefined;
  const { evidences, paths, ended } = await driveAll(tree, exercises, seed, onProgress, () => {
    // Trouble of the judge comes up again when there is evidence to judge.
    warm ??= warmUp(exercises.map(({ id }) => id)).catch(() => {});
  });
  onProgress?.('judging');
  await warm;
  const [results] = await Promise.all([judgeEvidence(evidences, paths), ended]);
  // Driven together by what they need, told in the order of the exercises.
  return { results: results.sort((a, b) => a.id.localeCompare(b.id)), evidences };
}

interface Driven {
  evidences: Map<string, Evidence>;
  /** the file that each was written to */
  paths: Map<string, string>;
}

/** Drives only: evidence by exercise id. */
export async function driveTree(...driven: Parameters<typeof driveAll>): Promise<Driven> {
  const { ended, ...all } = await driveAll(...driven);
  await ended;
  return all;
}

/** Returns once all evidence is there; `ended`: the systems and the browser are gone, too. */
async function driveAll(
  tree: Tree,
  exercises: readonly Exercise[],
  seed: number,
  onProgress?: (step: string) => void,
  onLaunched?: () => void,
): Promise<Driven & { ended: Promise<void> }> {
  const scenarios = await Promise.all(
    exercises.map(async (exercise) => ({ id: exercise.id, scenario: await scenarioOf(exercise) })),
  );
  const evidences = new Map<string, Evidence>();
  const paths = new Map<string, string>();
  const complete = Promise.withResolvers<void>();
  const onEvidence = async (driven: Evidence) => {
    const { options } = scenarios.find(({ id }) => id === driven.exercise)!.scenario;
    const evidence =
      options.before === undefined ? driven : await withBefore(driven, scenarios, options.before);
    evidences.set(evidence.exercise, evidence);
    paths.set(evidence.exercise, await keepEvidence(evidence));
    if (evidences.size === exercises.length) complete.resolve();
  };
  const ended = drive({ tree, exercises: scenarios, seed, onEvidence, onProgress, onLaunched });
  await Promise.race([complete.promise, ended]);
  return { evidences, paths, ended };
}

/** The evidence with what the same requests showed before: the same scenario and seed, on an earlier solution. */
async function withBefore(
  driven: Evidence,
  scenarios: readonly { id: string; scenario: Scenario }[],
  solution: number,
): Promise<Evidence> {
  const tree = await solutionTree(solution);
  let before: Evidence['before'];
  const onEvidence = async ({ facts, requests, spans }: Evidence): Promise<void> => {
    before = { facts, requests, spans };
  };
  const exercises = scenarios.filter(({ id }) => id === driven.exercise);
  await drive({ tree, exercises, seed: driven.seed, onEvidence });
  return { ...driven, ...(before && { before }) };
}

/** What is done to the learner's system in an exercise. */
export async function scenarioOf({ directory }: Pick<Exercise, 'directory'>): Promise<Scenario> {
  const module = (await import(pathToFileURL(join(directory, 'scenario.ts')).href)) as { default: Scenario };
  return module.default;
}

/** Writes evidence where `--evidence` and `compare` find it, and returns that path, from the repository. */
export async function keepEvidence(evidence: Evidence): Promise<string> {
  const path = join(workshopDirectory, 'evidence', evidence.tree.hash, `${evidence.exercise}.json`);
  await writeEvidence(path, evidence);
  return relative(repositoryRoot, path);
}

/** Judges evidence that was driven now or before. `paths` are what the report names for each. */
export async function judgeEvidence(
  evidences: ReadonlyMap<string, Evidence>,
  paths: ReadonlyMap<string, string>,
): Promise<ExerciseResult[]> {
  const judgements = await judge([...evidences.values()]);
  return judgements.map((judgement) =>
    exerciseResult(
      judgement,
      evidences.get(judgement.exercise)?.driveMs ?? 0,
      paths.get(judgement.exercise) ?? null,
    ),
  );
}

/** @param path what the report names as the evidence */
export function exerciseResult(
  { exercise, verdict, checks, told, ms, trouble }: Judgement,
  driveMs: number,
  path: string | null,
): ExerciseResult {
  return { id: exercise, verdict, checks, told, ms: ms + driveMs, evidence: path, trouble };
}
