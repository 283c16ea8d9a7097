import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { EXIT_CODES, type ExitCode, WorkshopError } from './error.ts';

/** Where a program says things; a test takes its own. */
export interface Say {
  /** the answer to what was asked for */
  out: (text: string) => void;
  /** everything else */
  err: (text: string) => void;
}

export const onConsole: Say = { out: (text) => console.log(text), err: (text) => console.error(text) };

/**
 * An empty program whose commands are npm scripts: its help shows them as people type them. Commands are added to it,
 * what they throw is said by `runProgram`.
 */
export function createProgram(say: Say): Command {
  return new Command('npm run')
    .exitOverride()
    .helpCommand(false)
    .configureHelp({ commandUsage: usageOf, subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => say.out(text.trimEnd()),
      writeErr: (text) => say.err(text.trimEnd()),
    });
}

/** `npm run tree -- edit [options] <name>`: npm takes what stands before `--` for itself. */
function usageOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at?.parent; at = at.parent) names.unshift(at.name());
  const [script = '<command>', ...rest] = names;
  const npm = script === 'start' ? 'npm start' : `npm run ${script}`;
  return [npm, '--', ...rest, names.length > 0 ? command.usage() : '[options]'].join(' ');
}

/**
 * Runs the command that was asked for. An error is said in a person's words and becomes an exit code, here alone.
 * @returns 0 when the command came to its end; it may have set `process.exitCode` then
 */
export async function runProgram(program: Command, args: readonly string[], say: Say): Promise<ExitCode> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT_CODES.ok;
  } catch (error) {
    // Commander has printed the help that was asked for, or what was wrong with the words.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    const known = error instanceof WorkshopError ? error : inOurWords(error as NodeJS.ErrnoException);
    say.err(await fitted(known.text));
    if (process.env.WORKSHOP_DEBUG) say.err((error as Error).stack ?? '');
    return known.exitCode;
  }
}

/** An action made of a function that returns the exit code. */
export function endingWith<P extends unknown[]>(run: (...parameters: P) => Promise<number>) {
  return async (...parameters: P): Promise<void> => {
    process.exitCode = await run(...parameters);
  };
}

/** An error that nobody foresaw, or one of the system's that any command can meet. */
function inOurWords(error: NodeJS.ErrnoException & { port?: number }): WorkshopError {
  const message = error instanceof Error ? error.message : String(error);
  if (error.code === 'EADDRINUSE')
    return new WorkshopError(`Port ${error.port ?? ''} is taken by another program.`, {
      exitCode: EXIT_CODES.failed,
      whatToDo: 'Stop that program, or choose another port: --help names the option.',
    });
  if (error.code === 'ERR_MODULE_NOT_FOUND' && /^Cannot find package/.test(message))
    return new WorkshopError(`A part of the packages is missing: ${message.split('\n')[0]}`, {
      exitCode: EXIT_CODES.failed,
      whatToDo: 'Run npm ci.',
    });
  return trouble(message);
}

/** The workshop's own trouble: it says nothing about what the learner wrote. */
function trouble(message: string): WorkshopError {
  return new WorkshopError(
    `The workshop itself had trouble. This is not your fault, and it says nothing about your code.\n${message}`,
    { exitCode: EXIT_CODES.internal },
  );
}

/** Lines of at most 80 columns. A line that begins with blanks is to be copied and stays whole. */
async function fitted(text: string): Promise<string> {
  // Most commands fail seldom, and few of these texts are long: nobody waits for a library that is not needed.
  if (text.split('\n').every((line) => line.length <= 80)) return text;
  const { wrapped } = await import('./terminal.ts');
  return text
    .split('\n')
    .flatMap((line) => (/^\s/.test(line) ? [line] : wrapped(line, 80, { cutWords: false })))
    .join('\n');
}

/** A whole number of at most nine digits, 0 included. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

/** A whole number of at most six digits, 1 or more. */
export function positiveWholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is not a whole number above 0.');
  return Number(text);
}

/** A number above 0 and up to `most`. */
export function positiveNumber(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0 && value <= most)) throw new InvalidArgumentError('It is not a number above 0.');
    return value;
  };
}

/** A number from `least` to `most`; `unit` follows it in the message. */
export function numberBetween(least: number, most: number, unit: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`It is ${least} to ${most} ${unit}.`);
    return value;
  };
}

/** A TCP port, 1 to 65535. */
export function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('A port is 1 to 65535.');
  return value;
}

/** An absolute URL, as text. */
export function absoluteUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('It looks like http://localhost:3000');
  return text;
}
