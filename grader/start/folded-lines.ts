import path from 'node:path';
import { isCompilerStack, isNestListing, type LineReader } from './log-lines.ts';

/** Errors of the program itself: their words help to mend it. What a database or another service answers is no such. */
const PROGRAM_ERROR = /\b(?:TypeError|ReferenceError|RangeError|SyntaxError|AssertionError)\b/;
const FRAME = /^\s+at (?:async )?(.*)$/;
/** The frame that belongs to a person: in the sources, not in a package or in Node. */
const OWN_FRAME = /([^\s(]*app-backend[/\\](?:src|test)[/\\][^\s:)]+:\d+)(?::\d+)?\)?(?: \{)?$/;

/**
 * Reads what API or worker print, and leaves out what buries a message: Nest's lists, the compiler's stack, and of any other
 * stack all but the first place in the learner's own code, with the values that hang on an error. One reader for each
 * process, since a stack is several lines.
 *
 * A request that ended in a 500 is a line without its cause: the cause is what exercise 04 has the trace tell. An error of
 * the program itself is shown, since somebody is about to mend it.
 */
export function foldedLines(): LineReader {
  /** inside the values of an error, up to the brace that ends them */
  let inValues = false;
  /** after an error's message: whether a place of the learner's may still be shown */
  let wantsPlace = true;
  let hidden = false;
  return (line, shown) => {
    if (inValues) {
      if (/^\s*\}$/.test(line)) inValues = false;
      return [];
    }
    const frame = FRAME.exec(line);
    if (frame) {
      inValues = line.endsWith('{');
      const own = OWN_FRAME.exec(line)?.[1];
      if (!own || !wantsPlace || hidden) return [];
      wantsPlace = false;
      return [`    at ${fromFolder(own)}`];
    }
    wantsPlace = true;
    hidden = false;
    if (isNestListing(line) || isCompilerStack(line)) return [];
    const failed = /^(.*ERROR \[ExceptionsHandler\]) (.*)$/.exec(line);
    if (!failed || PROGRAM_ERROR.test(failed[2] ?? '')) return [shown];
    hidden = true;
    return [`${failed[1]} A request was answered with 500. Its trace can tell why.`];
  };
}

/** `app-backend/src/feed/feed.service.ts:31` */
function fromFolder(place: string): string {
  const at = place.search(/app-backend[/\\]/);
  return place.slice(at).split(path.win32.sep).join('/');
}
