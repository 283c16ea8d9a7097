import type { ExitCode } from '@workshop/base';
import { createProgram, runProgram } from '@workshop/base/program';
import { addLabCommands, type CommandWorld } from './index.ts';

/** Runs one of the lab's commands by itself, without the rest of the workshop, and returns the exit code. */
export function runLabProgram(args: readonly string[], world: CommandWorld): Promise<ExitCode> {
  const program = createProgram(world);
  addLabCommands(program, world);
  return runProgram(program, args, world);
}
