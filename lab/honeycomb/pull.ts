import { existsSync } from 'node:fs';
import path from 'node:path';
import { kebabCase } from '@workshop/base/file-name';
import type { StoredQuery } from '../query/index.ts';
import {
  keepCopy,
  readSavedQueries,
  type SavedQuery,
  type SavedQueryFile,
  writeSavedQuery,
} from '../query/index.ts';
import { ENVIRONMENT_WIDE, type HoneycombApi } from './api.ts';
import { HoneycombError } from './client.ts';
import { outsideDataset } from './dataset.ts';
import { listAll, REPLACED_SUFFIX } from './push.ts';
import { sameQuery } from './same-query.ts';

/** The datasets of Murmur, for a key that may not list them. */
const SERVICES = ['murmur-web', 'murmur-api', 'murmur-worker'];

export interface PulledQuery {
  file: string;
  name: string;
  dataset: string;
  did: 'new' | 'changed' | 'unchanged';
  /** Where the local file that was different is now, below `queries/`. */
  kept?: string;
  /** What the learner should know about this query. */
  notes: string[];
}

/**
 * Fetches the queries that are saved in Honeycomb into a folder, one file each, named after the query.
 * A local file of the same name gets the new content; if it was different, a copy stays in `kept/`.
 * `names` limits it to these (case does not matter); empty means all.
 */
export async function pull(api: HoneycombApi, dir: string, names: string[] = []): Promise<PulledQuery[]> {
  const local = readSavedQueries(dir);
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const annotations = (await listAll(api, await datasets(api)))
    .filter((a) => !a.name.endsWith(REPLACED_SUFFIX))
    .filter((a) => wanted.size === 0 || wanted.has(a.name.toLowerCase()) || wanted.has(kebabCase(a.name)))
    .sort((a, b) => compare(a.name, b.name) || compare(a.dataset, b.dataset) || compare(a.id, b.id));

  const written: (SavedQuery & { file: string })[] = [];
  const result: PulledQuery[] = [];
  for (const { name, description = '', dataset, query_id } of annotations) {
    const notes: string[] = [];
    const query = localForm(await api.getQuery(dataset, query_id), dataset, notes);
    // The same question saved twice under one name is one file.
    if (written.some((w) => w.name === name && sameQuery(w.query, query))) continue;
    const file = fileFor(name, query, local, new Set(written.map((w) => w.file)));
    const saved = { name, description, query };
    written.push({ file, ...saved });
    result.push({ file, name, dataset, ...store(dir, file, saved, local), notes });
  }
  return result;
}

async function datasets(api: HoneycombApi): Promise<string[]> {
  try {
    const slugs = (await api.listDatasets()).map((d) => d.slug);
    return [...new Set([ENVIRONMENT_WIDE, ...slugs, ...SERVICES])];
  } catch (error) {
    // Listing datasets needs one more permission than reading queries does.
    if (error instanceof HoneycombError && (error.status === 401 || error.status === 403))
      return [ENVIRONMENT_WIDE, ...SERVICES];
    throw error;
  }
}

function localForm(remote: StoredQuery, dataset: string, notes: string[]): StoredQuery {
  const { id: _id, ...query } = remote;
  if (query.start_time !== undefined || query.end_time !== undefined) {
    notes.push('It looks at one fixed time. Save it with a time such as "last 2 hours".');
  }
  const outside = outsideDataset(query, dataset);
  if (outside === null) {
    notes.push(`In Honeycomb it sees ${dataset} only. Here it sees every service.`);
    return query;
  }
  if (outside !== query)
    notes.push(`Added the filter service.name = ${dataset}: it was saved in that dataset.`);
  return outside;
}

// A local file may have a name of its own choosing: then the query's name tells which it is. With several, the
// one that already holds this query, or every run would swap them.
function fileFor(name: string, query: StoredQuery, local: SavedQueryFile[], taken: Set<string>): string {
  const named = local.filter((l) => l.name.toLowerCase() === name.toLowerCase() && !taken.has(l.file));
  const usual = `${kebabCase(name)}.json`;
  const known =
    named.find((l) => sameQuery(l.query, query)) ?? named.find((l) => l.file === usual) ?? named[0];
  if (known) return known.file;
  for (let n = 1; ; n++) {
    const file = n === 1 ? usual : `${kebabCase(name)}-${n}.json`;
    if (!taken.has(file)) return file;
  }
}

function store(
  dir: string,
  file: string,
  saved: SavedQuery,
  local: SavedQueryFile[],
): Pick<PulledQuery, 'did' | 'kept'> {
  const before = local.find((l) => l.file === file);
  if (
    before &&
    before.name === saved.name &&
    before.description === saved.description &&
    sameQuery(before.query, saved.query)
  ) {
    return { did: 'unchanged' };
  }
  const kept = existsSync(path.join(dir, file)) ? keepCopy(dir, file) : undefined;
  writeSavedQuery(path.join(dir, file), saved);
  return kept ? { did: 'changed', kept } : { did: 'new' };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
