import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TreeFiles } from './files.ts';
import { WorkingTreeError } from './place.ts';

/** SHA-256 of each file, hexadecimal, by path. */
export type Digests = Record<string, string>;

export async function digestsOf(files: TreeFiles): Promise<Digests> {
  const entries = await Promise.all(
    [...files].map(async ([path, source]) => [path, await digestOf(source)] as const),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

export function sameDigests(a: Digests, b: Digests): boolean {
  const paths = Object.keys(a);
  return paths.length === Object.keys(b).length && paths.every((path) => a[path] === b[path]);
}

/** Copies files below `folder`, with their modes, and waits until the disk has them. */
export async function copyDurably(files: TreeFiles, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const below of new Set([...files.keys()].map((path) => dirname(join(folder, path))))) {
    await mkdir(below, { recursive: true });
  }
  // A few at a time: hundreds of open files at once are too many for some systems.
  const rest = [...files];
  const copyNext = async (): Promise<void> => {
    for (let next = rest.pop(); next; next = rest.pop()) {
      const target = join(folder, next[0]);
      await copyFile(next[1], target);
      await flush(target);
    }
  };
  await Promise.all(Array.from({ length: 8 }, copyNext));
}

/** Replaces one file by `text`, whole or not at all. */
export async function writeDurably(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, text);
  await flush(partial);
  await rename(partial, path);
  await flushFolder(dirname(path));
}

async function flush(path: string): Promise<void> {
  // A read-only file of the learner's can be opened for reading only; Windows flushes only what is open for writing.
  const file = await open(path, process.platform === 'win32' ? 'r+' : 'r').catch(() => null);
  try {
    await file?.sync();
  } finally {
    await file?.close();
  }
}

/** Makes renames in a folder last. Windows cannot open folders, and some file systems cannot flush them. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') await flush(path).catch(() => {});
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * One clear error for a disk that is full or a folder that cannot be written; any other error as it is.
 * @param outcome what is true of the learner's files now, one sentence
 */
export function explainDisk(error: unknown, outcome: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && DISK_FULL.has(code)) {
    return new WorkingTreeError(`The disk is full (${code}). ${outcome} Make some room and try again.`);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EBUSY') {
    return new WorkingTreeError(
      `${path ?? 'A file'} cannot be written (${code}). ${outcome} Close programs that hold it, look at its rights, and try again.`,
    );
  }
  return error;
}
