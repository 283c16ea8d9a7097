import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkshopError } from '@workshop/base';
import { chainFiles, solutionFolders, type TreeFiles } from '../tree/index.ts';
import { type Exercise, solutionBefore } from './manifest.ts';
import type { Progress } from './progress.ts';

/** The chain up to a solution; 0 is the start. */
export type Chain = (upTo: number) => Promise<TreeFiles>;

/**
 * The files with which an exercise begins: those of the chain up to the solution before it.
 * @throws WorkshopError when a solution is missing on the way
 */
export async function chainBefore(
  exercise: Exercise,
  all: readonly Exercise[],
  chain?: Chain,
): Promise<TreeFiles> {
  const upTo = solutionBefore(exercise);
  if (!chain) await refuseGap(upTo, all);
  return new Map(await (chain ?? chainFiles)(upTo));
}

/**
 * A solution's answers.json holds the answers so far alone; a learner needs the empty slots of the start beside them.
 * @param files answers.json among them is replaced
 * @param folder gets the new answers.json
 */
export async function keepEmptySlots(
  files: TreeFiles,
  start: string | undefined,
  folder: string,
): Promise<void> {
  const answers = files.get('answers.json');
  if (!answers || !start) return;
  const [slots, given] = await Promise.all(
    [start, answers].map(async (file) => JSON.parse(await readFile(file, 'utf8')) as object),
  );
  if (Object.keys(slots ?? {}).every((number) => number in (given ?? {}))) return;
  const whole = join(folder, 'answers.json');
  await writeFile(whole, `${JSON.stringify({ ...slots, ...given }, null, 2)}\n`);
  files.set('answers.json', whole);
}

/** The exercise and those after it are open; those before it that are not done count as skipped. */
export function progressAtStartOf(
  exercise: Exercise,
  all: readonly Exercise[],
  progress: Progress,
): Progress {
  const earlier = all
    .filter((one) => one.hasChecks && !one.optional && one.number < exercise.number)
    .map((one) => one.id);
  const done = Object.fromEntries(Object.entries(progress.done).filter(([id]) => earlier.includes(id)));
  return { ...progress, done, reopened: {}, skipped: earlier.filter((id) => !(id in done)) };
}

async function refuseGap(upTo: number, all: readonly Exercise[]): Promise<void> {
  const folders = await solutionFolders();
  const missing = all.find(
    (one) =>
      one.hasChecks && Number(one.number) <= upTo && !folders.some((name) => name.startsWith(one.number)),
  );
  if (missing)
    throw new WorkshopError(`There is no solution for ${missing.id} yet, so the chain ends before it.`);
}
