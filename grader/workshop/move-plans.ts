import { join } from 'node:path';
import { digestsOf, listTree, ownPlace, repairWorkingTree } from '../tree/index.ts';
import { chainBefore, progressAtStartOf } from './exercise-start.ts';
import { commandWord, type Exercise } from './manifest.ts';
import { HISTORY, type MoveOptions, PROGRESS, parseHistory, recordText, snapshotOf } from './move-history.ts';
import { parseProgress, readProgress } from './progress.ts';

/** What a move would do, before it is done. */
export interface Plan {
  /** `goto 5` */
  action: string;
  /** ISO 8601: when the move that would be taken back was made; null for a move that is still to be made */
  since: string | null;
  /** files of the learner's, sorted, that would be written over or removed */
  files: string[];
  /** exercises whose pass would be forgotten */
  passes: string[];
}

/** What `reset` would replace: the exercise's own files, and those of the exercises before it that are not the solutions'. */
export async function resetPlan(
  exercise: Exercise,
  all: readonly Exercise[],
  options: MoveOptions = {},
): Promise<Plan> {
  const { root, workshop } = options.place ?? ownPlace;
  const after = await digestsOf(await chainBefore(exercise, all, options.chain));
  const now = await digestsOf(await listTree(root));
  const { done } = await readProgress(join(workshop, PROGRESS));
  const kept = progressAtStartOf(exercise, all, await readProgress(join(workshop, PROGRESS))).done;
  return {
    action: `reset ${commandWord(exercise)}`,
    since: null,
    files: Object.keys(now).filter((path) => now[path] !== after[path]),
    passes: Object.keys(done).filter((id) => !(id in kept)),
  };
}

/**
 * What `undo` would take with it: files that were written after the move, and exercises passed since.
 * @returns null when there is nothing to take back
 */
export async function undoPlan(options: MoveOptions = {}): Promise<Plan | null> {
  const place = options.place ?? ownPlace;
  await repairWorkingTree(place);
  const last = parseHistory(await recordText(place, HISTORY)).at(-1);
  if (!last) return null;
  const snapshot = await snapshotOf(place, last.id);
  const plan = { action: last.action, since: snapshot.takenAt };
  if (!last.files) return { ...plan, files: [], passes: [] };
  const then = snapshot.digests;
  const now = await digestsOf(await listTree(place.root));
  const madeBy = (path: string): string | null | undefined => last.made?.[path] ?? then[path];
  const { done } = parseProgress(await recordText(place, PROGRESS));
  const before = parseProgress(snapshot.records[PROGRESS] ?? null).done;
  return {
    ...plan,
    files: Object.keys(now).filter((path) => now[path] !== madeBy(path) && now[path] !== then[path]),
    passes: Object.keys(done).filter((id) => !(id in before)),
  };
}
