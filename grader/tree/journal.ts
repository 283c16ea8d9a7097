import { lstat, mkdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyDurably, type Digests, digestsOf, explainDisk, sameDigests, writeDurably } from './durable.ts';
import { listTree } from './files.ts';
import { type TreePlace, WorkingTreeError } from './place.ts';
import { readSnapshot, snapshotFiles, snapshotsFolder, takeSnapshot, textOf } from './snapshot.ts';

/**
 * What is being done to the working tree. Once this file is there, the replacement will be finished, by this command
 * or by the next one; before, nothing was changed. It holds no list of steps: what is left to do is seen by comparing
 * the files with `after`, so it can be done any number of times.
 */
export interface Journal {
  schema: 1;
  /** `goto 5` */
  action: string;
  /** the snapshot that holds every file of `before` */
  snapshot: string;
  before: Digests;
  after: Digests;
  /** what the records beside the tree become, by file name in the workshop's folder. null: removed */
  records: Record<string, string | null>;
}

/** Called before each step that changes something on the disk, with its name. For tests that kill in between. */
export type OnStep = (step: string) => void;

export const stageFolder = (place: TreePlace): string => join(place.workshop, 'replacing');
export const stagedFiles = (place: TreePlace): string => join(stageFolder(place), 'files');
const journalFile = (place: TreePlace): string => join(stageFolder(place), 'journal.json');

export async function writeJournal(place: TreePlace, journal: Journal): Promise<void> {
  await writeDurably(journalFile(place), `${JSON.stringify(journal)}\n`);
}

export async function readJournal(place: TreePlace): Promise<Journal | null> {
  const text = await textOf(journalFile(place));
  return text === null ? null : (JSON.parse(text) as Journal);
}

export async function removeStage(place: TreePlace): Promise<void> {
  // The journal first: what is staged means nothing without it.
  await rm(journalFile(place), { force: true });
  await rm(stageFolder(place), { recursive: true, force: true });
}

/**
 * Finishes what a journal says; if that cannot be done, takes it back. Either way the tree is whole afterwards.
 * @returns how it ended, and why it could not be finished
 * @throws WorkingTreeError when neither can be done; the journal stays, for the next command to try again
 */
export async function completeJournal(
  place: TreePlace,
  journal: Journal,
  step: OnStep = () => {},
): Promise<{ ended: 'finished' | 'rolled-back'; cause: unknown }> {
  let cause: unknown = null;
  let ended: 'finished' | 'rolled-back' = 'finished';
  try {
    await become(place, journal.after, step);
    await writeRecords(place, journal.records, step);
  } catch (error) {
    cause = error;
    ended = 'rolled-back';
    try {
      await rollBack(place, journal);
    } catch (second) {
      throw explainDisk(
        new WorkingTreeError(
          `"${journal.action}" could be neither finished nor taken back: ${(second as Error).message}. Your files are whole in ${join(snapshotsFolder(place), journal.snapshot, 'files')}. Mend the cause and run the command again.`,
        ),
        '',
      );
    }
  }
  step('remove the journal');
  await removeStage(place);
  return { ended, cause };
}

/**
 * Files that are neither as before nor as after were written by somebody else meanwhile. They are kept in a snapshot,
 * whose id is returned.
 */
export async function rescueForeign(place: TreePlace, journal: Journal): Promise<string | null> {
  const now = await digestsOf(await listTree(place.root));
  const foreign = Object.entries(now).some(
    ([path, digest]) => digest !== journal.before[path] && digest !== journal.after[path],
  );
  if (!foreign) return null;
  return (await takeSnapshot(place, `finishing ${journal.action}`, Object.keys(journal.records))).id;
}

async function rollBack(place: TreePlace, journal: Journal): Promise<void> {
  const staged = stagedFiles(place);
  await rm(staged, { recursive: true, force: true });
  await copyDurably(await snapshotFiles(place, journal.snapshot), staged);
  await become(place, journal.before, () => {});
  const recorded = (await readSnapshot(place, journal.snapshot))?.records ?? {};
  const changed = Object.keys(journal.records).filter((name) => name in recorded);
  await writeRecords(
    place,
    Object.fromEntries(changed.map((name) => [name, recorded[name] ?? null])),
    () => {},
  );
}

async function writeRecords(place: TreePlace, records: Journal['records'], step: OnStep): Promise<void> {
  for (const [name, text] of Object.entries(records)) {
    step(`record ${name}`);
    const file = join(place.workshop, name);
    if (text === null) await rm(file, { force: true });
    else await writeDurably(file, text);
  }
}

/** Makes the tree what `wanted` says, with staged files moved into place one by one, each whole. */
async function become(place: TreePlace, wanted: Digests, step: OnStep): Promise<void> {
  const now = await listTree(place.root);
  const have = await digestsOf(now);
  // Removing comes first: a file may stand where a folder is wanted, and names may differ in case only.
  const emptied = new Set<string>();
  for (const path of Object.keys(have)) {
    if (path in wanted) continue;
    step(`remove ${path}`);
    await unlink(join(place.root, path));
    emptied.add(dirname(path));
  }
  for (const folder of emptied) await removeEmpty(place.root, folder);
  for (const [path, digest] of Object.entries(wanted)) {
    if (have[path] === digest) continue;
    step(`replace ${path}`);
    await mkdir(dirname(join(place.root, path)), { recursive: true });
    await rename(join(stagedFiles(place), path), join(place.root, path));
  }
  const reached = await digestsOf(await listTree(place.root));
  if (!sameDigests(reached, wanted)) throw new WorkingTreeError('The files are not what they should be now');
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

/**
 * Says why a file could not be put at `path`, null when it could: a symbolic link on the way would lead the write out of
 * the tree.
 */
export async function obstacleAt(root: string, path: string): Promise<string | null> {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length++) {
    const at = parts.slice(0, length).join('/');
    const found = await lstat(join(root, at)).catch(() => null);
    if (!found) return null;
    if (found.isSymbolicLink()) return `${at} is a symbolic link`;
    if (!found.isDirectory() && !found.isFile()) return `${at} is neither a file nor a folder`;
  }
  return null;
}
