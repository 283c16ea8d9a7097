import { readFile } from 'node:fs/promises';
import type { TreeFiles } from './files.ts';

/** One file as it is in two trees. null: not there. */
export interface CodePair {
  path: string;
  yours: string | null;
  solution: string | null;
}

/**
 * The files in which a learner's tree and a solution differ, by path. Left out are files with zero bytes inside, which
 * are no text, and .env files, which may hold keys. Line ends do not count.
 */
export async function codePairs(yours: TreeFiles, solution: TreeFiles): Promise<CodePair[]> {
  const pairs: CodePair[] = [];
  for (const path of [...new Set([...yours.keys(), ...solution.keys()])].sort()) {
    if (/(^|\/)\.env[^/]*$/.test(path)) continue;
    const [mine, theirs] = await Promise.all([yours, solution].map((tree) => textIn(tree, path)));
    if (mine === undefined || theirs === undefined || mine === theirs) continue;
    pairs.push({ path, yours: mine, solution: theirs });
  }
  return pairs;
}

/** null: not there; undefined: not text. */
async function textIn(tree: TreeFiles, path: string): Promise<string | null | undefined> {
  const source = tree.get(path);
  if (source === undefined) return null;
  const text = await readFile(source, 'utf8');
  return text.includes('\0') ? undefined : text.replaceAll('\r\n', '\n');
}
