import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnswersFile, Json, QueryFile } from '../evidence/index.ts';

/** Reads answers.json of a tree. */
export async function readAnswers(tree: string): Promise<AnswersFile> {
  const text = await textOf(join(tree, 'answers.json'));
  if (text === null) return { state: 'missing' };
  const value = parse(text);
  if ('message' in value) return { state: 'broken', message: value.message };
  if (typeof value.json !== 'object' || value.json === null || Array.isArray(value.json)) {
    return { state: 'broken', message: 'it should hold one object, { "01": ... }' };
  }
  return { state: 'read', values: value.json };
}

/** Reads the saved queries of a tree: file name to content. */
export async function readQueries(tree: string): Promise<Record<string, QueryFile>> {
  let names: string[];
  try {
    names = (await readdir(join(tree, 'queries'))).filter((name) => name.endsWith('.json')).sort();
  } catch {
    return {};
  }
  const queries: Record<string, QueryFile> = {};
  for (const name of names) {
    const value = parse((await textOf(join(tree, 'queries', name))) ?? '');
    queries[name] =
      'message' in value ? { state: 'broken', message: value.message } : { state: 'read', value: value.json };
  }
  return queries;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

/** Some editors begin a file with a byte order mark, which JSON does not allow. */
function parse(text: string): { json: Json } | { message: string } {
  try {
    return { json: JSON.parse(text.replace(/^\uFEFF/, '')) as Json };
  } catch (error) {
    return { message: (error as Error).message.replace(/\s+/g, ' ').slice(0, 120) };
  }
}
