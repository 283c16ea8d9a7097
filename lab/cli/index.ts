import type { Command } from 'commander';
import { addCompareSelectionCommand } from './compare-selection.ts';
import { addCriticalPathCommand } from './critical-path.ts';
import { addHoneycombCommand } from './honeycomb.ts';
import { addLabCommand } from './lab.ts';
import { addQueryCommand } from './query.ts';
import { addServiceGraphCommand } from './service-graph.ts';
import { addSloCommand } from './slo.ts';
import { addTraceCommand } from './trace.ts';
import { addTracesCommand } from './traces.ts';
import type { CommandWorld } from './world.ts';

export type { CommandWorld } from './world.ts';

/** Adds the lab's commands, from `lab` to `honeycomb`, to a program. What they throw is the caller's to say. */
export function addLabCommands(program: Command, world: CommandWorld): void {
  addLabCommand(program, world);
  addTracesCommand(program, world);
  addTraceCommand(program, world);
  addCriticalPathCommand(program, world);
  addQueryCommand(program, world);
  addCompareSelectionCommand(program, world);
  addServiceGraphCommand(program, world);
  addSloCommand(program, world);
  addHoneycombCommand(program, world);
}
