import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { WorkshopError } from '@workshop/base';
import type { Command } from 'commander';
import { type QuerySpec, readSavedQuery, validateQuery, writeSavedQuery } from '../query/index.ts';
import { LabClient } from './lab-client.ts';
import { renderResult } from './query-result.ts';
import { type QueryWords, queryFromWords } from './query-words.ts';
import type { CommandWorld } from './world.ts';

interface QueryOptions extends QueryWords {
  json?: boolean;
  save?: string;
  name?: string;
  description?: string;
  force?: boolean;
}

const many = (value: string, before: string[] = []): string[] => [...before, value];

/** `npm run query -- FILE`, or a query built from words: shows the result, and saves the query when asked to. */
export function addQueryCommand(program: Command, world: CommandWorld): void {
  program
    .command('query')
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
    .action(async (file: string | undefined, options: QueryOptions, command: Command) => {
      const query = file === undefined ? queryFromWords(options) : readFile(file, options, world);
      if (file === undefined && Object.keys(query).length === 0) command.help({ error: true });
      await runQueryCommand(query, options, world);
    });
}

async function runQueryCommand(input: unknown, options: QueryOptions, world: CommandWorld): Promise<void> {
  const query = validateQuery(input);
  if (options.save !== undefined) refuseToOverwrite(options.save, options.force, world);
  const result = await new LabClient(world.env).query(query);
  world.out(options.json ? JSON.stringify(result, null, 2) : renderResult(result));
  if (options.save !== undefined) save(options.save, query, options, world);
}

function readFile(file: string, options: QueryOptions, { root }: CommandWorld): object {
  if (options.where || options.calculate || options.by || options.save)
    throw new WorkshopError('Give a file, or build a query from words; not both.');
  return readSavedQuery(resolve(root, file)).query;
}

function refuseToOverwrite(file: string, force: boolean | undefined, { root }: CommandWorld): void {
  if (existsSync(resolve(root, file)) && !force)
    throw new WorkshopError(`${file} is there already.`, {
      whatToDo: 'Choose another name, or overwrite it with --force.',
    });
}

function save(file: string, query: QuerySpec, options: QueryOptions, { root, err }: CommandWorld): void {
  const name = options.name ?? basename(file, '.json').replaceAll('-', ' ');
  writeSavedQuery(resolve(root, file), { name, description: options.description ?? '', query: { ...query } });
  // The command stays on one line, so that it can be copied.
  err(`\nSaved as ${file}. Run it again:\n  npm run query -- ${file}`);
}
