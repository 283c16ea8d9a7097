import { EXIT_CODES, type ExitCode, WorkshopError } from '@workshop/base';
import { Command, CommanderError } from 'commander';
import { wrapped } from './format.ts';
import { addLabCommands, type CommandWorld } from './index.ts';

/** Runs one command and returns the exit code. Its errors are said in a person's words; a bug is thrown. */
export async function runProgram(args: readonly string[], world: CommandWorld): Promise<ExitCode> {
  const program = new Command('npm run')
    .exitOverride()
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => world.out(text.trimEnd()),
      writeErr: (text) => world.err(text.trimEnd()),
    });
  addLabCommands(program, world);
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT_CODES.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    const known = error instanceof WorkshopError ? error : portTaken(error);
    if (!known) throw error;
    world.err(known.text.split('\n').map(wrapped).join('\n'));
    return known.exitCode;
  }
}

/** The system's error for a port that another program has, in our words; null when it is another error. */
function portTaken(error: unknown): WorkshopError | null {
  const { code, port } = error as { code?: string; port?: number };
  if (code !== 'EADDRINUSE') return null;
  return new WorkshopError(`Port ${port ?? ''} is taken by another program.`, {
    exitCode: EXIT_CODES.failed,
    whatToDo: 'Stop that program, or choose another port with --port or --otlp-port.',
  });
}
