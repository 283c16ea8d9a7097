import { type Row, STATISTICS } from '../../../hidden-data/index.ts';
import { type QueryProblem, wrongFilter } from './problem.ts';
import type { ResultByTrace } from './result-by-trace.ts';
import { near, numericColumns } from './results.ts';
import { isServer } from './trace-rows.ts';

export const LOOK = 'exercises/05-saved-queries/README.md, "One request, many rows".';

/** The id, the name or the duration of a trace is not shown. */
export function wrongColumn(saw: string, columns: readonly string[], result: ResultByTrace): QueryProblem {
  return {
    part: 'columns',
    finding: {
      reason: 'query-wrong-column',
      saw,
      wanted: 'trace.trace_id, name, and the duration of the root span in milliseconds.',
      look: 'the breakdowns and calculations of your query. One span in a group: MAX of it is itself.',
      tables: result.tables(),
      seen: columns.map((text) => ({ kind: 'column', text })),
    },
  };
}

/** Names are right, and no number is the duration of the spans that they name. */
export function otherNumbers(result: ResultByTrace, traceColumn: string): QueryProblem {
  return addsUp(result, traceColumn) ?? durationOfServerSpan(result, traceColumn) ?? noDuration(result);
}

/** One row a trace, and it is not the root span's. */
export function otherSpans(result: ResultByTrace, nameColumn: string): QueryProblem {
  const names = new Set(result.runs.flatMap((run) => run.rows.map((row) => String(row[nameColumn] ?? '-'))));
  return wrongFilter(
    `its rows are of other spans than the first one of each trace: ${[...names].slice(0, 4).join(', ')}.`,
    'one row for each trace: its root span, and no other.',
    null,
    result.tables(),
    LOOK,
  );
}

/** Numbers that are made of all spans of a trace together. */
function addsUp(result: ResultByTrace, traceColumn: string): QueryProblem | null {
  for (const column of numericColumns(result.runs)) {
    const is = (of: (rows: Row[]) => number): boolean => eachNumber(result, traceColumn, column, of);
    const durations = (rows: Row[]): number[] =>
      rows.flatMap((row) => (row.durationMs === null ? [] : [row.durationMs])).sort((a, b) => a - b);
    const statistic = Object.values(STATISTICS).some((of) => is((rows) => of(durations(rows))));
    if (!statistic && !is((rows) => rows.length)) continue;
    return {
      part: 'rows',
      finding: {
        reason: 'query-counts-spans',
        saw: `${column} is made of all spans of a trace, not of its root span.`,
        wanted: 'the duration of the root span: that is how long the trace took.',
        look: LOOK,
        tables: result.tables(),
        seen: [{ kind: 'column', text: column }],
      },
    };
  }
  return null;
}

/** The name is the root span's, the duration its SERVER span's. */
function durationOfServerSpan(result: ResultByTrace, traceColumn: string): QueryProblem | null {
  const server = (rows: Row[]): number => rows.find(isServer)?.durationMs ?? Number.NaN;
  const column = numericColumns(result.runs).find((one) => eachNumber(result, traceColumn, one, server));
  if (!column) return null;
  return wrongColumn(`${column} is of the SERVER span, beside the name of the root span.`, [column], result);
}

/** True if the column is this of the rows of its trace, in every row of the result. */
function eachNumber(
  { runs, data }: ResultByTrace,
  traceColumn: string,
  column: string,
  of: (rows: Row[]) => number,
): boolean {
  return runs.every((run) => {
    const byTrace = Map.groupBy(data.all(run), (row) => row.traceId);
    return run.rows.every((row) => near(row[column], of(byTrace.get(String(row[traceColumn])) ?? [])));
  });
}

function noDuration(result: ResultByTrace): QueryProblem {
  const shown = numericColumns(result.runs);
  const saw =
    shown.length > 0 ? `none of its numbers is the duration: ${shown.join(', ')}.` : 'it shows no number.';
  return wrongColumn(saw, shown, result);
}
