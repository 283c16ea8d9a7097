import type { Screen } from '@workshop/base/terminal';
import stringWidth from 'string-width';
import type { ResultTable } from '../judge/index.ts';

const GAP = 2;
const INDENT = 2;
const NARROWEST = 6;

/** Some rows of a query's result in columns: numbers to the right, and no line wider than the screen. */
export function resultTableLines(table: ResultTable, screen: Screen): string[] {
  const lines = [`${' '.repeat(INDENT)}${table.title}`];
  if (table.columns.length === 0 || table.rows.length === 0) return lines;
  const widths = table.columns.map((name, at) =>
    Math.max(stringWidth(name), ...table.rows.map((row) => stringWidth(row[at] ?? ''))),
  );
  const room = screen.width - INDENT - GAP * (widths.length - 1);
  // The widest gives way first.
  while (widths.reduce((sum, width) => sum + width, 0) > room && Math.max(...widths) > NARROWEST) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] as number) - 1;
  }
  const numeric = table.columns.map((_, at) =>
    table.rows.every((row) => /^(?:-?[\d.]+|-)$/.test(row[at] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    ' '.repeat(INDENT) +
    cells
      .map((cell, at) => fitted(cell, widths[at] as number, numeric[at] as boolean))
      .join(' '.repeat(GAP))
      .trimEnd();
  lines.push(' '.repeat(INDENT) + '-'.repeat(widths.reduce((sum, width) => sum + width + GAP, -GAP)));
  lines.push(line(table.columns), ...table.rows.map(line));
  return lines;
}

function fitted(text: string, width: number, toTheRight: boolean): string {
  const short = stringWidth(text) > width ? `${text.slice(0, width - 1)}~` : text;
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(short)));
  return toTheRight ? blanks + short : short + blanks;
}
