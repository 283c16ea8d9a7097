import { copyFile, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeAtomically } from '@workshop/base/files';
import { type Digests, digestsOf, listTree, type TreeFiles } from './files.ts';
import { explainDisk, type TreePlace, WorkingTreeError } from './place.ts';

/** Older ones are removed. One is about as large as the apps' sources, 1 to 2 MB. */
const SNAPSHOTS_KEPT = 60;
const ATTEMPTS = 3;

/** The learner's files as they were at one moment, and the workshop's records of then. */
export interface Snapshot {
  schema: 1;
  /** the folder's name, which sorts by time: `20261122T143105123-goto-5` */
  id: string;
  /** what was about to happen: `goto 5` */
  before: string;
  /** ISO 8601 */
  takenAt: string;
  digests: Digests;
  /** texts of records beside the tree, by file name in the workshop's folder: progress.json. null: was not there */
  records: Record<string, string | null>;
}

const snapshotsFolder = (place: TreePlace): string => join(place.workshop, 'snapshots');
export const filesFolder = (place: TreePlace, id: string): string =>
  join(snapshotsFolder(place), id, 'files');

/** Copies files below `folder`, with their modes, each whole and lasting. */
export async function copyFiles(files: TreeFiles, folder: string): Promise<void> {
  // A few at a time: hundreds of open files at once are too many for some systems.
  const rest = [...files];
  const copyRest = async (): Promise<void> => {
    for (let next = rest.pop(); next; next = rest.pop()) await copyLasting(next[1], join(folder, next[0]));
  };
  await Promise.all(Array.from({ length: 8 }, copyRest));
}

/** Copies one file with its mode, makes the folders on the way, and waits until the disk has it. */
export async function copyLasting(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  // A read-only file of the learner's can be opened for reading only; Windows flushes only what is open for writing.
  const copy = await open(to, process.platform === 'win32' ? 'r+' : 'r').catch(() => null);
  await copy?.sync().finally(() => copy.close());
}

/**
 * Copies the learner's files aside and proves the copy, before anything is replaced.
 * @throws WorkingTreeError when the disk is full or the files do not stand still; then nothing was changed
 */
export async function takeSnapshot(
  place: TreePlace,
  before: string,
  recordNames: readonly string[],
): Promise<Snapshot> {
  const takenAt = new Date().toISOString();
  const name = `${takenAt.replace(/[-:.Z]/g, '')}-${before.replace(/[^\w]+/g, '-')}`;
  const taken = await readdir(snapshotsFolder(place)).catch(() => [] as string[]);
  let id = name;
  for (let number = 2; taken.includes(id); number++) id = `${name}-${number}`;
  const partial = join(snapshotsFolder(place), `${id}.partial`);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const files = await listTree(place.root);
      const digests = await digestsOf(files);
      await copyFiles(files, join(partial, 'files'));
      const records: Snapshot['records'] = {};
      for (const record of recordNames) records[record] = await textOf(join(place.workshop, record));
      // An editor may save while we copy: the copy counts only if it and the files are what was read first.
      const copied = await digestsOf(await listTree(join(partial, 'files')));
      const now = await digestsOf(await listTree(place.root));
      if (isDeepStrictEqual(copied, digests) && isDeepStrictEqual(now, digests)) {
        const snapshot: Snapshot = { schema: 1, id, before, takenAt, digests, records };
        await writeAtomically(join(partial, 'snapshot.json'), `${JSON.stringify(snapshot, null, 1)}\n`);
        await rename(partial, join(snapshotsFolder(place), id));
        return snapshot;
      }
      await rm(partial, { recursive: true, force: true });
    }
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw explainDisk(error, 'Your files could not be copied aside, so nothing was changed.');
  }
  throw new WorkingTreeError(
    'Your files change while they are copied aside, so nothing was changed. Stop what writes them, and try again.',
  );
}

/** Every whole snapshot, oldest first. */
export async function readSnapshots(place: TreePlace): Promise<Snapshot[]> {
  const names = await readdir(snapshotsFolder(place)).catch(() => [] as string[]);
  const found = await Promise.all(names.sort().map((name) => readSnapshot(place, name)));
  return found.filter((snapshot) => snapshot !== null);
}

/** null: there is none of this id, or it is not whole. */
export async function readSnapshot(place: TreePlace, id: string): Promise<Snapshot | null> {
  if (!/^[\w-]+$/.test(id)) return null;
  const text = await textOf(join(snapshotsFolder(place), id, 'snapshot.json'));
  try {
    const snapshot = JSON.parse(text ?? 'null') as Snapshot | null;
    return snapshot?.schema === 1 && snapshot.id === id ? snapshot : null;
  } catch {
    return null;
  }
}

/** The files of a snapshot: path in the tree to the file that holds its content. */
export async function snapshotFiles(place: TreePlace, id: string): Promise<TreeFiles> {
  return listTree(filesFolder(place, id));
}

/** Removes what killed commands left behind, and the oldest snapshots beyond the newest 60. */
export async function pruneSnapshots(place: TreePlace, keep: readonly string[]): Promise<void> {
  const names = (await readdir(snapshotsFolder(place)).catch(() => [] as string[])).sort();
  const partial = names.filter((name) => name.endsWith('.partial'));
  const old = names.filter((name) => !name.endsWith('.partial')).slice(0, -SNAPSHOTS_KEPT);
  for (const name of [...partial, ...old.filter((id) => !keep.includes(id))]) {
    await rm(join(snapshotsFolder(place), name), { recursive: true, force: true });
  }
}

/** null: there is no such file. */
export async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
