import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from '@workshop/base/json';
import type { AnswersFile, Json, QueryFile } from '../evidence/index.ts';

/** Bytes; answers and queries are written by hand. */
const LARGEST_TEXT = 1024 * 1024;

/** Reads answers.json of a tree. */
export async function readAnswers(tree: string): Promise<AnswersFile> {
  const text = await textOf(join(tree, 'answers.json'));
  if (text === null) return { state: 'missing' };
  const read = readJson(text);
  if ('problem' in read) return { state: 'broken', message: read.problem };
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { state: 'broken', message: 'it should hold one object, { "01": ... }' };
  }
  return { state: 'read', values: value as Record<string, Json> };
}

/** Reads the saved queries of a tree: file name to content. */
export async function readQueries(tree: string): Promise<Record<string, QueryFile>> {
  let names: string[];
  try {
    const folder = join(tree, 'queries');
    if (!(await lstat(folder)).isDirectory()) return {};
    names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  } catch {
    return {};
  }
  const queries: Record<string, QueryFile> = {};
  for (const name of names) {
    const read = readJson((await textOf(join(tree, 'queries', name))) ?? '');
    queries[name] =
      'problem' in read
        ? { state: 'broken', message: read.problem }
        : { state: 'read', value: read.value as Json };
  }
  return queries;
}

/** Null where there is no plain file: a link could lead to anybody's, and a pipe would never end. */
async function textOf(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    if (!found.isFile() || found.size > LARGEST_TEXT) return null;
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
