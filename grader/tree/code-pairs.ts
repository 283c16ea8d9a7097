import { readFile } from 'node:fs/promises';
import type { TreeFiles } from './files.ts';

/** One file as it is in two trees. null: not there. */
export interface CodePair {
  path: string;
  yours: string | null;
  solution: string | null;
  /** true: the exercise's solution changes it; false: only the learner did */
  changedBySolution: boolean;
}

/**
 * The files in which a learner's tree and a solution differ: first those that the solution itself changes relative to
 * the chain before it, then those that only the learner changed. Left out are files with zero bytes inside, which are no
 * text, and .env files, which may hold keys. Line ends do not count.
 */
export async function codePairs(
  yours: TreeFiles,
  solution: TreeFiles,
  before: TreeFiles,
): Promise<CodePair[]> {
  const pairs: CodePair[] = [];
  for (const path of [...new Set([...yours.keys(), ...solution.keys()])].sort()) {
    if (/(^|\/)\.env[^/]*$/.test(path)) continue;
    const [mine, theirs, earlier] = await Promise.all(
      [yours, solution, before].map((tree) => textIn(tree, path)),
    );
    if (mine === undefined || theirs === undefined || mine === theirs) continue;
    pairs.push({ path, yours: mine, solution: theirs, changedBySolution: theirs !== earlier });
  }
  return pairs.sort((a, b) => Number(b.changedBySolution) - Number(a.changedBySolution));
}

/** null: not there; undefined: not text. */
async function textIn(tree: TreeFiles, path: string): Promise<string | null | undefined> {
  const source = tree.get(path);
  if (source === undefined) return null;
  const text = await readFile(source, 'utf8');
  return text.includes('\0') ? undefined : text.replaceAll('\r\n', '\n');
}
