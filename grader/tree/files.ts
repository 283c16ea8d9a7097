import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a tree is made of, beside the repository's own machinery. */
export const TREE_PARTS = ['app-backend', 'app-frontend', 'queries', 'incident', 'answers.json'] as const;

/** Made by tools or by running; never part of what is graded. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.angular', 'coverage', '.git', '.workshop', '.DS_Store']);

/** Path inside the tree, with `/`, to the file that holds its content now. */
export type TreeFiles = Map<string, string>;

/** The files of the tree that lies at `directory`. Symbolic links are left out: they could lead outside. */
export async function listTree(directory: string): Promise<TreeFiles> {
  const files: TreeFiles = new Map();
  for (const part of TREE_PARTS) await collect(directory, part, files);
  return files;
}

/** Every file below `directory`, as a tree's files. */
export async function listFolder(directory: string): Promise<TreeFiles> {
  const files: TreeFiles = new Map();
  for (const entry of await readdir(directory)) await collect(directory, entry, files);
  return files;
}

async function collect(root: string, path: string, files: TreeFiles): Promise<void> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (LEFT_OUT.has(name)) return;
  let entries: import('node:fs').Dirent[];
  try {
    entries = await readdir(join(root, path), { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR') files.set(path, join(root, path));
    else if (code !== 'ENOENT') throw error;
    return;
  }
  for (const entry of entries) {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory()) await collect(root, below, files);
    else if (entry.isFile() && !LEFT_OUT.has(entry.name)) files.set(below, join(root, below));
  }
}

/** SHA-256 over paths and contents in path order; the first 16 hexadecimal digits. */
export async function hashTree(files: TreeFiles): Promise<string> {
  const hash = createHash('sha256');
  for (const path of [...files.keys()].sort()) {
    const content = await readFile(files.get(path) as string);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
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
