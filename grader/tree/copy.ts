import { copyFile, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileTooLargeError, hashTree, listTree, type TreeFiles } from './files.ts';

/** Copies that are older than the newest ones of this number are removed. */
const COPIES_KEPT = 24;

/**
 * Copies a tree's files to `<trees>/<content hash>` and returns that folder. A copy that is there already is used
 * again, after it was compared: a learner's process may have written into it.
 */
export async function copyTree(files: TreeFiles, trees: string): Promise<{ path: string; hash: string }> {
  const hash = await hashTree(files);
  const path = join(trees, hash);
  if (await holds(path, hash)) {
    const now = new Date();
    await utimes(path, now, now);
    return { path, hash };
  }
  await mkdir(trees, { recursive: true });
  const partial = `${path}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  const folders = new Set([...files.keys()].map((file) => dirname(join(partial, file))));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  await Promise.all([...files].map(([file, source]) => copyFile(source, join(partial, file))));
  await rm(path, { recursive: true, force: true });
  try {
    await rename(partial, path);
  } catch (error) {
    // Another grading of the same tree was faster: its copy is the same.
    await rm(partial, { recursive: true, force: true });
    if (!(await holds(path, hash))) throw error;
  }
  // Nobody waits for it. What could not be removed is next time.
  prune(trees, path).catch(() => {});
  return { path, hash };
}

async function holds(path: string, hash: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isDirectory()) return false;
  } catch {
    return false;
  }
  try {
    return (await hashTree(await listTree(path))) === hash;
  } catch (error) {
    // Whatever wrote a huge file into the copy, the copy is no longer what it was.
    if (error instanceof FileTooLargeError) return false;
    throw error;
  }
}

async function prune(trees: string, keep: string): Promise<void> {
  const copies: { path: string; usedMs: number }[] = [];
  for (const name of await readdir(trees)) {
    const path = join(trees, name);
    try {
      copies.push({ path, usedMs: (await stat(path)).mtimeMs });
    } catch {
      // another grading removed it
    }
  }
  copies.sort((a, b) => b.usedMs - a.usedMs);
  const old = copies
    .slice(COPIES_KEPT)
    .filter((copy) => copy.path !== keep && Date.now() - copy.usedMs > 3_600_000);
  for (const { path } of old) await remove(path);
}

/** Moved away first: a grading that wants this copy meanwhile must find it whole, or not at all. */
async function remove(path: string): Promise<void> {
  const doomed = `${path}.old-${process.pid}`;
  try {
    await rename(path, doomed);
  } catch {
    return; // another grading removed it
  }
  await rm(doomed, { recursive: true, force: true });
}
