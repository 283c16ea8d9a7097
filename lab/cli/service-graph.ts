import { EXIT_CODES, WorkshopError } from '@workshop/base';
import { plainTable } from '@workshop/base/tables';
import { harmless } from '@workshop/telemetry';
import type { Command } from 'commander';
import type { ServiceGraph } from '../api/index.ts';
import { duration } from './format.ts';
import { LabClient } from './lab-client.ts';
import { seconds } from './query-words.ts';
import type { CommandWorld } from './world.ts';

const COLUMNS = 80;

/** `npm run service-graph`: which services there are, and who calls whom. */
export function addServiceGraphCommand(program: Command, { env, out }: CommandWorld): void {
  program
    .command('service-graph')
    .description('Shows which services there are, and who calls whom, how often and how long.')
    .option('--last <time>', 'how far back: 30m, 2h, 1d', '2h')
    .option('--json', 'for programs')
    .action(async (options: { last: string; json?: true }) => {
      const end = Date.now();
      const start = end - seconds(options.last, '--last') * 1000;
      const graph = await new LabClient(env).serviceGraph({ start, end });
      if (options.json) return out(JSON.stringify(graph, null, 2));
      if (graph.nodes.length === 0)
        throw new WorkshopError(`No span began in the last ${options.last}.`, {
          exitCode: EXIT_CODES.failed,
          whatToDo: 'Use Murmur, run "npm run traffic", or look further back with --last.',
        });
      out(described(graph));
    });
}

function described({ nodes, dependencies }: ServiceGraph): string {
  const services = plainTable(
    ['service', 'spans', 'errors'],
    nodes.map(({ name, type, spanCount, errorCount }) => [
      `${harmless(name)}${type === 'database' ? ' (database)' : ''}`,
      String(spanCount),
      errors(errorCount),
    ]),
    { right: ['spans', 'errors'], width: COLUMNS },
  );
  if (dependencies.length === 0)
    return `${services}\n\nNo service calls another one, as far as the spans tell.`;
  const calls = plainTable(
    ['caller', 'calls', 'times', 'errors', 'P95', 'by'],
    dependencies.map(({ parent_node: caller, child_node: called, call_count, error_count, p95_ms, via }) => [
      harmless(caller.name),
      harmless(called.name),
      String(call_count),
      errors(error_count),
      p95_ms === null ? '' : duration(p95_ms),
      via === 'link' ? 'link' : '',
    ]),
    { right: ['times', 'errors', 'P95'], width: COLUMNS },
  );
  return `${services}\n\n${calls}`;
}

function errors(count: number): string {
  return count > 0 ? String(count) : '';
}
