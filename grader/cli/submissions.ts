import { writeFile } from 'node:fs/promises';
import { freshSeed } from '@workshop/base';
import { Command } from 'commander';
import { exerciseLines, screenOf } from '../report/index.ts';
import {
  confusionOf,
  confusionText,
  findSubmission,
  labelOf,
  listSubmissions,
  runSubmissions,
  SubmissionError,
  sampleOf,
  tableLines,
} from '../submissions/index.ts';
import { loadManifest } from '../workshop/index.ts';

interface Options {
  only?: string;
  sample?: boolean;
  show?: string;
  all?: boolean;
  earlier?: boolean;
  atOnce: string;
  seed?: string;
  report?: string;
}

const program = new Command('npm run submissions --')
  .description('Grades the wrong and right submissions: each wrong one must fail with its reason.')
  .argument('[exercise]', 'only those of one exercise: 01')
  .option('--only <name>', 'one submission')
  .option('--show <name>', 'one submission, with all that a learner would read')
  .option('--sample', 'one wrong one for each reason and two right ones an exercise, as npm test does')
  .option('--all', 'drive also those that nothing changed for (always when CI is set)')
  .option('--earlier', 'the exercises before it that its base holds must pass, too')
  .option('--at-once <number>', 'systems that run at the same time', '2')
  .option('--seed <number>', 'drives with the same values as an earlier run')
  .option('--report <file>', 'writes how many were told apart, as .md or .json');

program.parse();
const options = program.opts<Options>();

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new SubmissionError(`--seed is a whole number, got "${text}".`);
  return Number(text);
}

/** 0: every submission was graded as its header says; 1: one was not; 2: wrong usage. */
async function main(): Promise<number> {
  const all = await listSubmissions();
  const name = options.show ?? options.only;
  const word = program.args[0];
  const candidates = options.sample ? sampleOf(all) : all;
  const chosen = name
    ? [findSubmission(all, name)]
    : candidates.filter(
        (one) => !word || one.exercise === word || Number(one.exercise.slice(0, 2)) === Number(word),
      );
  if (chosen.length === 0) throw new SubmissionError(`There is no submission for "${word}".`);
  const seed = options.seed === undefined ? freshSeed() : wholeNumber(options.seed);
  const outcomes = await runSubmissions(chosen, await loadManifest(), {
    driveAll: options.all === true || Boolean(process.env.CI),
    seed,
    earlier: options.earlier === true,
    atOnce: Number(options.atOnce) || 1,
    prune: chosen.length === all.length,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  const screen = screenOf(process.stdout, process.env, false);
  for (const { submission, result, evidence, seen } of outcomes) {
    if (!result || (!options.show && seen.ok)) continue;
    console.log(['', `${labelOf(submission)}: ${submission.what}`, ''].join('\n'));
    console.log(exerciseLines(result, evidence, screen).join('\n'));
  }
  if (options.report)
    await writeFile(options.report, confusionText(confusionOf(outcomes, seed), options.report));
  console.log(['', ...tableLines(outcomes)].join('\n'));
  return outcomes.every((outcome) => outcome.seen.ok) ? 0 : 1;
}

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof SubmissionError)) throw error;
  console.error(error.message);
  process.exit(2);
}
