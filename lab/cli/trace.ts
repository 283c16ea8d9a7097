import { renderWaterfall } from '@workshop/telemetry';
import type { Command } from 'commander';
import { LabClient } from './lab-client.ts';
import type { CommandWorld } from './world.ts';

/** `npm run trace -- ID`: one trace as a text waterfall. */
export function addTraceCommand(program: Command, { env, out }: CommandWorld): void {
  program
    .command('trace')
    .description('Shows one trace. The first characters of its id will do.')
    .argument('<id>', 'the trace id, or its beginning')
    .option('--json', 'the spans, for programs')
    .action(async (id: string, options: { json?: boolean }) => {
      const spans = await new LabClient(env).trace(id);
      out(options.json ? JSON.stringify(spans, null, 2) : renderWaterfall(spans));
    });
}
