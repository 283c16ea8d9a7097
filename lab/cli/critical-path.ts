import { WorkshopError } from '@workshop/base';
import { plainTable } from '@workshop/base/tables';
import { harmless } from '@workshop/telemetry';
import type { Command } from 'commander';
import type { CriticalPath } from '../api/index.ts';
import { addTraceWords, type TraceWords, theTrace } from './find-traces.ts';
import { duration } from './format.ts';
import { LabClient } from './lab-client.ts';
import type { CommandWorld } from './world.ts';

const COLUMNS = 80;

/** `npm run critical-path`: which spans decided how long a trace took. */
export function addCriticalPathCommand(program: Command, { env, out }: CommandWorld): void {
  addTraceWords(
    program
      .command('critical-path')
      .description('Shows what a trace waited for: of the newest request, or of the one that you mean.')
      .argument('[id]', 'the trace id; its first characters will do'),
  )
    .option('--json', 'for programs')
    .action(async (id: string | undefined, options: TraceWords & { json?: true }) => {
      if (id !== undefined && (options.user || options.route || options.service || options.slow))
        throw new WorkshopError('Give an id, or words that choose a trace; not both.');
      const client = new LabClient(env);
      const path = await client.criticalPath(id ?? (await theTrace(client, options)));
      out(options.json ? JSON.stringify(path, null, 2) : described(path));
    });
}

function described({ traceId, durationMs, bySpan }: CriticalPath): string {
  const id = traceId.slice(0, 8);
  const alike = [...Map.groupBy(bySpan, ({ name, service }) => JSON.stringify([name, service])).values()];
  const rows = alike
    .map((group) => ({
      name: `${group[0]?.name}${group.length > 1 ? ` x ${group.length}` : ''}`,
      service: group[0]?.service ?? '',
      ms: group.reduce((sum, { ms }) => sum + ms, 0),
    }))
    .sort((a, b) => b.ms - a.ms)
    .map(({ name, service, ms }) => [
      harmless(name),
      harmless(service),
      duration(ms),
      durationMs > 0 ? `${Math.round((100 * ms) / durationMs)} %` : '',
    ]);
  const right = ['waited', 'share'];
  const table = plainTable(['for', 'service', ...right], rows, { right, width: COLUMNS });
  return [
    `Trace ${id} took ${duration(durationMs)}. At each moment it waited for one span:`,
    '',
    table,
    '',
    'Making anything else faster changes nothing.',
    `The whole trace as a picture: npm run trace -- ${id}`,
  ].join('\n');
}
