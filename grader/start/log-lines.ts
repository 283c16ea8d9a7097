import { stripVTControlCharacters } from 'node:util';

/** Whole lines of one process, each with its name in front, so that several processes share a terminal. */
export interface LogLines {
  /** Output as it comes; text without a line end waits for the rest. */
  add(chunk: Buffer | string): void;
  /** One line of our own about the process. */
  say(text: string): void;
  /** Writes what waits: the process has ended. */
  flush(): void;
}

const LONGEST_NAME = 6;

/**
 * What is shown of a line of a process: itself, others in its place, or none.
 * @param plain without colours
 * @param shown as it would be shown
 */
export type LineReader = (plain: string, shown: string) => readonly string[];

/**
 * @param name shown as [name]
 * @param write gets whole lines with their line end
 * @param color puts the name in colour
 * @param reader what is shown of the process's lines; all of them when it is not said
 */
export function logLines(
  name: string,
  write: (line: string) => void,
  color: (text: string) => string = (text) => text,
  reader: LineReader = (_, shown) => [shown],
): LogLines {
  const prefix = `${color(`[${name}]`)}${' '.repeat(Math.max(0, LONGEST_NAME - name.length))} `;
  const decoder = new TextDecoder();
  let waiting = '';
  const say = (text: string) => write(`${prefix}${text}\n`);
  const line = (text: string) => {
    const shown = withoutScreenControl(text);
    for (const each of reader(stripVTControlCharacters(shown), shown)) say(each);
  };
  return {
    add(chunk) {
      waiting += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      const lines = waiting.split(/\r?\n/);
      waiting = lines.pop() ?? '';
      for (const text of lines) line(text);
    },
    say,
    flush() {
      if (waiting !== '') line(waiting);
      waiting = '';
    },
  };
}

/** Colours stay. Whatever moves the cursor or clears the screen goes: it would wipe the other processes' lines. */
function withoutScreenControl(text: string): string {
  const colored = /\x1b\[[\d;]*m/;
  return text
    .split(/(\x1b\[[\d;]*m)/)
    .map((part) => (colored.test(part) ? part : stripVTControlCharacters(part)))
    .join('')
    .replace(/^.*\r/, '');
}

/** A reader that leaves lines out. */
export function without(isNoise: (line: string) => boolean): LineReader {
  return (plain, shown) => (isNoise(plain) ? [] : [shown]);
}

/** What Nest lists at each boot: every module and every route. */
export function isNestListing(line: string): boolean {
  return /\bLOG \[(InstanceLoader|RoutesResolver|RouterExplorer|NestFactory|NestApplication)\]/.test(line);
}

/** The compiler's own stack under a syntax error: the learner's lines stand above it. */
export function isCompilerStack(line: string): boolean {
  return (
    /^ *\d+: (<unknown>|_ZN\w+)$|^Stack backtrace:$/.test(line) ||
    /^ +at .*[/\\]node_modules[/\\](ts-node|@swc)[/\\]/.test(line)
  );
}

/** What Angular prints at each build beside its result: empty lines and a table of files. */
export function isBuildTable(line: string): boolean {
  return (
    line.trim() === '' ||
    /^(Initial chunk|Lazy chunk) files|\| +(Initial total|[\d.]+ ([kM]?B|bytes)\b)/.test(line.trim()) ||
    /^(\.\.\.and \d+ more|Output location:|Watch mode enabled|[❯✔] Building)/.test(line.trim())
  );
}
