import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { hashTree, listFolder, type TreeFiles } from '../../tree/index.ts';

/** The files of one page that its build reads, and the hash that says whether it was built before. */
export interface PageSources {
  /** path inside app-frontend, with `/`, to the file that holds its content */
  files: TreeFiles;
  /** of the files and of the installed packages; hexadecimal */
  hash: string;
  /** of the files that decide how is built: when they change, a running builder is of no use */
  setupHash: string;
}

/** Raised when the builder's own way of building changes, so that nothing built before is used. */
const BUILDER_VERSION = 2;

/** Reads the page of a tree; null when the tree has none. */
export async function readPageSources(treeDir: string): Promise<PageSources | null> {
  let listed: TreeFiles;
  try {
    listed = await listFolder(path.join(treeDir, 'app-frontend'));
  } catch {
    return null;
  }
  const files: TreeFiles = new Map([...listed].filter(([file]) => isBuilt(file)));
  if (files.size === 0) return null;
  const setup: TreeFiles = new Map([...files].filter(([file]) => /^[^/]+\.json$/.test(file)));
  const packages = hashOf(lockFile());
  return {
    files,
    hash: hashOf(`${BUILDER_VERSION} ${packages} ${await hashTree(files)}`).slice(0, 16),
    setupHash: hashOf(`${packages} ${await hashTree(setup)}`).slice(0, 16),
  };
}

/** Tests are no part of the page. */
function isBuilt(file: string): boolean {
  return !file.startsWith('e2e/') && !file.endsWith('.spec.ts');
}

function lockFile(): Buffer | string {
  try {
    return readFileSync(path.join(repositoryRoot, 'package-lock.json'));
  } catch {
    return '';
  }
}

function hashOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
