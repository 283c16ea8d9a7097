import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TreeFiles } from '../index.ts';

/** Runs a test with a fresh temporary folder, and removes it. */
export async function inFolder(test: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'tree-'));
  try {
    await test(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

export async function writeTexts(root: string, texts: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

export async function textsOf(files: TreeFiles): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [path, source] of [...files].sort()) texts[path] = await readFile(source, 'utf8');
  return texts;
}
