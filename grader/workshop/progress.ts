import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { workshopDirectory } from '../tree/index.ts';
import type { Exercise } from './manifest.ts';

/** How far a learner is. A claim only: grading verifies it, and a regression reopens an exercise. */
export interface Progress {
  schema: 1;
  /** ids of passed exercises, with the time of the first pass, ISO 8601 */
  done: Record<string, string>;
  skipped: string[];
  /** how many hints of an exercise were shown */
  hints: Record<string, number>;
}

const progressFile = join(workshopDirectory, 'progress.json');

/** A missing or unreadable file is an empty progress: grading finds out anew what is done. */
export async function readProgress(file = progressFile): Promise<Progress> {
  const empty: Progress = { schema: 1, done: {}, skipped: [], hints: {} };
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<Progress>;
    return value.schema === 1 ? { ...empty, ...value } : empty;
  } catch {
    return empty;
  }
}

export async function writeProgress(progress: Progress, file = progressFile): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, `${JSON.stringify(progress, null, 2)}\n`);
}

/** The first exercise that is neither done nor skipped, undefined when none is left. */
export function currentExercise(exercises: readonly Exercise[], progress: Progress): Exercise | undefined {
  return exercises.find(
    (exercise) =>
      exercise.hasChecks && !(exercise.id in progress.done) && !progress.skipped.includes(exercise.id),
  );
}

/** The progress after a grading: what passed is done, what did not is open again. Skipping ends with a pass. */
export function progressAfter(
  progress: Progress,
  verdicts: readonly { id: string; verdict: string }[],
  now: Date,
): { progress: Progress; reopened: string[] } {
  const done = { ...progress.done };
  const reopened: string[] = [];
  for (const { id, verdict } of verdicts) {
    if (verdict === 'pass') done[id] ??= now.toISOString();
    else if (verdict !== 'error' && id in done) {
      delete done[id];
      reopened.push(id);
    }
  }
  const skipped = progress.skipped.filter((id) => !(id in done));
  return { progress: { ...progress, done, skipped }, reopened };
}
