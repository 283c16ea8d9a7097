import { diffLines } from 'diff';

/** A part of a text, by characters; `end` is not in it. */
export interface Range {
  start: number;
  end: number;
}

/**
 * The lines of `after` that are not in `before`. Lines that were only moved to the right or left count as unchanged:
 * code that stands in a callback now is still the app's own.
 */
export function changedRanges(before: string, after: string): Range[] {
  const ranges: Range[] = [];
  let at = 0;
  for (const part of diffLines(before, after, { ignoreWhitespace: true })) {
    if (part.removed) continue;
    const length = lengthInAfter(after, at, part.count ?? 0);
    if (part.added) ranges.push({ start: at, end: at + length });
    at += length;
  }
  return ranges;
}

/** Unchanged parts hold the text of either side, so lengths are taken from the lines of `after`. */
function lengthInAfter(after: string, from: number, lines: number): number {
  let end = from;
  for (let line = 0; line < lines; line++) {
    const next = after.indexOf('\n', end);
    if (next < 0) return after.length - from;
    end = next + 1;
  }
  return end - from;
}

export const isIn = (ranges: readonly Range[], at: number): boolean =>
  ranges.some(({ start, end }) => at >= start && at < end);
