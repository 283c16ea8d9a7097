import { freshSeed, repositoryRoot, WorkshopError } from '@workshop/base';
import { paint, screenOf } from '@workshop/base/terminal';
import type { Evidence } from '../evidence/index.ts';
import { driveTree, keptEvidence, nearestSolution, treeOfSolution } from '../grading/index.ts';
import { answersLine, codeComparison, compareTraces, queryLines, traceLines } from '../report/index.ts';
import { listTree, solutionFolders, type Tree, workingTree } from '../tree/index.ts';
import { commandWord, type Exercise, readProgress } from '../workshop/index.ts';
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
  const named = commandWord(exercise);
  const folders = await solutionFolders();
  if (!exercise.optional && !folders.some((name) => name.startsWith(exercise.number)))
    throw new WorkshopError(`There is no solution for ${exercise.id} yet.`);
  if (!(exercise.id in progress.done) && !options.yes) {
    print([
      `${exercise.id} is not passed yet, and this shows its solution.`,
      `Show it all the same: npm run compare -- ${named} --yes`,
      `A smaller step:       npm run hint -- ${named}`,
    ]);
    return 1;
  }

  const passed = exercise.id in progress.done;
  const { reached, pairs, changed } = await nearestSolution(exercise, await listTree(repositoryRoot));
  const code = pairs
    .filter((pair) => pair.path !== 'answers.json')
    .map((pair) => ({ ...pair, changedBySolution: changed.has(pair.path) }));
  print([bold(`${exercise.number} · ${exercise.title}: your code and the solution's`), '']);
  const { codeLines } = await codeComparison();
  print(codeLines(code, screen, { all: options.all, passed }));
  if (options.code) return 0;

  const yours = await workingTree();
  const theirs = await treeOfSolution(exercise, reached);
  if (!exercise.optional) print(['', answersLine(exercise.number, yours.answers, theirs.answers, passed)]);
  const line = await progressLine(process.stderr, screen.plain);
  try {
    const mine =
      (await keptEvidence(yours.hash, exercise.id)) ??
      (await driveOne(yours, exercise, freshSeed(), line.step));
    const recorded = await keptEvidence(theirs.hash, exercise.id);
    // The same seed draws the same people and posts, so that only the code makes a difference.
    const other =
      recorded?.seed === mine.seed ? recorded : await driveOne(theirs, exercise, mine.seed, line.step);
    line.stop();
    print(['', bold(`The traces of the same requests, seed ${mine.seed}`), '']);
    if (mine.drive.state !== 'complete')
      print([`  Your system did not get through all requests. npm run grade -- ${named} says why.`, '']);
    print(traceLines(compareTraces(mine, other, passed), screen, passed));
    const queries = queryLines(mine, other, screen, passed);
    if (queries.length > 0)
      print(['', bold('The results of the saved queries, over the hidden data'), '', ...queries]);
  } finally {
    line.stop();
  }
  print(['', `Why the solution is as it is: solutions/${exercise.id}/NOTES.md`]);
  return 0;
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
