import { join } from 'node:path';
import { freshSeed, repositoryRoot, workshopDirectory } from '@workshop/base';
import { Command } from 'commander';
import { type Evidence, type Json, readEvidence } from '../evidence/index.ts';
import { driveTree } from '../grading/index.ts';
import { codeLines, compareTraces, paint, screenOf, traceLines } from '../report/index.ts';
import {
  chainFiles,
  codePairs,
  listTree,
  repairText,
  repairWorkingTree,
  solutionFolders,
  solutionTree,
  type Tree,
  WorkingTreeError,
  workingTree,
} from '../tree/index.ts';
import {
  chooseExercises,
  currentExercise,
  type Exercise,
  loadManifest,
  ManifestError,
  readProgress,
} from '../workshop/index.ts';
import { progressLine } from './progress-line.ts';
import { runCommand } from './run-command.ts';

const program = new Command('npm run compare --')
  .description('Your code and your trace beside those of the solution.')
  .argument('[exercise]', 'an exercise: 3; by default the current one')
  .option('--yes', 'show it although the exercise is not passed yet')
  .option('--all', 'also long files that only you changed')
  .option('--code', 'the code alone, which takes no run')
  .exitOverride();

interface Options {
  yes?: boolean;
  all?: boolean;
  code?: boolean;
}

async function compare(): Promise<number> {
  program.parse();
  const options = program.opts<Options>();
  const word = program.args[0];
  const screen = screenOf(process.stdout, process.env, false);
  const { bold } = paint(screen);
  const repaired = await repairWorkingTree();
  if (repaired) print([repairText(repaired), '']);

  const all = await loadManifest();
  const progress = await readProgress();
  const exercise = word === undefined ? currentExercise(all, progress) : chooseExercises(word, all)[0];
  if (!exercise) throw new ManifestError('All exercises are done. Say which one to compare: 3');
  const number = Number(exercise.number);
  if (!(await solutionFolders()).some((name) => name.startsWith(exercise.number)))
    throw new ManifestError(`There is no solution for ${exercise.id} yet.`);
  if (!(exercise.id in progress.done) && !options.yes) {
    print([
      `${exercise.id} is not passed yet, and this shows its solution.`,
      `Show it all the same: npm run compare -- ${number} --yes`,
      `A smaller step:       npm run hint -- ${number}`,
    ]);
    return 1;
  }

  const solution = await chainFiles(number);
  const pairs = await codePairs(await listTree(repositoryRoot), solution, await chainFiles(number - 1));
  const code = pairs.filter((pair) => pair.path !== 'answers.json');
  print([bold(`${exercise.number} · ${exercise.title}: your code and the solution's`), '']);
  print(codeLines(code, screen, options.all));
  if (options.code) return 0;

  const yours = await workingTree();
  const theirs = await solutionTree(number);
  print(['', ...answerLines(exercise, yours, theirs)]);
  const line = progressLine(process.stderr, screen.plain);
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
    print(traceLines(compareTraces(own, other), screen));
  } finally {
    line.stop();
  }
  print(['', `Why the solution is as it is: solutions/${exercise.id}/NOTES.md`]);
  return 0;
}

function answerLines(exercise: Exercise, yours: Tree, theirs: Tree): string[] {
  const answer = ({ answers }: Tree): Json | undefined =>
    answers.state === 'read' ? answers.values[exercise.number] : undefined;
  const text = (value: Json | undefined): string =>
    value === undefined || value === null || value === '' ? 'none' : JSON.stringify(value);
  return [
    `Answer "${exercise.number}" in answers.json: yours ${text(answer(yours))}, the solution's ${text(answer(theirs))}.`,
  ];
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

process.exit(await runCommand([ManifestError, WorkingTreeError], compare));
