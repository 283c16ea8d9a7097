import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import { type DataSet, RECENT_MS, type Row, rowsOf } from '../../../hidden-data/index.ts';
import type { ResultTable } from '../../finding.ts';
import { columnsOf, columnWithin, dataOf } from './results.ts';
import { sideBySide } from './side-by-side.ts';
import { isRoot } from './trace-rows.ts';

/** How many traces the task asks for. */
export const TRACES_WANTED = 20;

/** Rows of the hidden data, known by data set. */
export class TraceData {
  readonly #sets: readonly DataSet[];
  readonly #rows = new Map<string, Row[]>();

  constructor(sets: readonly DataSet[]) {
    this.#sets = sets;
  }

  /** Every row of the data that a run was over. */
  all(run: QueryRun): Row[] {
    const rows = this.#rows.get(run.dataSet) ?? rowsOf(dataOf(this.#sets, run).spans);
    this.#rows.set(run.dataSet, rows);
    return rows;
  }

  /** How long ago a row began, at the time of the query; milliseconds. */
  ageMs(run: QueryRun, row: Row): number {
    return dataOf(this.#sets, run).nowMs - row.timeMs;
  }

  recent(run: QueryRun): Row[] {
    return this.all(run).filter((row) => this.ageMs(run, row) <= RECENT_MS);
  }
}

/** A result, and which rows of the hidden data stand behind it. */
export class ResultByTrace {
  readonly runs: readonly QueryRun[];
  readonly data: TraceData;

  constructor(runs: readonly QueryRun[], data: TraceData) {
    this.runs = runs;
    this.data = data;
  }

  /** The column that holds ids of traces. */
  traceColumn(): string | null {
    const ids = (run: QueryRun): Set<string> => new Set(this.data.all(run).map((row) => row.traceId));
    return columnWithin(this.runs, 'trace.trace_id', ids);
  }

  /** The column that holds names of rows, right or wrong ones. */
  nameColumn(): string | null {
    return columnWithin(this.runs, 'name', (run) => new Set(this.data.all(run).map((row) => row.name)));
  }

  /** The learner's rows beside the right ones, the slowest traces first. */
  tables(holds: (row: Row) => boolean = isRoot): ResultTable[] {
    const columns = columnsOf(this.runs);
    const duration = columns.find((column) => /\bduration_ms\)?$/.test(column)) ?? 'duration_ms';
    const name = columns.includes('root.name') && !columns.includes('name') ? 'root.name' : 'name';
    const rows = (run: QueryRun): QueryRow[] =>
      this.data
        .recent(run)
        .filter(holds)
        .map(
          (row): QueryRow => ({
            'trace.trace_id': row.traceId,
            [name]: row.name,
            [duration]: row.durationMs,
          }),
        )
        .sort((a, b) => Number(b[duration]) - Number(a[duration]))
        .slice(0, TRACES_WANTED);
    return sideBySide(this.runs, { rows, sortedBy: duration, first: ['trace.trace_id', name] });
  }
}
