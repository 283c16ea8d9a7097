#!/usr/bin/env node
import { renderWaterfall } from '@workshop/telemetry';
import { Command } from 'commander';
import { fail } from './failure.ts';
import { LabClient } from './lab-client.ts';

/** `npm run trace -- ID`: one trace as a text waterfall. */
const program = new Command('npm run trace --')
  .description('Shows one trace. The first characters of its id will do.')
  .argument('<id>', 'the trace id, or its beginning')
  .option('--json', 'the spans, for programs')
  .parse();

try {
  const spans = await new LabClient().trace(program.args[0] as string);
  if (program.opts<{ json?: boolean }>().json) console.log(JSON.stringify(spans, null, 2));
  else console.log(renderWaterfall(spans));
} catch (error) {
  fail(error);
}
