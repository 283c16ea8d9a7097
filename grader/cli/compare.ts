import { join } from 'node:path';
import { freshSeed, repositoryRoot, WorkshopError, workshopDirectory } from '@workshop/base';
import { paint, screenOf } from '@workshop/base/terminal';
import { type Evidence, readEvidence } from '../evidence/index.ts';
import { driveTree } from '../grading/index.ts';
import { answersLine, codeComparison, compareTraces, queryLines, traceLines } from '../report/index.ts';
import {
  type CodePair,
  chainFiles,
  codePairs,
  listTree,
  solutionFolders,
  solutionTree,
  type Tree,
  type TreeFiles,
  workingTree,
} from '../tree/index.ts';
import { type Exercise, readProgress } from '../workshop/index.ts';
import { theExercise } from './exercise.ts';
import { progressLine } from './progress-line.ts';
import { sayRepairs } from './repairs.ts';

export interface CompareOptions {
  yes?: boolean;
  all?: boolean;
  code?: boolean;
}

/** Shows code and traces beside the solution's. Returns 1 when the exercise is not passed yet and nobody said --yes. */
export async function compare(word: string | undefined, options: CompareOptions): Promise<number> {
  const screen = screenOf(process.stdout, process.env, false);
  const { bold } = paint(screen);
  await sayRepairs();
  const exercise = await theExercise(word);
  const progress = await readProgress();
  const number = Number(exercise.number);
  if (!(await solutionFolders()).some((name) => name.startsWith(exercise.number)))
    throw new WorkshopError(`There is no solution for ${exercise.id} yet.`);
  if (!(exercise.id in progress.done) && !options.yes) {
    print([
      `${exercise.id} is not passed yet, and this shows its solution.`,
      `Show it all the same: npm run compare -- ${number} --yes`,
      `A smaller step:       npm run hint -- ${number}`,
    ]);
    return 1;
  }

  const passed = exercise.id in progress.done;
  const changed = changedBetween(await chainFiles(number - 1), await chainFiles(number));
  const { reached, pairs } = await nearestSolution(number);
  const code = pairs
    .filter((pair) => pair.path !== 'answers.json')
    .map((pair) => ({ ...pair, changedBySolution: changed.has(pair.path) }));
  print([bold(`${exercise.number} · ${exercise.title}: your code and the solution's`), '']);
  const { codeLines } = await codeComparison();
  print(codeLines(code, screen, { all: options.all, passed }));
  if (options.code) return 0;

  const yours = await workingTree();
  const theirs = await solutionTree(reached);
  print(['', answersLine(exercise.number, yours.answers, theirs.answers, passed)]);
  const line = await progressLine(process.stderr, screen.plain);
  try {
    const own =
      (await lastEvidence(yours, exercise)) ?? (await driveOne(yours, exercise, freshSeed(), line.step));
    const recorded = await lastEvidence(theirs, exercise);
    // The same seed draws the same people and posts, so that only the code makes a difference.
    const other =
      recorded?.seed === own.seed ? recorded : await driveOne(theirs, exercise, own.seed, line.step);
    line.stop();
    print(['', bold(`The traces of the same requests, seed ${own.seed}`), '']);
    if (own.drive.state !== 'complete')
      print([`  Your system did not get through all requests. npm run grade -- ${number} says why.`, '']);
    print(traceLines(compareTraces(own, other, passed), screen, passed));
    const queries = queryLines(own, other, screen, passed);
    if (queries.length > 0)
      print(['', bold('The results of the saved queries, over the hidden data'), '', ...queries]);
  } finally {
    line.stop();
  }
  print(['', `Why the solution is as it is: solutions/${exercise.id}/NOTES.md`]);
  return 0;
}

/**
 * The solution from this exercise on that the learner's files are nearest to. What they did after the exercise is in it,
 * too, so that what differs is this exercise alone.
 */
async function nearestSolution(from: number): Promise<{ reached: number; pairs: CodePair[] }> {
  const numbers = (await solutionFolders()).map((name) => Number(name.slice(0, 2)));
  const yours = await listTree(repositoryRoot);
  let nearest = { reached: from, pairs: await codePairs(yours, await chainFiles(from)) };
  for (const reached of numbers.filter((number) => number > from)) {
    const pairs = await codePairs(yours, await chainFiles(reached));
    if (pairs.length < nearest.pairs.length) nearest = { reached, pairs };
  }
  return nearest;
}

/** Paths that one tree has another file for than the other. */
function changedBetween(before: TreeFiles, after: TreeFiles): Set<string> {
  return new Set([...after].filter(([path, source]) => before.get(path) !== source).map(([path]) => path));
}

/** What the last grading of exactly these files saw, null when there was none. */
async function lastEvidence(tree: Tree, exercise: Exercise): Promise<Evidence | null> {
  return readEvidence(join(workshopDirectory, 'evidence', tree.hash, `${exercise.id}.json`)).catch(
    () => null,
  );
}

async function driveOne(
  tree: Tree,
  exercise: Exercise,
  seed: number,
  onProgress: (step: string) => void,
): Promise<Evidence> {
  const { evidences } = await driveTree(tree, [exercise], seed, onProgress);
  return evidences.get(exercise.id) as Evidence;
}

function print(lines: readonly string[]): void {
  console.log(lines.join('\n'));
}
