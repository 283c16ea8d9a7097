import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { QuerySpec } from './api.ts';
import { UsageError } from './usage-error.ts';

/** One file of `queries/`. */
export interface SavedQuery {
  name: string;
  description: string;
  query: QuerySpec;
}

export interface SavedQueryFile extends SavedQuery {
  /** File name without the folder, `latency-by-user.json`. */
  file: string;
}

/** Honeycomb's limits for an annotation, in characters. */
const NAME_MAX = 320;
const DESCRIPTION_MAX = 1023;

/** Reads every `*.json` of a folder, in the order of their names; throws UsageError that names the file. */
export function readSavedQueries(dir: string): SavedQueryFile[] {
  if (!existsSync(dir)) return [];
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return files.map((file) => ({
    file,
    ...parseSavedQuery(file, readFileSync(path.join(dir, file), 'utf8')),
  }));
}

/** Checks the shape of one file: `{name, description, query}`. The query itself is Honeycomb's to check. */
export function parseSavedQuery(file: string, text: string): SavedQuery {
  const wrong = (what: string) => new UsageError(`queries/${file}: ${what}`);
  let data: Partial<SavedQuery> | null;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw wrong(`this is not JSON. ${(error as Error).message}`);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw wrong('it must be an object with "name", "description" and "query".');
  }
  const { name, description = '', query } = data;
  if (typeof name !== 'string' || name.trim() === '') throw wrong('"name" is missing.');
  if (name.length > NAME_MAX) throw wrong(`"name" has more than ${NAME_MAX} characters.`);
  if (typeof description !== 'string') throw wrong('"description" must be a text.');
  if (description.length > DESCRIPTION_MAX)
    throw wrong(`"description" has more than ${DESCRIPTION_MAX} characters.`);
  if (typeof query !== 'object' || query === null || Array.isArray(query)) {
    throw wrong('"query" must be an object: a Honeycomb query specification.');
  }
  return { name, description, query };
}

/** The text of a file in `queries/`. */
export function formatSavedQuery({ name, description, query }: SavedQuery): string {
  return `${JSON.stringify({ name, description, query }, null, 2)}\n`;
}

/** Writes a file as a whole: another program never reads half of it. */
export function writeSavedQuery(dir: string, file: string, saved: SavedQuery): void {
  mkdirSync(dir, { recursive: true });
  const temporary = path.join(dir, `.${file}.${process.pid}.tmp`);
  writeFileSync(temporary, formatSavedQuery(saved));
  renameSync(temporary, path.join(dir, file));
}

/** Moves a file into `kept/` beside it, under a number that is free; returns its new name below the folder. */
export function keepCopy(dir: string, file: string): string {
  const folder = path.join(dir, 'kept');
  mkdirSync(folder, { recursive: true });
  for (let n = 1; ; n++) {
    const copy = file.replace(/\.json$/, `-${n}.json`);
    try {
      // 'wx' never overwrites an earlier copy.
      writeFileSync(path.join(folder, copy), readFileSync(path.join(dir, file)), { flag: 'wx' });
      return `kept/${copy}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** "Latency by UserID" -> "latency-by-user-id"; safe as a file name on every system. */
export function kebabCase(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');
  // Device names that Windows reserves.
  if (words === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/.test(words)) return `query${words && `-${words}`}`;
  return words;
}
