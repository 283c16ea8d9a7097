import { createRequire } from 'node:module';

export interface TableLayout {
  /** names of the columns that stand to the right: numbers */
  right?: readonly string[];
  /** blanks before each line */
  indent?: number;
  /** columns of the screen: the widest column gives way first, and `~` stands for what was cut off */
  width?: number;
}

const GAP = 2;
/** No column is made narrower: less of it says nothing. */
const NARROWEST = 6;

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};

const load = createRequire(import.meta.url);

/** A table without lines, so that it can be cut and sorted by other programs. Each line ends without blanks. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { right = [], indent = 0, width }: TableLayout = {},
): string {
  // Loaded by the first table, not by the first command: most commands print none.
  const Table = load('cli-table3') as typeof import('cli-table3');
  const table = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
    truncate: '~',
    ...(width !== undefined && { colWidths: fittedWidths([head, ...rows], width - indent) }),
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(indent)}${line}`.trimEnd())
    .join('\n');
}

function fittedWidths(lines: readonly (readonly string[])[], room: number): number[] {
  const { default: stringWidth } = load('string-width') as typeof import('string-width');
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((line) => stringWidth(line[column] ?? ''))),
  );
  const free = room - GAP * (widths.length - 1);
  while (widths.reduce((sum, one) => sum + one, 0) > free && Math.max(...widths) > NARROWEST) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = widths[widest]! - 1;
  }
  return widths;
}
