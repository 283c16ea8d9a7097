import { EXIT_CODES, WorkshopError } from '@workshop/base';
import { plainTable } from '@workshop/base/tables';
import { harmless } from '@workshop/telemetry';
import type { Command } from 'commander';
import type { AttributeDifference, SelectionComparison } from '../api/index.ts';
import { wrapped } from './format.ts';
import { LabClient } from './lab-client.ts';
import { queryFromWords } from './query-words.ts';
import type { CommandWorld } from './world.ts';

interface CompareOptions {
  select?: string[];
  where?: string[];
  any?: true;
  last?: string;
  json?: true;
}

const COLUMNS = 80;
const many = (value: string, before: string[] = []): string[] => [...before, value];

/** `npm run compare-selection`: what some spans have that the others have not. */
export function addCompareSelectionCommand(program: Command, { env, out }: CommandWorld): void {
  program
    .command('compare-selection')
    .description('Shows what is different about some spans: their attributes beside those of the others.')
    .option('--select <filter>', 'which spans, such as "duration_ms > 500"; may be given again', many)
    .option('--where <filter>', 'only among these, such as "name = GET /feed"; may be given again', many)
    .option('--any', 'one of the filters of --where is enough')
    .option('--last <time>', 'how far back: 30m, 2h, 1d')
    .option('--json', 'for programs')
    .action(async ({ select, where, any, last, json }: CompareOptions) => {
      if (!select)
        throw new WorkshopError('Which spans shall be compared with the others?', {
          whatToDo: 'Say it with --select, such as --select "duration_ms > 500".',
        });
      const query = queryFromWords({ where, any, last });
      const { filters = [] } = queryFromWords({ where: select });
      const comparison = await new LabClient(env).compareSelection(query, filters);
      if (json) return out(JSON.stringify(comparison, null, 2));
      if (comparison.note !== undefined)
        throw new WorkshopError(wrapped(comparison.note), {
          exitCode: EXIT_CODES.failed,
          whatToDo: 'Select others, or look further back with --last.',
        });
      out(described(comparison));
    });
}

function described({ selected, rest, rootsOnly, sampled, differences }: SelectionComparison): string {
  const among = rootsOnly ? ' root spans' : ' spans';
  const some = sampled.selected < selected || sampled.rest < rest;
  const looked = some ? ` Of these, ${sampled.selected} and ${sampled.rest} were looked at.` : '';
  const head = wrapped(`${selected} selected${among}, beside ${rest} others.${looked}`);
  if (differences.length === 0) return `${head}\n\nNo attribute tells them from the others.`;
  const right = ['selected', 'others'];
  const table = plainTable(['attribute', 'value', ...right], differences.map(rowOf), {
    right,
    width: COLUMNS,
  });
  return `${head}\n\n${table}`;
}

/** The value that differs most; of a number the side of a value, when that tells as much. */
function rowOf({ column, values, threshold }: AttributeDifference): string[] {
  const [first] = values;
  const { selectedShare = 0, restShare = 0 } = threshold ?? first ?? {};
  const value = threshold ? `${threshold.op} ${threshold.value}` : (first?.value ?? '(absent)');
  return [harmless(column), harmless(value), percent(selectedShare), percent(restShare)];
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 1 ? '< 1' : Math.round(value)} %`;
}
