import { positiveWholeNumber } from '@workshop/base/program';
import { plainTable } from '@workshop/base/tables';
import { harmless } from '@workshop/telemetry';
import type { Command } from 'commander';
import type { TraceSummary } from '../api/index.ts';
import { addTraceWords, findTraces, mostTelling, nothingFound, type TraceWords } from './find-traces.ts';
import { duration, wrapped } from './format.ts';
import { LabClient } from './lab-client.ts';
import type { CommandWorld } from './world.ts';

interface TracesOptions extends TraceWords {
  limit: number;
  all?: true;
  json?: true;
}

const COLUMNS = 80;

/** `npm run traces`: the newest traces of the lab that runs here. */
export function addTracesCommand(program: Command, { env, out, err }: CommandWorld): void {
  addTraceWords(
    program
      .command('traces')
      .description('Lists the newest traces, the newest first.')
      .option('--limit <number>', 'how many', positiveWholeNumber, 20),
  )
    .option('--all', 'also single spans without a request, such as those of a start')
    .option('--json', 'for programs')
    .action(async (options: TracesOptions) => {
      const client = new LabClient(env);
      const { traces, leftOut, trouble } = await findTraces(client, options, options.all || options.json);
      const shown = traces.slice(0, options.limit);
      if (options.json) return out(JSON.stringify(shown, null, 2));
      out(shown.length > 0 ? listed(shown) : await nothingFound(client, options));
      if (leftOut.length > 0) out(`\n${leftOutText(leftOut)}`);
      for (const sentence of trouble) err(`\n${wrapped(sentence)}`);
    });
}

function listed(traces: readonly TraceSummary[]): string {
  const sameDay = traces.every(({ startMs }) => isToday(startMs));
  const oneService = new Set(traces.map(({ services }) => services.join())).size === 1;
  const columns: [string, (trace: TraceSummary) => string][] = [
    ['began', ({ startMs }) => began(startMs, sameDay)],
    ['trace', ({ traceId }) => traceId.slice(0, 8)],
    ['name', nameOf],
    ['user', ({ userId }) => harmless(userId ?? '')],
    ['service', ({ service }) => harmless(service ?? '')],
    ['spans', ({ spanCount }) => String(spanCount)],
    ['errors', ({ errorCount }) => (errorCount > 0 ? String(errorCount) : '')],
    ['took', ({ durationMs }) => duration(durationMs)],
  ];
  // A column that says nothing, or the same on every line, would only take room from the names.
  const told = columns.filter(([head, text]) => (head === 'service' ? !oneService : traces.some(text)));
  const rows = traces.map((trace) => told.map(([, text]) => text(trace)));
  const right = ['errors', 'spans', 'took'];
  const table = plainTable(
    told.map(([head]) => head),
    rows,
    { right, width: COLUMNS },
  );
  const one = mostTelling(traces) as TraceSummary;
  return `${table}\n\nOne of them as a picture: npm run trace -- ${one.traceId.slice(0, 8)}`;
}

/** A page calls its requests by the method alone: the path says what it asked for. */
function nameOf({ name, request }: TraceSummary): string {
  const path = request?.path ?? request?.route;
  return harmless(path && name === request?.method ? `${name} ${path}` : name);
}

function leftOutText(traces: readonly TraceSummary[]): string {
  const names = [...Map.groupBy(traces, ({ name }) => harmless(name))]
    .map(([name, { length }]) => (length > 1 ? `${name} x ${length}` : name))
    .slice(0, 4);
  const count = traces.length === 1 ? 'A single span' : `${traces.length} single spans`;
  return wrapped(
    `${count} without a request ${traces.length === 1 ? 'is' : 'are'} not listed: ${names.join(', ')}. See them with --all.`,
  );
}

/** The time, with its date unless all traces are of today. */
function began(ms: number, today: boolean): string {
  const time = new Date(ms);
  return `${today ? '' : `${time.toLocaleDateString('sv-SE')} `}${time.toLocaleTimeString('en-GB')}`;
}

function isToday(ms: number): boolean {
  return new Date(ms).toDateString() === new Date().toDateString();
}
