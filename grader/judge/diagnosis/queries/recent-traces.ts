import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import { type DataSet, RECENT_MS, type Row } from '../../../hidden-data/index.ts';
import {
  diagnoseRuns,
  nearestProblem,
  type QueryProblem,
  type Ran,
  rowCounts,
  wrongFilter,
} from './problem.ts';
import { ResultByTrace, TRACES_WANTED, TraceData } from './result-by-trace.ts';
import { columnsOf, descends, near, numericColumns } from './results.ts';
import { LOOK, otherNumbers, otherSpans, wrongColumn } from './trace-columns.ts';
import { doubledTrace, isRoot, isServer } from './trace-rows.ts';

type Holds = (row: Row) => boolean;

/** Each of these has one row for a trace. The first is what messages show. */
const RIGHT: readonly Holds[] = [isRoot, (row) => isRoot(row) && row.service === 'murmur-api', isServer];

/** Judges "Recent Traces" on its results over hidden data; null when they are right. */
export function diagnoseRecentTraces(ran: Ran, sets: readonly DataSet[]): QueryProblem | null {
  const data = new TraceData(sets);
  return diagnoseRuns(ran, (runs) => problemOf(new ResultByTrace(runs, data)), {
    whole: 'all recent traces',
    sentence: `the ${TRACES_WANTED} slowest traces of the last 10 minutes, whoever began them.`,
    most: TRACES_WANTED,
  });
}

/** The problem that is left when the rows are read the most favourable way; null when one way is right. */
function problemOf(result: ResultByTrace): QueryProblem | null {
  const { runs, data } = result;
  if (runs.some((run) => run.rows.length === 0)) return unexplained(result);
  const traceColumn = result.traceColumn();
  if (traceColumn === null) {
    const columns = columnsOf(runs);
    const saw = `no column of its result holds the trace's id. It has ${columns.join(', ')}.`;
    return wrongColumn(saw, columns, result);
  }
  const doubled = doubledTrace(runs, (run) => data.all(run), traceColumn, result.nameColumn());
  if (doubled) {
    return {
      part: 'rows',
      finding: {
        reason: doubled.reason,
        saw: doubled.saw,
        wanted: 'one row for each trace: its root span, and no other.',
        look: LOOK,
        tables: result.tables(),
        seen: [{ kind: 'rows', text: doubled.saw }],
      },
    };
  }
  return nearestProblem(RIGHT, (holds) => problemWith(result, traceColumn, holds));
}

function problemWith(result: ResultByTrace, traceColumn: string, holds: Holds): QueryProblem | null {
  const { runs, data } = result;
  const right = new Map(
    runs.map((run) => [
      run,
      new Map(
        data
          .recent(run)
          .filter(holds)
          .map((row) => [row.traceId, row]),
      ),
    ]),
  );
  const every = (holdsRow: (row: QueryRow, right: Row) => boolean): boolean =>
    runs.every((run) =>
      run.rows.every((row) => {
        const of = right.get(run)?.get(String(row[traceColumn]));
        return of === undefined || holdsRow(row, of);
      }),
    );
  const columns = columnsOf(runs);
  if (!columns.some((column) => every((row, of) => row[column] === of.name))) {
    // Names of other spans are another fault than no names at all.
    const otherNames = result.nameColumn();
    if (otherNames) return holds === isRoot ? otherSpans(result, otherNames) : unexplained(result);
    return wrongColumn(`it does not show the name. It has ${columns.join(', ')}.`, columns, result);
  }
  const duration = numericColumns(runs).filter((column) =>
    every((row, of) => near(row[column], of.durationMs ?? 0)),
  );
  if (duration.length === 0) return otherNumbers(result, traceColumn);
  const known = (run: QueryRun): Map<string, Row> => right.get(run) ?? new Map();
  return rowsProblem(result, traceColumn, known) ?? orderProblem(result, duration, holds, known);
}

/** Traces that are not among the recent ones. */
function rowsProblem(
  result: ResultByTrace,
  traceColumn: string,
  right: (run: QueryRun) => Map<string, Row>,
): QueryProblem | null {
  const { runs, data } = result;
  for (const run of runs) {
    const strange = run.rows.filter((row) => !right(run).has(String(row[traceColumn])));
    if (strange.length === 0) continue;
    const old = data
      .all(run)
      .find(
        (row) =>
          data.ageMs(run, row) > RECENT_MS && strange.some((shown) => shown[traceColumn] === row.traceId),
      );
    if (!old) return unexplained(result);
    const hours = Math.round(data.ageMs(run, old) / 3_600_000);
    return wrongFilter(
      `it shows traces that began ${hours} hours ago.`,
      'traces of the last 10 minutes.',
      null,
      result.tables(),
      'how far back your query looks.',
    );
  }
  return null;
}

/** The right kind of rows: are they the slowest ones, in order, and as many as asked for? */
function orderProblem(
  result: ResultByTrace,
  duration: readonly string[],
  holds: Holds,
  right: (run: QueryRun) => Map<string, Row>,
): QueryProblem | null {
  const { runs } = result;
  const tables = result.tables(holds);
  const sorted = duration.find((column) =>
    runs.every((run) => descends(run.rows.map((row) => Number(row[column])))),
  );
  if (sorted === undefined) {
    return {
      part: 'order',
      finding: {
        reason: 'query-wrong-order',
        saw: 'its rows are not sorted by duration, descending.',
        wanted: `the slowest trace first. Then the limit keeps the ${TRACES_WANTED} slowest.`,
        look: 'the orders of your query: by which number, and in which direction?',
        tables,
        seen: [{ kind: 'order', text: duration.join(', ') }],
      },
    };
  }
  for (const run of runs) {
    const best = [...right(run).values()].map((row) => row.durationMs ?? 0).sort((a, b) => b - a);
    if (!run.rows.every((row, place) => near(row[sorted], best[place] as number))) {
      const saw = 'slower traces of the last 10 minutes are not among its rows.';
      return wrongFilter(saw, 'every trace, whoever began it.', null, tables);
    }
    const wanted = Math.min(TRACES_WANTED, best.length);
    if (run.rows.length === wanted) continue;
    const tooFew = run.rows.length < wanted;
    return {
      part: 'order',
      ...(tooFew && { tooFew }),
      finding: {
        reason: 'query-limit-lost',
        saw: `it shows ${run.rows.length} traces.`,
        wanted: `${TRACES_WANTED} traces: a list that a person reads.`,
        look: tooFew
          ? 'the limit, the havings and the filters of your query: what keeps the others out?'
          : 'the limit of your query. Without one, it is 100.',
        tables,
        seen: [{ kind: 'rows', text: String(run.rows.length) }],
      },
    };
  }
  return null;
}

function unexplained(result: ResultByTrace): QueryProblem {
  return {
    part: 'rows',
    finding: {
      reason: 'unexplained',
      saw: `its ${rowCounts(result.runs)} rows over hidden data are not the right ones.`,
      wanted: `one row for each of the ${TRACES_WANTED} slowest traces of the last 10 minutes: its root span.`,
      look: LOOK,
      tables: result.tables(),
    },
  };
}
