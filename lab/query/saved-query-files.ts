import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WorkshopError } from '@workshop/base';
import { writeAtomicallySync } from '@workshop/base/files';
import { readJson } from '@workshop/base/json';
import { QueryError } from './problems.ts';
import { formatSavedQuery, parseSavedQuery, type SavedQuery } from './saved-query.ts';

export interface SavedQueryFile extends SavedQuery {
  /** file name without the folder, `latency-by-user.json` */
  file: string;
}

/**
 * Every `*.json` of a folder, in the order of their names; none when there is no such folder.
 * @throws WorkshopError that names the file which is no saved query
 */
export function readSavedQueries(dir: string): SavedQueryFile[] {
  if (!existsSync(dir)) return [];
  const files = readdirSync(dir).filter((name) => name.endsWith('.json'));
  return files.sort().map((file) => ({ file, ...readSavedQuery(path.join(dir, file)) }));
}

/**
 * Reads one file. Errors call it by its folder and its name, as a person sees it in an editor.
 * @throws WorkshopError when it is not there, is not JSON, or is no saved query
 */
export function readSavedQuery(file: string): SavedQuery {
  const shown = path.join(path.basename(path.dirname(path.resolve(file))), path.basename(file));
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new WorkshopError(`There is no file ${file}.`);
    throw new WorkshopError(`${shown}: it cannot be read. ${message}`, { cause: error });
  }
  const read = readJson(text);
  if ('problem' in read) throw new WorkshopError(`${shown}: this is not JSON: ${read.problem}.`);
  try {
    return parseSavedQuery(read.value);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const lines = error.problems.map(({ field, description }) => `${shown}: ${field}: ${description}`);
    throw new WorkshopError(lines.join('\n'), { cause: error });
  }
}

/** Writes a file as a whole: another program never reads half of it. */
export function writeSavedQuery(file: string, saved: SavedQuery): void {
  writeAtomicallySync(file, formatSavedQuery(saved));
}

/** Copies a file into `kept/` beside it, under a number that is free; returns the copy's name below the folder. */
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
