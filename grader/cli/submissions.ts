import { writeFile } from 'node:fs/promises';
import { freshSeed, WorkshopError } from '@workshop/base';
import { screenOf } from '@workshop/base/terminal';
import { exerciseLines } from '../report/index.ts';
import {
  confusionOf,
  confusionText,
  findSubmission,
  labelOf,
  listSubmissions,
  runSubmissions,
  type Submission,
  sampleOf,
  tableLines,
} from '../submissions/index.ts';
import { chooseExercises, loadManifest } from '../workshop/index.ts';

export interface SubmissionsOptions {
  only?: string;
  sample?: boolean;
  show?: string;
  all?: boolean;
  earlier?: boolean;
  atOnce: number;
  seed?: number;
  report?: string;
}

/** 0: every submission was graded as its header says; 1: one was not. */
export async function submissions(word: string | undefined, options: SubmissionsOptions): Promise<number> {
  const all = await listSubmissions();
  const name = options.show ?? options.only;
  const manifest = await loadManifest();
  const asked = word === undefined ? null : chooseExercises(word, manifest);
  const isAsked = (one: Submission): boolean => !asked || asked.some(({ id }) => id === one.exercise);
  const chosen = name
    ? [findSubmission(all.filter(isAsked), name)]
    : (options.sample ? sampleOf(all) : all).filter(isAsked);
  if (chosen.length === 0) throw new WorkshopError(`There is no submission for "${word}".`);
  const seed = options.seed ?? freshSeed();
  const outcomes = await runSubmissions(chosen, manifest, {
    driveAll: options.all === true || Boolean(process.env.CI),
    seed,
    earlier: options.earlier === true,
    atOnce: options.atOnce,
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
