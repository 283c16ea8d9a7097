import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Changed,
  chainFiles,
  changeWorkingTree,
  ownPlace,
  repairWorkingTree,
  type Snapshot,
  snapshotFiles,
  type TreeFiles,
} from '../tree/index.ts';
import { chainBefore, keepEmptySlots, progressAtStartOf } from './exercise-start.ts';
import { commandWord, type Exercise } from './manifest.ts';
import {
  changesBetween,
  HISTORY,
  historyText,
  LEVELS,
  type Move,
  type MoveOptions,
  PROGRESS,
  parseHistory,
  RECORDS,
  recordText,
  snapshotOf,
} from './move-history.ts';
import { type Progress, parseProgress, progressText } from './progress.ts';

/**
 * `goto 5`: the working tree becomes the chain up to solution 4, ready to begin 5. Exercises before it that are not
 * done count as skipped, since the learner did not do them; it and those after it are open.
 */
export async function goTo(
  exercise: Exercise,
  all: readonly Exercise[],
  options: MoveOptions = {},
): Promise<Changed> {
  return begin(`goto ${commandWord(exercise)}`, exercise, all, options, (progress) => progress);
}

/** `reset 3`: start exercise 3 over. As `goto 3`, and its hints begin again. */
export async function reset(
  exercise: Exercise,
  all: readonly Exercise[],
  options: MoveOptions = {},
): Promise<Changed> {
  return begin(`reset ${commandWord(exercise)}`, exercise, all, options, (progress) => {
    const { [exercise.id]: _, ...hints } = progress.hints;
    return { ...progress, hints };
  });
}

async function begin(
  action: string,
  exercise: Exercise,
  all: readonly Exercise[],
  options: MoveOptions,
  adjust: (progress: Progress) => Progress,
): Promise<Changed> {
  const files = await chainBefore(exercise, all, options.chain);
  const folder = await mkdtemp(join(tmpdir(), 'answers-'));
  try {
    await keepEmptySlots(files, (await (options.chain ?? chainFiles)(0)).get('answers.json'), folder);
    return await move(
      action,
      files,
      (progress) => adjust(progressAtStartOf(exercise, all, progress)),
      options,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `skip 4`: leave it out. The files stay; only the progress says it, and a snapshot is taken as for every move. */
export async function skip(exercise: Exercise, options: MoveOptions = {}): Promise<Changed> {
  const action = `skip ${commandWord(exercise)}`;
  return move(
    action,
    undefined,
    (progress) => ({ ...progress, skipped: [...new Set([...progress.skipped, exercise.id])].sort() }),
    options,
  );
}

export interface Undone extends Changed {
  /** the move that was taken back: `goto 5` */
  action: string;
  /** moves that can still be taken back */
  left: number;
}

/**
 * Takes back the last goto, reset or skip; called again, the one before. The files of now are kept in a snapshot, too.
 * @returns null when there is nothing to take back
 * @throws WorkingTreeError when the snapshot is gone
 */
export async function undo(options: MoveOptions = {}): Promise<Undone | null> {
  const place = options.place ?? ownPlace;
  // An interrupted move may not be in the history yet.
  await repairWorkingTree(place);
  const stack = parseHistory(await recordText(place, HISTORY));
  const last = stack.at(-1);
  if (!last) return null;
  const snapshot = await snapshotOf(place, last.id);
  const earlier = stack.slice(0, -1);
  const changed = await changeWorkingTree(
    place,
    {
      action: `undo ${last.action}`,
      ...(last.files ? { files: await snapshotFiles(place, last.id) } : {}),
      recordNames: RECORDS,
      keep: earlier.map((entry) => entry.id),
      records: (now) => ({
        [PROGRESS]: progressText(progressOfThen(snapshot, now, last.files)),
        [HISTORY]: historyText(earlier),
      }),
    },
    options.step,
  );
  return { ...changed, action: last.action, left: earlier.length };
}

/**
 * `undo --to ID`: the files and the progress of any snapshot. It can itself be taken back.
 * @throws WorkingTreeError when there is no such snapshot
 */
export async function restore(id: string, options: MoveOptions = {}): Promise<Changed> {
  const place = options.place ?? ownPlace;
  await repairWorkingTree(place);
  const snapshot = await snapshotOf(place, id);
  return move(
    'restore',
    await snapshotFiles(place, id),
    (progress) => ({ ...parseProgress(snapshot.records[PROGRESS] ?? null), hints: progress.hints }),
    options,
    [id],
  );
}

/** Replaces the working tree and its records, and remembers how to take that back. @param files undefined: as they are */
export async function move(
  action: string,
  files: TreeFiles | undefined,
  after: (progress: Progress) => Progress,
  options: MoveOptions,
  keep: readonly string[] = [],
): Promise<Changed> {
  const place = options.place ?? ownPlace;
  await repairWorkingTree(place);
  const newest = (text: string | null): Move[] => parseHistory(text).slice(-(LEVELS - 1));
  return changeWorkingTree(
    place,
    {
      action,
      ...(files ? { files } : {}),
      recordNames: RECORDS,
      keep: [...newest(await recordText(place, HISTORY)).map((entry) => entry.id), ...keep],
      records: (snapshot, digests) => ({
        [PROGRESS]: progressText(after(parseProgress(snapshot.records[PROGRESS] ?? null))),
        [HISTORY]: historyText([
          ...newest(snapshot.records[HISTORY] ?? null),
          {
            id: snapshot.id,
            action,
            files: files !== undefined,
            made: changesBetween(snapshot.digests, digests),
          },
        ]),
      }),
    },
    options.step,
  );
}

/** What was done and skipped then. Hints that were read stay read. */
function progressOfThen(then: Snapshot, now: Snapshot, withDone: boolean): Progress {
  const old = parseProgress(then.records[PROGRESS] ?? null);
  const current = parseProgress(now.records[PROGRESS] ?? null);
  const hints = { ...old.hints, ...current.hints };
  if (withDone) return { ...old, hints };
  return { ...current, skipped: old.skipped.filter((id) => !(id in current.done)), hints };
}
