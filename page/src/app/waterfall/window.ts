/** At most so many rows are in the document. */
export const MOST_ROWS = 80;
/** The window moves by so many rows at once, so that most scroll events change nothing. */
const STEP = 8;

/** Rows that are in the document. */
export interface RowWindow {
  first: number;
  count: number;
}

/**
 * @param height of what is seen, CSS pixels
 * @param rowPx height of a row
 */
export function rowWindow(rows: number, scrollTop: number, height: number, rowPx: number): RowWindow {
  const seen = Math.ceil(height / rowPx);
  const count = Math.min(rows, MOST_ROWS, seen + 3 * STEP);
  const spare = Math.max(0, Math.floor((count - seen) / 2));
  const top = Math.floor(scrollTop / rowPx) - spare;
  const first = Math.max(0, Math.min(Math.floor(top / STEP) * STEP, rows - count));
  return { first, count };
}
