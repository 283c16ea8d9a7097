import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkshopError } from '@workshop/base';
import {
  type Changed,
  chainFiles,
  changeWorkingTree,
  type Digests,
  digestsOf,
  listTree,
  type OnStep,
  ownPlace,
  readSnapshot,
  repairWorkingTree,
  type Snapshot,
  snapshotFiles,
  solutionFolders,
  type TreeFiles,
  type TreePlace,
  WorkingTreeError,
} from '../tree/index.ts';
import { commandWord, type Exercise, solutionBefore } from './manifest.ts';
import { type Progress, parseProgress, progressText, readProgress } from './progress.ts';

const PROGRESS = 'progress.json';
const HISTORY = 'history.json';
const RECORDS = [PROGRESS, HISTORY];
/** Moves that can be taken back, one after the other. */
const LEVELS = 30;

/** One move that can be taken back. */
interface Entry {
  /** the snapshot that was taken before it */
  id: string;
  /** `goto 5` */
  action: string;
  /** false: it changed only the progress */
  files: boolean;
  /** what it wrote and removed: the digest of each file afterwards, null for one that it removed */
  made?: Record<string, string | null>;
}

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

/** Where a move works, and for tests: the files of the chain and a step to be called. */
export interface MoveOptions {
  place?: TreePlace;
  /** the chain up to a solution; 0 is the start */
  chain?: (upTo: number) => Promise<TreeFiles>;
  step?: OnStep;
}

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

/** What `reset` would replace: the exercise's own files, and those of the exercises before it that are not the solutions'. */
export async function resetPlan(
  exercise: Exercise,
  all: readonly Exercise[],
  options: MoveOptions = {},
): Promise<Plan> {
  const { root, workshop } = options.place ?? ownPlace;
  const after = await digestsOf(await chainBefore(exercise, all, options));
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

async function begin(
  action: string,
  exercise: Exercise,
  all: readonly Exercise[],
  options: MoveOptions,
  adjust: (progress: Progress) => Progress,
): Promise<Changed> {
  const files = await chainBefore(exercise, all, options);
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

async function chainBefore(
  exercise: Exercise,
  all: readonly Exercise[],
  options: MoveOptions,
): Promise<TreeFiles> {
  const upTo = solutionBefore(exercise);
  if (!options.chain) await refuseGap(upTo, all);
  return new Map(await (options.chain ?? chainFiles)(upTo));
}

/** A solution's answers.json holds the answers so far alone; a learner needs the empty slots of the start beside them. */
async function keepEmptySlots(files: TreeFiles, start: string | undefined, folder: string): Promise<void> {
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
  const newest = (text: string | null): Entry[] => parseHistory(text).slice(-(LEVELS - 1));
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

function changesBetween(before: Digests, after: Digests): Record<string, string | null> {
  const paths = Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path]);
  return Object.fromEntries(paths.map((path) => [path, after[path] ?? null]));
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

/** What was done and skipped then. Hints that were read stay read. */
function progressOfThen(then: Snapshot, now: Snapshot, withDone: boolean): Progress {
  const old = parseProgress(then.records[PROGRESS] ?? null);
  const current = parseProgress(now.records[PROGRESS] ?? null);
  const hints = { ...old.hints, ...current.hints };
  if (withDone) return { ...old, hints };
  return { ...current, skipped: old.skipped.filter((id) => !(id in current.done)), hints };
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

async function snapshotOf(place: TreePlace, id: string): Promise<Snapshot> {
  const snapshot = await readSnapshot(place, id);
  if (snapshot) return snapshot;
  throw new WorkingTreeError(
    `There is no snapshot "${id}". npm run undo -- --list shows those that there are.`,
  );
}

function parseHistory(text: string | null): Entry[] {
  try {
    const value = JSON.parse(text ?? 'null') as { schema?: number; moves?: Entry[] } | null;
    return value?.schema === 1 && Array.isArray(value.moves)
      ? value.moves.filter((entry) => typeof entry?.id === 'string')
      : [];
  } catch {
    return [];
  }
}

function historyText(moves: readonly Entry[]): string {
  return `${JSON.stringify({ schema: 1, moves }, null, 1)}\n`;
}

async function recordText(place: TreePlace, name: string): Promise<string | null> {
  return readFile(join(place.workshop, name), 'utf8').catch(() => null);
}
