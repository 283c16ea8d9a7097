import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { freshSeed } from '@workshop/base';
import { Command, InvalidArgumentError } from 'commander';
import { type Evidence, EvidenceFileError, readEvidence } from '../evidence/index.ts';
import { gradeTree, judgeEvidence } from '../grading/index.ts';
import { type ExerciseResult, isProgramReason } from '../judge/index.ts';
import { jsonReport, screenOf } from '../report/index.ts';
import {
  repairText,
  repairWorkingTree,
  solutionTree,
  type Tree,
  TreeError,
  treeAt,
  WorkingTreeError,
  workingTree,
} from '../tree/index.ts';
import {
  chooseExercises,
  currentExercise,
  type Exercise,
  loadManifest,
  ManifestError,
  progressAfter,
  readProgress,
  writeProgress,
} from '../workshop/index.ts';
import { stopSharedServer } from '../world/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { printGrading } from './grading-text.ts';
import { honeycombExport } from './honeycomb-export.ts';
import { progressLine } from './progress-line.ts';
import { UsageError } from './usage-error.ts';

interface GradeOptions {
  all?: boolean;
  tree?: string;
  solution?: number;
  seed?: number;
  evidence?: string;
  json?: string;
  export?: boolean;
  plain?: boolean;
}

/** Their messages are for the learner, and the exit code is 2. */
const wrongUsage = [ManifestError, TreeError, EvidenceFileError, UsageError, WorkingTreeError];

const program = new Command('npm run grade --')
  .description('Grades the spans that your Murmur makes.')
  .argument('[exercise]', 'an exercise: 3, 03-custom-span, or several: 1-4')
  .option('--all', 'every exercise')
  .option('--tree <folder>', 'another working tree than this one')
  .option('--solution <number>', 'the solutions up to this one', wholeNumber)
  .option('--seed <number>', 'repeat a run: the seed it printed', wholeNumber)
  .option('--evidence <file>', 'judge again what an earlier run saw')
  .option('--json <file>', 'also write the verdicts as JSON')
  .option('--export', 'also send the graded spans to Honeycomb, marked; needs HONEYCOMB_API_KEY')
  .option('--plain', 'numbered lines instead of bars and colours')
  .exitOverride();

/** Runs one `npm run grade` and returns its exit code: 0 passed, 1 not passed, 2 wrong usage, 3 the grader's own error. */
async function main(): Promise<number> {
  try {
    program.parse();
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  const options = program.opts<GradeOptions>();
  const contradiction = contradictionIn(options);
  if (contradiction) {
    console.error(contradiction);
    return 2;
  }
  const screen = screenOf(process.stdout, process.env, options.plain ?? false);
  const progress = progressLine(process.stderr, screen.plain);
  const began = performance.now();
  try {
    if (options.json) await canWrite(options.json);
    const honeycomb = options.export ? await honeycombExport() : null;
    const repaired = await repairWorkingTree();
    if (repaired) console.log(`${repairText(repaired)}\n`);
    const exercises = await loadManifest();
    const judged = options.evidence
      ? await judgeAgain(options.evidence)
      : await driveAndJudge(program.args[0], options, exercises, progress.step);
    progress.stop();
    const exitCode = exitCodeOf(judged.results);
    const ownRun = !options.tree && options.solution === undefined && !options.evidence;
    let reopened: string[] = [];
    if (ownRun) {
      const verdicts = judged.results.map(({ id, verdict, checks }) => ({
        id,
        verdict,
        programBroken: isProgramReason(checks.find((check) => check.failure)?.failure?.reason),
      }));
      const after = progressAfter(await readProgress(), verdicts, new Date());
      reopened = after.reopened;
      await writeProgress(after.progress);
    }
    await printGrading({ ...judged, exercises, screen, ownRun, reopened });
    if (options.json) {
      const run = { seed: judged.seed, tree: judged.tree, exitCode, ms: performance.now() - began };
      await writeFile(
        options.json,
        `${JSON.stringify(jsonReport(run, judged.results, judged.evidences), null, 2)}\n`,
      );
    }
    await honeycomb?.(judged.evidences, judged.seed);
    return exitCode;
  } catch (error) {
    progress.stop();
    return explain(error);
  }
}

interface Judged {
  results: ExerciseResult[];
  evidences: Map<string, Evidence>;
  seed: number;
  tree: string;
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
  return { ...(await gradeTree(tree, chosen, seed, onProgress)), seed, tree: tree.label };
}

async function judgeAgain(file: string): Promise<Judged> {
  const evidence = await readEvidence(file);
  const evidences = new Map([[evidence.exercise, evidence]]);
  const results = await judgeEvidence(evidences, new Map([[evidence.exercise, file]]));
  return { results, evidences, seed: evidence.seed, tree: evidence.tree.label };
}

/** Without a word: everything up to and including the first exercise that is neither done nor skipped. */
async function choose(
  word: string | undefined,
  options: GradeOptions,
  exercises: readonly Exercise[],
): Promise<Exercise[]> {
  const graded = exercises.filter((exercise) => exercise.hasChecks);
  if (word !== undefined) return chooseExercises(word, exercises);
  if (options.all) return graded;
  if (options.solution !== undefined) {
    const upTo = options.solution;
    const chosen = graded.filter((exercise) => Number(exercise.number) <= upTo);
    if (chosen.length === 0) throw new ManifestError(`There is no solution ${upTo} with checks.`);
    return chosen;
  }
  if (options.tree) return graded;
  const progress = await readProgress();
  const current = currentExercise(graded, progress);
  return graded.filter(
    (exercise) => !progress.skipped.includes(exercise.id) && (!current || exercise.number <= current.number),
  );
}

function treeOf(options: GradeOptions): Promise<Tree> {
  if (options.tree) return treeAt(options.tree);
  return options.solution === undefined ? workingTree() : solutionTree(options.solution);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

/** Options that cannot be meant together, as one sentence; null: none. */
function contradictionIn(options: GradeOptions): string | null {
  const trees = [
    options.tree !== undefined && '--tree',
    options.solution !== undefined && '--solution',
    options.evidence !== undefined && '--evidence',
  ].filter(Boolean);
  if (trees.length > 1) return `${trees.join(' and ')} each name what to grade. Give one of them.`;
  if (options.all && program.args.length > 0)
    return `--all grades every exercise, and "${program.args[0]}" names one. Give one of them.`;
  if (options.evidence && program.args.length > 0)
    return 'Evidence knows its own exercise: leave the exercise out.';
  return null;
}

/** Says before the grading, and not after it, that the report cannot be written. */
async function canWrite(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('not a folder');
    await access(folder, constants.W_OK);
  } catch {
    throw new UsageError(
      `The report cannot be written: there is no folder ${dirname(path)} that may be written to.`,
    );
  }
  if (
    await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
  ) {
    throw new UsageError(`The report cannot be written: ${path} is a folder.`);
  }
}

/** One clear sentence for wrong usage (2); anything else is the grader's own trouble (3). */
function explain(error: unknown): number {
  if (wrongUsage.some((kind) => error instanceof kind)) {
    console.error((error as Error).message);
    return 2;
  }
  const own = error instanceof Error ? error : new Error(String(error));
  console.error(
    `The grader itself had trouble. This is not your fault, and it says nothing about your code.\n${own.message}`,
  );
  if (process.env.WORKSHOP_DEBUG) console.error(own.stack);
  return 3;
}

const exitCode = await main();
await stopSharedServer();
process.exit(exitCode);
