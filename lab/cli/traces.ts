import { plainTable } from '@workshop/base/tables';
import type { Command } from 'commander';
import type { TraceSummary } from '../analysis/index.ts';
import { duration, wrapped } from './format.ts';
import { LabClient } from './lab-client.ts';
import type { CommandWorld } from './world.ts';

interface TracesOptions {
  limit: string;
  service?: string;
  json?: boolean;
}

/** `npm run traces`: the newest traces of the lab that runs here. */
export function addTracesCommand(program: Command, { env, out, err }: CommandWorld): void {
  program
    .command('traces')
    .description('Lists the newest traces, the newest first.')
    .option('--limit <number>', 'how many', '20')
    .option('--service <name>', 'only traces that this service took part in')
    .option('--json', 'for programs')
    .action(async (options: TracesOptions) => {
      const client = new LabClient(env);
      const { traces, trouble } = await client.traces(options);
      if (options.json) out(JSON.stringify(traces, null, 2));
      else out(traces.length > 0 ? listed(traces) : await nothing(client, options.service));
      for (const sentence of options.json ? [] : trouble) err(`\n${wrapped(sentence)}`);
    });
}

/** Why the list is empty. */
async function nothing(client: LabClient, service: string | undefined): Promise<string> {
  const services = await client.services();
  if (service === undefined || services.length === 0)
    return 'The lab has no traces yet. Use Murmur, or run "npm run traffic".';
  return wrapped(`No trace has a span of ${service}. The services here are ${services.join(', ')}.`);
}

function listed(traces: readonly TraceSummary[]): string {
  const sameDay = traces.every(({ startMs }) => isToday(startMs));
  const rows = traces.map((trace) => [
    began(trace.startMs, sameDay),
    trace.traceId.slice(0, 8),
    trace.name,
    trace.services.join(', '),
    String(trace.spanCount),
    trace.errorCount > 0 ? String(trace.errorCount) : '',
    duration(trace.durationMs),
  ]);
  const head = ['began', 'trace', 'name', 'services', 'spans', 'errors', 'took'];
  const table = plainTable(head, rows, { right: ['errors', 'spans', 'took'] });
  return `${table}\n\nOne of them as a picture: npm run trace -- ${traces[0]?.traceId.slice(0, 8)}`;
}

/** The time, with its date unless all traces are of today. */
function began(ms: number, today: boolean): string {
  const time = new Date(ms);
  return `${today ? '' : `${time.toLocaleDateString('sv-SE')} `}${time.toLocaleTimeString('en-GB')}`;
}

function isToday(ms: number): boolean {
  return new Date(ms).toDateString() === new Date().toDateString();
}
