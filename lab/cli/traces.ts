#!/usr/bin/env node
import { Command } from 'commander';
import { fail } from './failure.ts';
import { duration } from './format.ts';
import { LabClient } from './lab-client.ts';
import { plainTable } from './table.ts';

/** `npm run traces`: the newest traces of the lab that runs here. */
const program = new Command('npm run traces --')
  .description('Lists the newest traces, the newest first.')
  .option('--limit <number>', 'how many', '20')
  .option('--service <name>', 'only traces that this service took part in')
  .option('--json', 'for programs')
  .parse();
const options = program.opts<{ limit: string; service?: string; json?: boolean }>();

try {
  const traces = await new LabClient().traces({ limit: Number(options.limit), service: options.service });
  if (options.json) console.log(JSON.stringify(traces, null, 2));
  else if (traces.length === 0) {
    console.log('The lab has no traces yet. Use Murmur, or run "npm run traffic".');
  } else {
    const rows = traces.map((trace) => [
      new Date(trace.startMs).toLocaleTimeString('en-GB'),
      trace.traceId.slice(0, 8),
      trace.name,
      trace.services.join(', '),
      String(trace.spanCount),
      trace.errorCount > 0 ? String(trace.errorCount) : '',
      duration(trace.durationMs),
    ]);
    console.log(
      plainTable(['began', 'trace', 'name', 'services', 'spans', 'errors', 'took'], rows, [
        'errors',
        'spans',
        'took',
      ]),
    );
    console.log(`\nOne of them as a picture: npm run trace -- ${traces[0]?.traceId.slice(0, 8)}`);
  }
} catch (error) {
  fail(error);
}
