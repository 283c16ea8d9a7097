import { visibleText } from '@workshop/base/visible-text';

/** A name in a row: longer ones are cut, the drawer has the whole. */
const LONGEST_NAME = 160;
/** A value in the drawer, before somebody asks for all of it. */
export const LONGEST_VALUE = 2_000;
/** Of one value at most, also when all of it was asked for: a browser lays out no megabyte in a table cell. */
export const LONGEST_SHOWN = 100_000;

/**
 * A stranger's text on one line: what a browser would obey (direction, control characters) stands there as its code,
 * line breaks as signs, and too much is cut. Every text of a span goes through this or `shownText`.
 */
export function shownLine(text: string, longest: number = LONGEST_NAME): string {
  const line = visibleText(text.slice(0, longest + 1))
    .replaceAll('\n', '↵')
    .replaceAll('\t', '⇥');
  return text.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** The same on as many lines as it has. */
export function shownText(text: string, longest: number = LONGEST_SHOWN): string {
  return visibleText(text.slice(0, longest));
}
