/** Longer lines are cut before any pattern sees them: a pattern may take the square of a line's length. */
const LONGEST_LINE = 2000;
/** What fits behind the bar of a message on a screen of 80 columns. */
const WIDTH = 76;

/** Lines of a learner's own process output that say what went wrong, for a message. At most `max`, 76 wide. */
export function relevantLines(output: string, max = 6): string[] {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.slice(0, LONGEST_LINE))
    .map((line) =>
      ownPath(rejectionReason(line.replace(NEST_PREFIX, '')))
        .replace(/\t/g, '  ')
        .trimEnd(),
    )
    .filter((line) => line.trim() !== '');
  const first = lines.findIndex((line) => TROUBLE.test(line));
  const unplanned = lines.findIndex((line) => TROUBLE.test(line) && !PLANNED.test(line));
  const at = unplanned < 0 ? first : unplanned;
  // Nothing went wrong by its own words: its last ones say how far it came.
  if (at < 0) return lines.slice(-3).map(cut);
  // Compilers print the code before the sentence: keep what stands just above it, too.
  const from = /\w/.test(lines[at - 1] ?? '') && !BY_NEST.test(lines[at] ?? '') ? at - 1 : at;
  const kept: string[] = [];
  for (const line of lines.slice(from)) {
    if (kept.length === max) break;
    if (FOREIGN_FRAME.test(line) || INSPECTED.test(line)) continue;
    kept.push(line);
  }
  // The sentence of an error names what is wrong at its end as often as at its start: it is wrapped, not cut.
  const said = kept.findIndex((line) => TROUBLE.test(line));
  return kept.flatMap((line, at) => (at === said ? wrapped(line) : [cut(line)])).slice(0, max);
}

/** Lines for a message, the first one wrapped to its end: it names what is wrong. The others are cut. */
export function wrappedFirst([first, ...others]: readonly string[]): string[] {
  return first === undefined ? [] : [...wrapped(first), ...others.map(cut)];
}

/** A line as at most three of the screen's width, broken between words where there are any. */
function wrapped(line: string): string[] {
  const lines: string[] = [];
  let rest = printable(line);
  while (rest.length > WIDTH && lines.length < 2) {
    const space = rest.lastIndexOf(' ', WIDTH);
    const at = space > WIDTH / 2 ? space : WIDTH;
    lines.push(rest.slice(0, at));
    rest = `  ${rest.slice(at).trimStart()}`;
  }
  return [...lines, cut(rest)];
}

/** Node says the reason of an unhandled rejection at the very end of a long line. */
function rejectionReason(line: string): string {
  const reason = /promise rejected with the reason "(.*)"/.exec(line)?.[1];
  return reason === undefined ? line : `Error, nobody caught it: ${reason}`;
}

/** A path inside the graded copy, as the learner knows it: `app-backend/src/main.ts`. */
export function ownPath(text: string): string {
  return text.replace(/(?:file:\/\/)?[^\s"'`()]*[\\/]\.workshop[\\/]trees[\\/][0-9a-f]+[\\/]/g, '');
}

const TROUBLE =
  /(?:^|\s)(?:\w*Error\b|error:|×|✖|x\s+Expected|EADDRINUSE|Cannot find|FATAL|Unexpected|throw )/;
/** Failures that scenarios bring about: another one tells more of what nobody wanted. */
const PLANNED = /canceling statement due to|violates unique constraint/;
/** A logger's own line: what stands above it is of something else. */
const BY_NEST = /^(?:ERROR|FATAL) \[/;
/** What Nest writes before each line: its name, the process and the time. */
const NEST_PREFIX = /^\[Nest\] \d+ +- .*?(?=(?:LOG|WARN|ERROR|FATAL|DEBUG|VERBOSE) \[)/;
const FOREIGN_FRAME = /^\s+at .*(?:node:|node_modules|grader[\\/]capture)/;
/** What Node prints of an error object behind its stack: it says nothing that the stack does not. */
const INSPECTED = /^\s*(?:code: 'MODULE_NOT_FOUND',|requireStack: \[|[}\]{[]+,?)$|^\s+\^\s*$/;

function printable(line: string): string {
  return [...line].filter((character) => (character.codePointAt(0) ?? 0) >= 32).join('');
}

function cut(line: string): string {
  const clean = printable(line);
  if (clean.length <= WIDTH) return clean;
  // Of a line of a stack, the file and its line number help most, and they stand at the end.
  const frame = /^(\s+at )(?:.*\()?([^()]+:\d+:\d+)\)?$/.exec(clean);
  if (!frame) return `${clean.slice(0, WIDTH - 1)}~`;
  const [, at = '', place = ''] = frame;
  return place.length + at.length <= WIDTH
    ? `${at}${place}`
    : `${at}~${place.slice(at.length - (WIDTH - 1))}`;
}
