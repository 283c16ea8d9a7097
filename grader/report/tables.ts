import { visibleText } from '@workshop/base';
import { plainTable } from '@workshop/base/tables';
import type { Screen } from '@workshop/base/terminal';
import type { ResultTable } from '../judge/index.ts';

const INDENT = 2;

/** Some rows of a query's result in columns: numbers to the right, and no line wider than the screen. */
export function resultTableLines({ title, columns, rows }: ResultTable, screen: Screen): string[] {
  const lines = [`${' '.repeat(INDENT)}${title}`];
  if (columns.length === 0 || rows.length === 0) return lines;
  const right = columns.filter((_, at) => rows.every((row) => /^(?:-?[\d.]+|-)$/.test(row[at] ?? '')));
  const shown = rows.map((row) => row.map(visibleText));
  const table = plainTable(columns.map(visibleText), shown, {
    right,
    indent: INDENT,
    width: screen.width,
  }).split('\n');
  const width = Math.max(...table.map((line) => line.length)) - INDENT;
  return [...lines, ' '.repeat(INDENT) + '-'.repeat(width), ...table];
}
