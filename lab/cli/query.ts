#!/usr/bin/env node
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Command } from 'commander';
import { type QuerySpec, type SavedQuery, validateQuery } from '../query/index.ts';
import { fail, UsageError } from './failure.ts';
import { LabClient } from './lab-client.ts';
import { renderResult } from './query-result.ts';
import { type QueryWords, queryFromWords } from './query-words.ts';

/** `npm run query -- FILE`, or a query built from words: shows the result, and saves the query when asked to. */
interface QueryOptions extends QueryWords {
  json?: boolean;
  save?: string;
  name?: string;
  description?: string;
  force?: boolean;
}

const many = (value: string, before: string[] = []): string[] => [...before, value];
const program = new Command('npm run query --')
  .description('Runs a query over the spans in the lab: a saved one, or one of these words.')
  .argument('[file]', 'a saved query: {"name", "description", "query"}')
  .option('--where <filter>', 'such as "service.name = murmur-api"; may be given again', many)
  .option('--any', 'one of the filters is enough')
  .option('--calculate <calculation>', 'such as COUNT or "P95 duration_ms"; may be given again', many)
  .option('--by <column>', 'one result for each value of this column; may be given again', many)
  .option('--having <limit>', 'such as "COUNT > 10"; may be given again', many)
  .option('--order <term>', 'such as "P95 duration_ms desc"; may be given again', many)
  .option('--limit <number>', 'how many results')
  .option('--last <time>', 'how far back: 30m, 2h, 1d')
  .option('--granularity <time>', 'width of one step in time: 10s, 1m')
  .option('--save <file>', 'writes the query to this file')
  .option('--name <name>', 'the name under which it is saved')
  .option('--description <text>', 'what it is for')
  .option('--force', 'overwrites the file')
  .option('--json', 'the result for programs')
  .parse();

try {
  const options = program.opts<QueryOptions>();
  const file = program.args[0];
  const query = file === undefined ? queryFromWords(options) : readQuery(file, options);
  if (file === undefined && Object.keys(query).length === 0) program.help({ error: true });
  validateQuery(query);
  if (options.save !== undefined) refuseToOverwrite(options.save, options.force);
  const result = await new LabClient().query(query);
  console.log(options.json ? JSON.stringify(result, null, 2) : renderResult(result));
  if (options.save !== undefined) save(options.save, query, options);
} catch (error) {
  fail(error);
}

function readQuery(file: string, options: QueryOptions): QuerySpec {
  if (options.where || options.calculate || options.by || options.save) {
    throw new UsageError('Give a file, or build a query from words; not both.');
  }
  let saved: unknown;
  try {
    saved = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(
      missing ? `There is no file ${file}.` : `${file} cannot be read: ${(error as Error).message}`,
    );
  }
  const inside = (saved as Partial<SavedQuery> | null)?.query;
  if (typeof inside !== 'object' || inside === null) {
    throw new UsageError(
      `${file} has no "query". A saved query is {"name": …, "description": …, "query": {…}}.`,
    );
  }
  return inside;
}

function refuseToOverwrite(file: string, force: boolean | undefined): void {
  if (existsSync(file) && !force)
    throw new UsageError(`${file} is there already. Choose another name, or overwrite it with --force.`);
}

function save(file: string, query: QuerySpec, options: QueryOptions): void {
  const name = options.name ?? basename(file, '.json').replaceAll('-', ' ');
  const saved: SavedQuery = { name, description: options.description ?? '', query };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`);
  // The command stays on one line, so that it can be copied.
  console.error(`\nSaved as ${file}. Run it again:\n  npm run query -- ${file}`);
}
