import { lstat, mkdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeAtomically } from '@workshop/base/files';
import { type Digests, digestsOf, listTree, type TreeFiles } from './files.ts';
import { explainDisk, ownPlace, type TreePlace, WorkingTreeError, withTreeLock } from './place.ts';
import {
  copyFiles,
  copyLasting,
  filesFolder,
  pruneSnapshots,
  readSnapshot,
  type Snapshot,
  takeSnapshot,
  textOf,
} from './snapshot.ts';

/** What a working tree is to become. */
export interface Change {
  /** `goto 5` */
  action: string;
  /** undefined: the files stay as they are, and only the records change */
  files?: TreeFiles;
  /** records beside the tree that change with it; null: removed. `after` is what the tree will be */
  records: (snapshot: Snapshot, after: Digests) => Record<string, string | null>;
  /** all records that a snapshot keeps, by file name in the workshop's folder */
  recordNames: readonly string[];
  /** snapshots that are kept however old they are */
  keep?: readonly string[];
}

export interface Changed {
  snapshot: Snapshot;
  /** paths that were written or removed */
  paths: { written: string[]; removed: string[] };
  /** a snapshot of files that somebody wrote while they were replaced */
  rescued: string | null;
}

/**
 * What is being done to the working tree. Once this file is there, the change will be finished, by this command or by
 * the next one; before, nothing was changed. It holds no list of steps: what is left to do is seen by comparing the
 * files with `after`, so it can be done any number of times.
 */
interface Journal {
  action: string;
  /** the snapshot that holds every file and record of before */
  snapshot: string;
  after: Digests;
  records: Record<string, string | null>;
}

/** Called before each step that changes something on the disk, with its name. For tests that kill in between. */
export type OnStep = (step: string) => void;

const stageFolder = (place: TreePlace): string => join(place.workshop, 'replacing');
const stagedFiles = (place: TreePlace): string => join(stageFolder(place), 'files');
const journalFile = (place: TreePlace): string => join(stageFolder(place), 'journal.json');

/**
 * Replaces the learner's files by others, whole or not at all, even when killed in the middle. First everything is
 * copied aside and proven; then what is new is staged; a journal makes it certain; then files are moved into place.
 * Only files of the tree are touched: never node_modules, dist, .git or symbolic links.
 *
 * @throws WorkingTreeError with the tree as it was before
 */
export async function changeWorkingTree(
  place: TreePlace,
  change: Change,
  step: OnStep = () => {},
): Promise<Changed> {
  return withTreeLock(place, async () => {
    await repairLocked(place, step);
    step('snapshot');
    const snapshot = await takeSnapshot(place, change.action, change.recordNames);
    const before = snapshot.digests;
    const wanted = change.files && (await withoutMissingApps(change.files, await listTree(place.root)));
    const after = wanted ? await digestsOf(wanted) : before;
    const written = Object.keys(after).filter((path) => after[path] !== before[path]);
    const removed = Object.keys(before).filter((path) => !(path in after));
    try {
      await refuseObstacles(place, written);
      step('stage');
      await copyFiles(
        new Map(written.map((path) => [path, wanted?.get(path) as string])),
        stagedFiles(place),
      );
      const staged = await digestsOf(await listTree(stagedFiles(place)));
      if (written.some((path) => staged[path] !== after[path]))
        throw new WorkingTreeError(
          'The new files could not be copied whole. Nothing was changed. Try again.',
        );
      if (!isDeepStrictEqual(await digestsOf(await listTree(place.root)), before))
        throw new WorkingTreeError('A file was saved just now. Nothing was changed. Try again.');
      step('journal');
      const journal: Journal = {
        action: change.action,
        snapshot: snapshot.id,
        after,
        records: change.records(snapshot, after),
      };
      await writeAtomically(journalFile(place), `${JSON.stringify(journal)}\n`);
      step('journal written');
      const { rescued, failure } = await complete(place, journal, step);
      if (failure) throw failure;
      await pruneSnapshots(place, [snapshot.id, ...(change.keep ?? [])]);
      return { snapshot, paths: { written, removed }, rescued };
    } catch (error) {
      // A journal that is still there means that neither direction worked: it stays for the next command.
      if ((await textOf(journalFile(place))) === null) await removeStage(place);
      throw explainDisk(error, 'Your files are as they were before.');
    }
  });
}

export interface Repair {
  /** what was interrupted: `goto 5` */
  action: string;
  ended: 'finished' | 'rolled-back';
  /** files that were written after the interruption are in this snapshot */
  rescued: string | null;
}

/**
 * Finishes what an earlier command left half done, because it was killed. Every command that reads or changes the
 * learner's files calls it first. Costs one look at the disk when there is nothing to do.
 *
 * @returns null when nothing was left
 */
export async function repairWorkingTree(place: TreePlace = ownPlace): Promise<Repair | null> {
  const left = await stat(stageFolder(place)).catch(() => null);
  return left && withTreeLock(place, () => repairLocked(place, () => {}));
}

/** What a learner reads about a repair. */
export function repairText(repair: Repair): string {
  const how = repair.ended === 'finished' ? 'It is finished now.' : 'It was taken back.';
  const rescued = repair.rescued
    ? ` Files that you changed since are kept: npm run undo -- --to ${repair.rescued}`
    : '';
  return `"${repair.action}" was interrupted in the middle. ${how} Your files are whole.${rescued}`;
}

async function repairLocked(place: TreePlace, step: OnStep): Promise<Repair | null> {
  const text = await textOf(journalFile(place));
  if (text === null) {
    // Killed before the journal was there: nothing of the learner's was touched.
    await removeStage(place);
    return null;
  }
  const journal = JSON.parse(text) as Journal;
  const { rescued, failure } = await complete(place, journal, step);
  return { action: journal.action, ended: failure ? 'rolled-back' : 'finished', rescued };
}

/**
 * Finishes what a journal says; if that cannot be done, takes it back. Either way the tree is whole afterwards.
 * @returns why it was taken back, and the snapshot of files that are neither as before nor as after: somebody else
 * wrote them meanwhile
 * @throws WorkingTreeError when neither can be done; the journal stays, for the next command to try again
 */
async function complete(
  place: TreePlace,
  { action, snapshot: id, after, records }: Journal,
  step: OnStep,
): Promise<{ failure: unknown; rescued: string | null }> {
  const snapshot = await readSnapshot(place, id);
  const now = Object.entries(await digestsOf(await listTree(place.root)));
  const foreign = now.some(([path, is]) => is !== snapshot?.digests[path] && is !== after[path]);
  const rescued = foreign
    ? (await takeSnapshot(place, `finishing ${action}`, Object.keys(records))).id
    : null;
  let failure: unknown = null;
  try {
    await become(place, after, stagedFiles(place), step);
    await writeRecords(place, records, step);
  } catch (error) {
    failure = error;
    try {
      if (!snapshot) throw error;
      await become(place, snapshot.digests, filesFolder(place, id), () => {});
      await writeRecords(place, snapshot.records, () => {});
    } catch (second) {
      throw new WorkingTreeError(
        `"${action}" could be neither finished nor taken back: ${(second as Error).message}. Your files are whole in ${filesFolder(place, id)}. Mend the cause and run the command again.`,
      );
    }
  }
  step('remove the journal');
  await removeStage(place);
  return { failure, rescued };
}

/** Makes the tree what `wanted` says, with files from `source` moved into place one by one, each whole. */
async function become(place: TreePlace, wanted: Digests, source: string, step: OnStep): Promise<void> {
  const have = await digestsOf(await listTree(place.root));
  // Removing comes first: a file may stand where a folder is wanted, and names may differ in case only.
  for (const path of Object.keys(have).filter((one) => !(one in wanted))) {
    step(`remove ${path}`);
    await unlink(join(place.root, path));
    await removeEmpty(place.root, dirname(path));
  }
  for (const path of Object.keys(wanted).filter((one) => have[one] !== wanted[one])) {
    step(`replace ${path}`);
    const next = join(stageFolder(place), 'next');
    await copyLasting(join(source, path), next);
    await mkdir(dirname(join(place.root, path)), { recursive: true });
    await rename(next, join(place.root, path));
  }
  if (!isDeepStrictEqual(await digestsOf(await listTree(place.root)), wanted))
    throw new WorkingTreeError('The files are not what they should be now');
}

async function removeEmpty(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== '.'; at = dirname(at)) {
    try {
      await rmdir(join(root, at));
    } catch {
      return; // not empty: something that is no part of the tree, such as node_modules, is in it
    }
  }
}

async function writeRecords(place: TreePlace, records: Journal['records'], step: OnStep): Promise<void> {
  for (const [name, text] of Object.entries(records)) {
    step(`record ${name}`);
    if (text === null) await rm(join(place.workshop, name), { force: true });
    else await writeAtomically(join(place.workshop, name), text);
  }
}

async function removeStage(place: TreePlace): Promise<void> {
  // The journal first: what is staged means nothing without it.
  await rm(journalFile(place), { force: true });
  await rm(stageFolder(place), { recursive: true, force: true });
}

/** A chain that holds no page yet must not remove the learner's page. */
async function withoutMissingApps(files: TreeFiles, current: TreeFiles): Promise<TreeFiles> {
  const wanted = new Map(files);
  for (const app of ['app-backend/', 'app-frontend/']) {
    if ([...files.keys()].some((path) => path.startsWith(app))) continue;
    for (const [path, source] of current) if (path.startsWith(app)) wanted.set(path, source);
  }
  return wanted;
}

/** A symbolic link on the way would lead a write out of the tree. */
async function refuseObstacles(place: TreePlace, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const parts = path.split('/');
    for (let length = 1; length <= parts.length; length++) {
      const at = parts.slice(0, length).join('/');
      const found = await lstat(join(place.root, at)).catch(() => null);
      if (!found) break;
      if (found.isDirectory() || found.isFile()) continue;
      const what = found.isSymbolicLink() ? 'a symbolic link' : 'neither a file nor a folder';
      throw new WorkingTreeError(
        `${at} is ${what}, so ${path} cannot be put there. Move it away and try again. Nothing was changed.`,
      );
    }
  }
  const [root, workshop] = await Promise.all([stat(place.root), stat(place.workshop)]);
  if (root.dev !== workshop.dev) {
    throw new WorkingTreeError(
      'The folder .workshop lies on another disk than your files, so they cannot be exchanged safely. Nothing was changed.',
    );
  }
}
