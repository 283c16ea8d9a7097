import { plainTable } from '@workshop/base/tables';
import type { Command } from 'commander';
import type { TraceSummary } from '../analysis/index.ts';
import { duration } from './format.ts';
import { LabClient } from './lab-client.ts';
import type { CommandWorld } from './world.ts';

interface TracesOptions {
  limit: string;
  service?: string;
  json?: boolean;
}

/** `npm run traces`: the newest traces of the lab that runs here. */
export function addTracesCommand(program: Command, { env, out }: CommandWorld): void {
  program
    .command('traces')
    .description('Lists the newest traces, the newest first.')
    .option('--limit <number>', 'how many', '20')
    .option('--service <name>', 'only traces that this service took part in')
    .option('--json', 'for programs')
    .action(async (options: TracesOptions) => {
      const traces = await new LabClient(env).traces({
        limit: Number(options.limit),
        service: options.service,
      });
      out(options.json ? JSON.stringify(traces, null, 2) : listed(traces));
    });
}

function listed(traces: readonly TraceSummary[]): string {
  const [newest] = traces;
  if (!newest) return 'The lab has no traces yet. Use Murmur, or run "npm run traffic".';
  const rows = traces.map((trace) => [
    new Date(trace.startMs).toLocaleTimeString('en-GB'),
    trace.traceId.slice(0, 8),
    trace.name,
    trace.services.join(', '),
    String(trace.spanCount),
    trace.errorCount > 0 ? String(trace.errorCount) : '',
    duration(trace.durationMs),
  ]);
  const head = ['began', 'trace', 'name', 'services', 'spans', 'errors', 'took'];
  const table = plainTable(head, rows, { right: ['errors', 'spans', 'took'] });
  return `${table}\n\nOne of them as a picture: npm run trace -- ${newest.traceId.slice(0, 8)}`;
}
