import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import type { ResultTable } from '../../finding.ts';
import { columnsOf, near } from './results.ts';

const ROWS_SHOWN = 4;
const COLUMNS_SHOWN = 5;

/** What a result should be, to be shown beside it. */
export interface RightResult {
  /** the right rows over the data of this run, in a right order */
  rows(run: QueryRun): QueryRow[];
  /** rows with the same number here may stand in any order */
  sortedBy?: string;
  /** columns that stand before the others */
  first: readonly string[];
}

/**
 * A result beside the right one, from the first row on that differs, each row with its place. The first data set in
 * which a row differs is shown. Where none does, the fault is elsewhere, and the first rows are shown.
 */
export function sideBySide(runs: readonly QueryRun[], right: RightResult): ResultTable[] {
  const [shown] = runs.flatMap((run) => {
    const at = firstDifference(run.rows, right.rows(run), right.sortedBy);
    return at === null ? [] : [{ run, at }];
  });
  const run = shown?.run ?? (runs[0] as QueryRun);
  const wanted = right.rows(run);
  const from = Math.max(0, (shown?.at ?? 0) - 1);
  const digits = looksTheSame(run.rows[shown?.at ?? 0], wanted[shown?.at ?? 0]) ? 3 : 1;
  const missing = shown && shown.at >= run.rows.length;
  const what = missing ? 'is missing' : 'is the first that differs';
  const differs = shown && run.rows.length > 0 ? `, row ${shown.at + 1} ${what}` : '';
  return [
    table('your result', run.rows, { from, digits, differs, first: right.first }),
    table('wanted', wanted, { from, digits, differs: '', first: right.first }),
  ];
}

/** The place of the first row that is another than the right one, by the columns that both have; null: none is. */
function firstDifference(
  rows: readonly QueryRow[],
  wanted: readonly QueryRow[],
  sortedBy = '',
): number | null {
  const columns = columnsIn(wanted).filter((column) => columnsIn(rows).includes(column));
  const same = (row: QueryRow, other: QueryRow): boolean =>
    columns.every((column) => equal(row[column] ?? null, other[column] ?? null));
  for (let at = 0; at < Math.max(rows.length, wanted.length); at++) {
    const row = rows[at];
    const right = wanted[at];
    if (!row || !right) return at;
    const tied = wanted.filter((one) => near(one[sortedBy], Number(right[sortedBy])));
    if (![right, ...tied].some((one) => same(row, one))) return at;
  }
  return null;
}

function equal(value: QueryRow[string], other: QueryRow[string]): boolean {
  return typeof other === 'number' ? near(value, other) : value === other;
}

/** Two rows whose numbers differ so little that one decimal does not show it. */
function looksTheSame(row: QueryRow | undefined, other: QueryRow | undefined): boolean {
  if (!row || !other) return false;
  return Object.keys(other).some((column) => {
    const [value = null, wanted = null] = [row[column], other[column]];
    return !equal(value, wanted) && cell(value, 1) === cell(wanted, 1);
  });
}

interface Shown {
  /** place of the first row, from 0 */
  from: number;
  digits: number;
  differs: string;
  first: readonly string[];
}

function table(
  title: string,
  rows: readonly QueryRow[],
  { from, digits, differs, first }: Shown,
): ResultTable {
  const all = columnsIn(rows);
  const columns = [
    ...first.filter((column) => all.includes(column)),
    ...all.filter((column) => !first.includes(column)),
  ].slice(0, COLUMNS_SHOWN);
  const shown = rows.slice(from, from + ROWS_SHOWN);
  const places =
    rows.length === 0
      ? 'no rows'
      : shown.length === 0
        ? `${rows.length} rows, none at this place`
        : `${placesOf(from + 1, from + shown.length)} of ${rows.length}${differs}`;
  return {
    title: `${title}: ${places}`,
    columns: ['row', ...columns],
    rows: shown.map((row, at) => [
      String(from + at + 1),
      ...columns.map((column) => cell(row[column] ?? null, digits)),
    ]),
  };
}

function placesOf(first: number, last: number): string {
  return first === last ? `row ${first}` : `rows ${first} to ${last}`;
}

function columnsIn(rows: readonly QueryRow[]): string[] {
  return columnsOf([{ dataSet: '', rows: [...rows] }]);
}

/** Ids of traces as the lists of traces show them: their first eight digits. */
function cell(value: QueryRow[string], digits: number): string {
  if (value === null) return '-';
  if (typeof value === 'number') return String(Number(value.toFixed(digits)));
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) ? value.slice(0, 8) : String(value);
}
