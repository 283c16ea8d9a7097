import { access, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDurably, digestsOf, explainDisk, sameDigests, writeDurably } from './durable.ts';
import { listTree, type TreeFiles } from './files.ts';
import { type TreePlace, WorkingTreeError } from './place.ts';

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
  /** SHA-256 of each file, by path */
  digests: Record<string, string>;
  /** texts of records beside the tree, by file name in the workshop's folder: progress.json. null: was not there */
  records: Record<string, string | null>;
}

export const snapshotsFolder = (place: TreePlace): string => join(place.workshop, 'snapshots');
const filesFolder = (place: TreePlace, id: string): string => join(snapshotsFolder(place), id, 'files');

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
  const id = await freeId(place, `${takenAt.replace(/[-:.Z]/g, '')}-${before.replace(/[^\w]+/g, '-')}`);
  const partial = join(snapshotsFolder(place), `${id}.partial`);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await rm(partial, { recursive: true, force: true });
      const files = await listTree(place.root);
      const digests = await digestsOf(files);
      await copyDurably(files, join(partial, 'files'));
      const records = Object.fromEntries(
        await Promise.all(
          recordNames.map(async (name) => [name, await textOf(join(place.workshop, name))] as const),
        ),
      );
      // An editor may save while we copy: the copy counts only if it and the files are what was read first.
      const copied = await digestsOf(await listTree(join(partial, 'files')));
      const now = await digestsOf(await listTree(place.root));
      if (!sameDigests(copied, digests) || !sameDigests(now, digests)) continue;
      const snapshot: Snapshot = { schema: 1, id, before, takenAt, digests, records };
      await writeDurably(join(partial, 'snapshot.json'), `${JSON.stringify(snapshot, null, 1)}\n`);
      await rename(partial, join(snapshotsFolder(place), id));
      return snapshot;
    }
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw explainDisk(error, 'Your files could not be copied aside, so nothing was changed.');
  }
  await rm(partial, { recursive: true, force: true });
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
  if (text === null) return null;
  try {
    const snapshot = JSON.parse(text) as Snapshot;
    return snapshot.schema === 1 && snapshot.id === id ? snapshot : null;
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

async function freeId(place: TreePlace, wanted: string): Promise<string> {
  for (let number = 1; ; number++) {
    const id = number === 1 ? wanted : `${wanted}-${number}`;
    try {
      await access(join(snapshotsFolder(place), id));
    } catch {
      return id;
    }
  }
}

export async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
