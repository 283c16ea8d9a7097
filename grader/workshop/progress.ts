import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workshopDirectory } from '@workshop/base';
import { writeAtomically } from '@workshop/base/files';
import type { Exercise } from './manifest.ts';

/** How far a learner is. A claim only: grading verifies it, and a regression reopens an exercise. */
export interface Progress {
  schema: 1;
  /** ids of passed exercises, with the time of the first pass, ISO 8601 */
  done: Record<string, string>;
  /** ids of exercises that passed before and do not now, with the time of the first pass */
  reopened: Record<string, string>;
  skipped: string[];
  /** how many hints of an exercise were shown */
  hints: Record<string, number>;
}

const progressFile = join(workshopDirectory, 'progress.json');

/** A missing or unreadable file is an empty progress: grading finds out anew what is done. */
export async function readProgress(file = progressFile): Promise<Progress> {
  try {
    return parseProgress(await readFile(file, 'utf8'));
  } catch {
    return parseProgress(null);
  }
}

/** The progress that a text holds. Null, no JSON, or parts of another shape (somebody edited it) count as empty. */
export function parseProgress(text: string | null): Progress {
  const progress: Progress = { schema: 1, done: {}, reopened: {}, skipped: [], hints: {} };
  let value: Partial<Progress> | null = null;
  try {
    value = JSON.parse(text ?? 'null') as Partial<Progress> | null;
  } catch {
    return progress;
  }
  if (typeof value !== 'object' || value?.schema !== 1) return progress;
  for (const [id, time] of entriesOf(value.done)) if (typeof time === 'string') progress.done[id] = time;
  for (const [id, time] of entriesOf(value.reopened))
    if (typeof time === 'string' && !(id in progress.done)) progress.reopened[id] = time;
  for (const [id, level] of entriesOf(value.hints)) {
    if (Number.isSafeInteger(level) && (level as number) > 0) progress.hints[id] = level as number;
  }
  if (Array.isArray(value.skipped)) progress.skipped = value.skipped.filter((id) => typeof id === 'string');
  return progress;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** As the progress stands in its file. */
export function progressText(progress: Progress): string {
  return `${JSON.stringify(progress, null, 2)}\n`;
}

export async function writeProgress(progress: Progress, file = progressFile): Promise<void> {
  await writeAtomically(file, progressText(progress));
}

/** The first exercise that is neither done nor skipped, undefined when none is left. */
export function currentExercise(exercises: readonly Exercise[], progress: Progress): Exercise | undefined {
  return openExercises(exercises, progress)[0];
}

/** Those of these exercises that are still to be passed or left out. */
export function openExercises(exercises: readonly Exercise[], progress: Progress): Exercise[] {
  return exercises.filter(
    (exercise) =>
      exercise.hasChecks &&
      !exercise.optional &&
      !(exercise.id in progress.done) &&
      !progress.skipped.includes(exercise.id),
  );
}

/**
 * The exercise that a learner works on: the first that never passed and was not skipped, undefined when none is left.
 * What passed once and does not now stands before it, and is mended on the way.
 */
export function workedOn(exercises: readonly Exercise[], progress: Progress): Exercise | undefined {
  const passed = { ...progress.reopened, ...progress.done };
  return currentExercise(exercises, { ...progress, done: passed });
}

export interface AfterGrading {
  progress: Progress;
  /** ids of exercises that passed before and do not now */
  reopened: string[];
  /** ids of exercises that pass for the first time */
  first: string[];
}

/**
 * The progress after a grading: what passed is done, what did not is open again. Skipping ends with a pass. While the
 * program itself is broken nothing is opened again: a missing brace says nothing about the exercises before it.
 */
export function progressAfter(
  progress: Progress,
  verdicts: readonly { id: string; verdict: string; programBroken?: boolean }[],
  now: Date,
): AfterGrading {
  const done = { ...progress.done };
  const open = { ...progress.reopened };
  const reopened: string[] = [];
  const first: string[] = [];
  for (const { id, verdict, programBroken } of verdicts) {
    if (verdict === 'pass') {
      if (!(id in done) && !(id in open)) first.push(id);
      done[id] ??= open[id] ?? now.toISOString();
      delete open[id];
    } else if (verdict !== 'error' && !programBroken && done[id] !== undefined) {
      open[id] = done[id];
      delete done[id];
      reopened.push(id);
    }
  }
  const skipped = progress.skipped.filter((id) => !(id in done));
  return { progress: { ...progress, done, reopened: open, skipped }, reopened, first };
}
