import type { QueryOutcome, QueryRow, QueryRun, QueryVariation } from '../../../evidence/index.ts';
import type { DataSet, WantedQuery } from '../../../hidden-data/index.ts';
import type { Failure, ResultTable } from '../../verdict.ts';

/** The part of an exercise that a failure belongs to, in the order in which they are looked at. */
export const QUERY_PARTS = ['runs', 'columns', 'rows', 'order'] as const;
export type QueryPart = (typeof QUERY_PARTS)[number];

/** What is wrong with a saved query. Everything before `part` is right. */
export interface QueryProblem {
  part: QueryPart;
  failure: Failure;
}

export type Ran = Extract<QueryOutcome, { state: 'ran' }>;
/** Judges results over hidden data; null when they are right. */
export type JudgeRuns = (runs: readonly QueryRun[]) => QueryProblem | null;

/** Numbers of two computations of the same thing are equal within this share. */
const TOLERANCE = 1e-6;
const TABLE_ROWS = 4;

/** Why the query could not be run at all; null when it was. */
export function diagnoseFile(
  outcome: QueryOutcome,
  wanted: WantedQuery,
  files: readonly string[],
): Failure | null {
  if (outcome.state === 'ran') return null;
  const look = 'exercises/05-saved-queries/README.md, "Your task".';
  const right = `queries/${wanted.file}, a saved query: {"name": "${wanted.name}", "description": ..., "query": {...}}.`;
  if (outcome.state === 'missing') {
    const others =
      files.length > 0 ? ` queries/ holds ${files.join(', ')}.` : ' The folder queries/ is empty.';
    return {
      reason: 'query-missing',
      saw: `there is no queries/${wanted.file}, and no query named "${wanted.name}".${others}`,
      wanted: right,
      look,
      seen: [{ kind: 'files', text: files.join(', ') }],
    };
  }
  if (outcome.state === 'broken') {
    return {
      reason: 'query-invalid',
      saw: `queries/${outcome.file} is not JSON: ${outcome.message}.`,
      wanted: right,
      look: `queries/${outcome.file}: is there a comma too many or a quote too few?`,
      seen: [{ kind: 'field', text: '(the file)' }],
    };
  }
  const [first, ...more] = outcome.problems;
  const rest = more.length > 0 ? ` ${more.length} more: ${more.map(({ field }) => field).join(', ')}.` : '';
  return {
    reason: 'query-invalid',
    saw: `queries/${outcome.file}, field ${first?.field}: ${first?.description}.${rest}`,
    wanted: 'a query that the lab and Honeycomb accept.',
    look: `npm run query -- queries/${outcome.file} says the same, whenever you change it.`,
    seen: outcome.problems.map(({ field }) => ({ kind: 'field', text: field })),
  };
}

/**
 * A part of the query that is proven guilty: without it the results would be right. Null when there is no such part.
 * `taken`: which kinds of parts to look at.
 */
export function provenPart(
  ran: Ran,
  judge: JudgeRuns,
  taken: readonly QueryVariation['taken'][],
): QueryVariation | null {
  return (
    ran.variations.find((variation) => taken.includes(variation.taken) && judge(variation.runs) === null) ??
    null
  );
}

/** The values of one sample stand in the query: over other data it shows other rows, or none. */
export function fitsSampleOnly(ran: Ran, part: QueryVariation, tables: ResultTable[]): QueryProblem {
  const rows = ran.runs.map((run) => run.rows.length).join(' and ');
  return {
    part: 'rows',
    failure: {
      reason: 'query-fits-sample-only',
      saw: `over hidden data it gives ${rows} rows.`,
      wanted: 'a query that is right tomorrow and for other users, too.',
      cause: `It names what only your own data has: ${part.text}. Without that, its result is right.`,
      look: 'which values of your query come from the traces that you happened to see?',
      tables,
      seen: [{ kind: 'sample', text: part.text }],
    },
  };
}

/** One filter, having or time of the query keeps out rows that belong to the result, or lets others in. */
export function wrongFilter(
  saw: string,
  wanted: string,
  part: QueryVariation | null,
  tables: ResultTable[],
): QueryProblem {
  return {
    part: 'rows',
    failure: {
      reason: 'query-wrong-filter',
      saw,
      wanted,
      ...(part && { cause: `Without ${part.text} the result is right.` }),
      look: 'each filter of your query, and its time: which rows does it drop that the task asks for?',
      tables,
      seen: [{ kind: 'filter', text: part?.text ?? saw }],
    },
  };
}

/** The columns of all rows. */
export function columnsOf(runs: readonly QueryRun[]): string[] {
  return [...new Set(runs.flatMap((run) => run.rows.flatMap((row) => Object.keys(row))))];
}

/** The column whose every value is one of these, in every run; null values count as missing and are allowed. */
export function columnWithin(
  runs: readonly QueryRun[],
  preferred: string,
  allowed: (run: QueryRun) => ReadonlySet<string>,
): string | null {
  const fits = (column: string): boolean => {
    let found = 0;
    for (const run of runs) {
      const values = allowed(run);
      for (const row of run.rows) {
        const value = row[column] ?? null;
        if (value === null) continue;
        if (!values.has(String(value))) return false;
        found++;
      }
    }
    return found > 0;
  };
  const columns = columnsOf(runs);
  return [preferred, ...columns].find((column) => columns.includes(column) && fits(column)) ?? null;
}

/** The columns that hold a number somewhere. */
export function numericColumns(runs: readonly QueryRun[]): string[] {
  return columnsOf(runs).filter((column) =>
    runs.some((run) => run.rows.some((row) => typeof row[column] === 'number')),
  );
}

export function near(value: QueryRow[string] | undefined, expected: number): boolean {
  return (
    typeof value === 'number' && Math.abs(value - expected) <= TOLERANCE * Math.max(1, Math.abs(expected))
  );
}

/** Every number at most the one before it, with equal ones in any order. */
export function descends(values: readonly number[]): boolean {
  return values.every(
    (value, at) => at === 0 || value <= (values[at - 1] as number) || near(value, values[at - 1] as number),
  );
}

/** The data set that a run was over. */
export function dataOf(sets: readonly DataSet[], run: QueryRun): DataSet {
  const found = sets.find((set) => set.id === run.dataSet);
  if (!found) throw new Error(`there is no hidden data set "${run.dataSet}"`);
  return found;
}

/** The first rows of a result, as a table. `first`: columns that stand before the others. */
export function resultTable(
  title: string,
  rows: readonly QueryRow[],
  first: readonly string[],
  at = 0,
): ResultTable {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = [
    ...first.filter((column) => all.includes(column)),
    ...all.filter((column) => !first.includes(column)),
  ];
  const shown = columns.slice(0, 5);
  const from = Math.max(0, Math.min(at, rows.length - TABLE_ROWS));
  return {
    title:
      rows.length === 0
        ? `${title}: no rows`
        : `${title}: rows ${from + 1} to ${Math.min(rows.length, from + TABLE_ROWS)} of ${rows.length}`,
    columns: shown,
    rows: rows.slice(from, from + TABLE_ROWS).map((row) => shown.map((column) => cell(row[column] ?? null))),
  };
}

function cell(value: QueryRow[string]): string {
  if (value === null) return '-';
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : String(value);
}
