import { join } from 'node:path';
import { workshopDirectory } from '@workshop/base';
import { type Evidence, readEvidence } from '../evidence/index.ts';
import {
  type CodePair,
  chainFiles,
  codePairs,
  optionalFiles,
  solutionFolders,
  solutionTree,
  type Tree,
  type TreeFiles,
  treeWithOptional,
} from '../tree/index.ts';
import { type Exercise, solutionBefore } from '../workshop/index.ts';

/** A solution of an exercise beside a learner's files. */
export interface NearestSolution {
  /** number of the chain's last solution that is in it */
  reached: number;
  /** files in which the learner's tree differs from it */
  pairs: CodePair[];
  /** paths that the exercise's own solution changes */
  changed: ReadonlySet<string>;
}

/**
 * The solution from this exercise on that the learner's files are nearest to. What they did after the exercise is in it,
 * too, so that what differs is this exercise alone.
 */
export async function nearestSolution(exercise: Exercise, yours: TreeFiles): Promise<NearestSolution> {
  const before = solutionBefore(exercise);
  const own = exercise.optional ? before : before + 1;
  const changed = changedBetween(await chainFiles(before), await filesOf(exercise, own));
  const numbers = (await solutionFolders()).map((name) => Number(name.slice(0, 2)));
  let nearest = { reached: own, pairs: await codePairs(yours, await filesOf(exercise, own)) };
  for (const reached of numbers.filter((number) => number > own)) {
    const pairs = await codePairs(yours, await filesOf(exercise, reached));
    if (pairs.length < nearest.pairs.length) nearest = { reached, pairs };
  }
  return { ...nearest, changed };
}

/** The solution's tree, ready to be driven. */
export function treeOfSolution(exercise: Exercise, reached: number): Promise<Tree> {
  return exercise.optional ? treeWithOptional(exercise.id, reached) : solutionTree(reached);
}

/** What the last drive of exactly these files saw, null when there was none. */
export async function keptEvidence(treeHash: string, exercise: string): Promise<Evidence | null> {
  return readEvidence(join(workshopDirectory, 'evidence', treeHash, `${exercise}.json`)).catch(() => null);
}

/** An optional part stands beside the chain: its own files are laid over any solution from its exercise on. */
function filesOf(exercise: Exercise, upTo: number): Promise<TreeFiles> {
  return exercise.optional ? optionalFiles(exercise.id, upTo) : chainFiles(upTo);
}

/** Paths that one tree has another file for than the other. */
function changedBetween(before: TreeFiles, after: TreeFiles): Set<string> {
  return new Set([...after].filter(([path, source]) => before.get(path) !== source).map(([path]) => path));
}
