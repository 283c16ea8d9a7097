import type { FilePlace } from './learn-api';

/** A piece of a message: words, or the name of a place that can be gone to. */
export interface TextPart {
  text: string;
  /** in a file of the learner's */
  place?: FilePlace;
  /** a heading of the task, by its words */
  heading?: string;
}

const FILE =
  /((?:app-backend|app-frontend|queries)\/[\w./@-]*\w|answers\.json)(?::(\d{1,6})(?::(\d{1,4}))?)?/g;
const TASK = /exercises\/\d\d-[\w-]+\/README\.md(?:, "([^"]+)")?/g;

/** Finds what can be opened in a message: files of the learner's, and headings of the exercise's README. */
export function partsOf(text: string): TextPart[] {
  const found = [
    ...[...text.matchAll(TASK)].map((match) => ({ match, part: { heading: match[1] ?? '' } })),
    ...[...text.matchAll(FILE)].map((match) => ({ match, part: { place: placeOf(match) } })),
  ].sort((a, b) => a.match.index - b.match.index);
  const parts: TextPart[] = [];
  let from = 0;
  for (const { match, part } of found) {
    if (match.index < from) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ text: match[0], ...part });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

function placeOf([, path = '', line, column]: RegExpMatchArray): FilePlace {
  return {
    path,
    ...(line !== undefined && { line: Number(line) }),
    ...(column !== undefined && { column: Number(column) }),
  };
}
