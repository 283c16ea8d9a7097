/** Lines of a learner's own process output that say what went wrong, for a message. At most `max`, 76 wide. */
export function relevantLines(output: string, max = 6): string[] {
  const lines = output
    .split(/\r?\n/)
    .map((line) =>
      ownPath(rejectionReason(line.replace(NEST_PREFIX, '')))
        .replace(/\t/g, '  ')
        .trimEnd(),
    )
    .filter((line) => line.trim() !== '');
  const at = lines.findIndex((line) => TROUBLE.test(line));
  // Nothing went wrong by its own words: its last ones say how far it came.
  if (at < 0) return lines.slice(-3).map(cut);
  // Compilers print the code before the sentence: keep what stands just above it, too.
  const from = /\w/.test(lines[at - 1] ?? '') ? at - 1 : at;
  const kept: string[] = [];
  for (const line of lines.slice(from)) {
    if (kept.length === max) break;
    if (FOREIGN_FRAME.test(line) || INSPECTED.test(line)) continue;
    kept.push(line);
  }
  return kept.map(cut);
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
/** What Nest writes before each line: its name, the process and the time. */
const NEST_PREFIX = /^\[Nest\] \d+ +- .*?(?=(?:LOG|WARN|ERROR|FATAL|DEBUG|VERBOSE) \[)/;
const FOREIGN_FRAME = /^\s+at .*(?:node:|node_modules|grader[\\/]capture)/;
/** What Node prints of an error object behind its stack: it says nothing that the stack does not. */
const INSPECTED = /^\s*(?:code: 'MODULE_NOT_FOUND',|requireStack: \[|[}\]{[]+,?)$|^\s+\^\s*$/;

function cut(line: string): string {
  const clean = [...line].filter((character) => (character.codePointAt(0) ?? 0) >= 32).join('');
  if (clean.length <= 76) return clean;
  // Of a line of a stack, the file and its line number help most, and they stand at the end.
  const frame = /^(\s+at )(?:.*\()?([^()]+:\d+:\d+)\)?$/.exec(clean);
  if (!frame) return `${clean.slice(0, 75)}~`;
  const [, at = '', place = ''] = frame;
  return place.length + at.length <= 76 ? `${at}${place}` : `${at}~${place.slice(at.length - 75)}`;
}
