import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkshopError } from '@workshop/base';

/** What a tree is made of, beside the repository's own machinery. */
export const TREE_PARTS = ['app-backend', 'app-frontend', 'queries', 'incident', 'answers.json'] as const;

/** Made by tools or by running; never part of what is graded. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.angular', 'coverage', '.git', '.workshop', '.DS_Store']);

/** Bytes. A file of a tree is source; whole trees are read into memory, and more than 2 GiB cannot be. */
const LARGEST_FILE = 32 * 1024 * 1024;

/** A tree has some two hundred files: one after another, reading them takes three times as long. */
const READ_AT_ONCE = 64;

/** A file that is too large to be part of a tree. */
export class FileTooLargeError extends WorkshopError {
  constructor(path: string) {
    super(`${path} is larger than ${LARGEST_FILE / 1024 ** 2} MB.`, {
      whatToDo: 'Move it out of the apps and queries: it cannot be graded.',
    });
  }
}

/** Path inside the tree, with `/`, to the file that holds its content now. */
export type TreeFiles = Map<string, string>;

/** The files of the tree that lies at `directory`: no links, which could lead outside, no pipes and no devices. */
export async function listTree(directory: string): Promise<TreeFiles> {
  return new Map(await filesOf(directory, TREE_PARTS));
}

/** Every file below `directory`, as a tree's files. */
export async function listFolder(directory: string): Promise<TreeFiles> {
  return new Map(await filesOf(directory, await readdir(directory)));
}

type Found = [path: string, source: string][];

async function filesOf(root: string, parts: readonly string[]): Promise<Found> {
  return (await Promise.all(parts.map((part) => filesAt(root, part)))).flat();
}

async function filesAt(root: string, path: string): Promise<Found> {
  if (LEFT_OUT.has(path)) return [];
  const found = await lstat(join(root, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found?.isFile()) return [[path, join(root, path)]];
  return found?.isDirectory() ? filesBelow(root, path) : [];
}

/** Folders side by side: whoever saved a file waits for this list several times. */
async function filesBelow(root: string, path: string): Promise<Found> {
  const entries = await readdir(join(root, path), { withFileTypes: true });
  const found = entries.map((entry): Found | Promise<Found> => {
    const below = `${path}/${entry.name}`;
    if (LEFT_OUT.has(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(root, below);
    return entry.isFile() ? [[below, join(root, below)]] : [];
  });
  return (await Promise.all(found)).flat();
}

/**
 * SHA-256 over paths and contents in path order; the first 16 hexadecimal digits.
 * @throws FileTooLargeError for a file that no learner wrote by hand
 */
export async function hashTree(files: TreeFiles): Promise<string> {
  const hash = createHash('sha256');
  const paths = [...files.keys()].sort();
  for (let at = 0; at < paths.length; at += READ_AT_ONCE) {
    const group = paths.slice(at, at + READ_AT_ONCE);
    const contents = await Promise.all(group.map((path) => contentOf(path, files.get(path) as string)));
    for (const [number, content] of contents.entries())
      hash.update(`${group[number]}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

async function contentOf(path: string, source: string): Promise<Buffer> {
  if ((await stat(source)).size > LARGEST_FILE) throw new FileTooLargeError(path);
  return readFile(source);
}

/** SHA-256 of each file, hexadecimal, by path. */
export type Digests = Record<string, string>;

export async function digestsOf(files: TreeFiles): Promise<Digests> {
  const digests: Digests = {};
  for (const [path, source] of files) {
    digests[path] = createHash('sha256')
      .update(await readFile(source))
      .digest('hex');
  }
  return digests;
}
