import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import { type DataSet, RECENT_MS, type Row, rowsOf, STATISTICS } from '../../../hidden-data/index.ts';
import type { ResultTable } from '../../finding.ts';
import {
  diagnoseRuns,
  nearestProblem,
  type QueryProblem,
  type Ran,
  rowCounts,
  wrongFilter,
} from './problem.ts';
import { columnsOf, columnWithin, dataOf, descends, near, numericColumns, resultTable } from './results.ts';
import { doubledTrace, isRoot, isServer } from './trace-rows.ts';

/** How many traces the task asks for. */
export const TRACES_WANTED = 20;

/** Each of these has one row for a trace. The first is what messages show. */
const RIGHT: readonly ((row: Row) => boolean)[] = [
  isRoot,
  (row) => isRoot(row) && row.service === 'murmur-api',
  isServer,
];

const LOOK = 'exercises/05-saved-queries/README.md, "One request, many rows".';

/** Judges "Recent Traces" on its results over hidden data; null when they are right. */
export function diagnoseRecentTraces(ran: Ran, sets: readonly DataSet[]): QueryProblem | null {
  return new RecentTraces(sets).diagnose(ran);
}

class RecentTraces {
  readonly #sets: readonly DataSet[];
  readonly #rows = new Map<string, Row[]>();

  constructor(sets: readonly DataSet[]) {
    this.#sets = sets;
  }

  diagnose(ran: Ran): QueryProblem | null {
    return diagnoseRuns(
      ran,
      (runs) => this.#best(runs),
      'all recent traces',
      `the ${TRACES_WANTED} slowest traces of the last 10 minutes, whoever began them.`,
    );
  }

  #best(runs: readonly QueryRun[]): QueryProblem | null {
    const columns = columnsOf(runs);
    if (runs.some((run) => run.rows.length === 0)) return this.#unexplained(runs);
    const traceColumn = columnWithin(
      runs,
      'trace.trace_id',
      (run) => new Set(this.#data(run).map((row) => row.traceId)),
    );
    if (traceColumn === null) {
      return this.#wrongColumn(
        `no column of its result holds the trace's id. It has ${columns.join(', ')}.`,
        columns,
        runs,
      );
    }
    const doubled = this.#doubled(runs, traceColumn);
    if (doubled) return doubled;
    return nearestProblem(RIGHT, (holds) => this.#problemWith(runs, traceColumn, holds));
  }

  #doubled(runs: readonly QueryRun[], traceColumn: string): QueryProblem | null {
    const found = doubledTrace(runs, (run) => this.#data(run), traceColumn, this.#nameColumn(runs));
    if (!found) return null;
    return {
      part: 'rows',
      finding: {
        reason: found.reason,
        saw: found.saw,
        wanted: 'one row for each trace: its root span, and no other.',
        look: LOOK,
        tables: this.#tables(runs),
        seen: [{ kind: 'rows', text: found.saw }],
      },
    };
  }

  #problemWith(
    runs: readonly QueryRun[],
    traceColumn: string,
    holds: (row: Row) => boolean,
  ): QueryProblem | null {
    const wanted = runs.map(
      (run) =>
        new Map(
          this.#recent(run)
            .filter(holds)
            .map((row) => [row.traceId, row]),
        ),
    );
    const every = (holdsRow: (row: QueryRow, right: Row) => boolean): boolean =>
      runs.every((run, at) =>
        run.rows.every((row) => {
          const right = wanted[at]?.get(String(row[traceColumn]));
          return right === undefined || holdsRow(row, right);
        }),
      );
    const columns = columnsOf(runs);
    const nameColumn = columns.find((column) => every((row, right) => row[column] === right.name));
    if (nameColumn === undefined) {
      // Names of other spans are another fault than no names at all.
      const otherNames = this.#nameColumn(runs);
      if (otherNames) return holds === isRoot ? this.#otherSpans(runs, otherNames) : this.#unexplained(runs);
      return this.#wrongColumn(`it does not show the name. It has ${columns.join(', ')}.`, columns, runs);
    }
    const duration = numericColumns(runs).filter((column) =>
      every((row, right) => near(row[column], right.durationMs ?? 0)),
    );
    if (duration.length === 0) return this.#addsUp(runs, traceColumn) ?? this.#noDuration(runs);
    return this.#rowsProblem(runs, traceColumn, wanted) ?? this.#orderProblem(runs, duration, wanted);
  }

  #rowsProblem(
    runs: readonly QueryRun[],
    traceColumn: string,
    wanted: readonly Map<string, Row>[],
  ): QueryProblem | null {
    for (const [at, run] of runs.entries()) {
      const nowMs = dataOf(this.#sets, run).nowMs;
      const strange = run.rows.filter((row) => !wanted[at]?.has(String(row[traceColumn])));
      const old = strange.flatMap((shown) =>
        this.#data(run).filter((row) => row.traceId === shown[traceColumn] && row.timeMs < nowMs - RECENT_MS),
      )[0];
      if (old) {
        const hours = Math.round((nowMs - old.timeMs) / 3_600_000);
        return wrongFilter(
          `it shows traces that began ${hours} hours ago.`,
          'traces of the last 10 minutes.',
          null,
          this.#tables(runs),
        );
      }
      if (strange.length > 0) return this.#unexplained(runs);
    }
    return null;
  }

  #orderProblem(
    runs: readonly QueryRun[],
    duration: readonly string[],
    wanted: readonly Map<string, Row>[],
  ): QueryProblem | null {
    const tables = this.#tables(runs);
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
          look: 'the orders of your query. Which direction does it say?',
          tables,
          seen: [{ kind: 'order', text: duration.join(', ') }],
        },
      };
    }
    for (const [at, run] of runs.entries()) {
      const best = [...(wanted[at] as Map<string, Row>).values()]
        .map((row) => row.durationMs ?? 0)
        .sort((a, b) => b - a);
      const isTop = run.rows.every((row, place) => near(row[sorted], best[place] as number));
      if (!isTop)
        return wrongFilter(
          'slower traces of the last 10 minutes are not among its rows.',
          'every trace, whoever began it.',
          null,
          tables,
        );
      if (run.rows.length !== Math.min(TRACES_WANTED, best.length)) {
        return {
          part: 'order',
          finding: {
            reason: 'query-limit-lost',
            saw: `it shows ${run.rows.length} traces.`,
            wanted: `${TRACES_WANTED} traces: a list that a person reads.`,
            look: 'the limit of your query. Without one, it is 100.',
            tables,
            seen: [{ kind: 'rows', text: String(run.rows.length) }],
          },
        };
      }
    }
    return null;
  }

  /** Numbers that are made of all spans of a trace together. */
  #addsUp(runs: readonly QueryRun[], traceColumn: string): QueryProblem | null {
    for (const column of numericColumns(runs)) {
      const is = (of: (spans: Row[]) => number): boolean =>
        runs.every((run) => {
          const byTrace = Map.groupBy(this.#data(run), (row) => row.traceId);
          return run.rows.every((row) => near(row[column], of(byTrace.get(String(row[traceColumn])) ?? [])));
        });
      const durations = (rows: Row[]): number[] =>
        rows.flatMap((row) => (row.durationMs === null ? [] : [row.durationMs])).sort((a, b) => a - b);
      const statistic = Object.entries(STATISTICS).find(([, of]) => is((rows) => of(durations(rows))));
      if (!statistic && !is((rows) => rows.length)) continue;
      return {
        part: 'rows',
        finding: {
          reason: 'query-counts-spans',
          saw: `${column} is made of all spans of a trace, not of its root span.`,
          wanted: 'the duration of the root span: that is how long the trace took.',
          look: LOOK,
          tables: this.#tables(runs),
          seen: [{ kind: 'column', text: column }],
        },
      };
    }
    return null;
  }

  /** One row a trace, and it is not the root span's. */
  #otherSpans(runs: readonly QueryRun[], nameColumn: string): QueryProblem {
    const names = [...new Set(runs.flatMap((run) => run.rows.map((row) => String(row[nameColumn] ?? '-'))))];
    return wrongFilter(
      `its rows are of other spans than the first one of each trace: ${names.slice(0, 4).join(', ')}.`,
      'one row for each trace: its root span, and no other.',
      null,
      this.#tables(runs),
    );
  }

  #noDuration(runs: readonly QueryRun[]): QueryProblem {
    const shown = numericColumns(runs);
    return this.#wrongColumn(
      shown.length > 0 ? `none of its numbers is the duration: ${shown.join(', ')}.` : 'it shows no number.',
      shown,
      runs,
    );
  }

  #wrongColumn(saw: string, columns: readonly string[], runs: readonly QueryRun[]): QueryProblem {
    return {
      part: 'columns',
      finding: {
        reason: 'query-wrong-column',
        saw,
        wanted: 'trace.trace_id, name, and the duration of the root span in milliseconds.',
        look: 'the breakdowns and calculations of your query. One span in a group: MAX of it is itself.',
        tables: this.#tables(runs),
        seen: columns.map((text) => ({ kind: 'column', text })),
      },
    };
  }

  #unexplained(runs: readonly QueryRun[]): QueryProblem {
    return {
      part: 'rows',
      finding: {
        reason: 'unexplained',
        saw: `its ${rowCounts(runs)} rows over hidden data are not the right ones.`,
        wanted: `one row for each of the ${TRACES_WANTED} slowest traces of the last 10 minutes: its root span.`,
        look: LOOK,
        tables: this.#tables(runs),
      },
    };
  }

  /** The column that holds names of rows, right or wrong ones. */
  #nameColumn(runs: readonly QueryRun[]): string | null {
    return columnWithin(runs, 'name', (run) => new Set(this.#data(run).map((row) => row.name)));
  }

  #data(run: QueryRun): Row[] {
    let rows = this.#rows.get(run.dataSet);
    if (!rows) {
      rows = rowsOf(dataOf(this.#sets, run).spans);
      this.#rows.set(run.dataSet, rows);
    }
    return rows;
  }

  #recent(run: QueryRun): Row[] {
    const { nowMs } = dataOf(this.#sets, run);
    return this.#data(run).filter((row) => row.timeMs >= nowMs - RECENT_MS);
  }

  #tables(runs: readonly QueryRun[]): ResultTable[] {
    const run = runs[0] as QueryRun;
    const right = this.#recent(run)
      .filter(isRoot)
      .map(
        (row): QueryRow => ({ 'trace.trace_id': row.traceId, name: row.name, duration_ms: row.durationMs }),
      )
      .sort((a, b) => Number(b.duration_ms) - Number(a.duration_ms))
      .slice(0, TRACES_WANTED);
    const short = (row: QueryRow): QueryRow =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) ? value.slice(0, 8) : value,
        ]),
      );
    const first = ['trace.trace_id', 'name'];
    return [
      resultTable('your result', run.rows.map(short), first),
      resultTable('wanted', right.map(short), first),
    ];
  }
}
