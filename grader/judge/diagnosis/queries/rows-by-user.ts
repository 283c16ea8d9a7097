import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import { type DataSet, type Row, rowsOf, STATISTICS, type Statistic } from '../../../hidden-data/index.ts';
import type { RowSet } from './request-rows.ts';
import { dataOf, near, numericColumns } from './results.ts';

export interface OfUser {
  /** rows, those without a duration too */
  count: number;
  /** ascending */
  durations: number[];
}
export type ByUser = Map<string, OfUser>;

/** The rows of hidden data by user, and what a result's columns can be of them. */
export class RowsByUser {
  readonly #sets: readonly DataSet[];
  readonly #rows = new Map<string, Row[]>();

  constructor(sets: readonly DataSet[]) {
    this.#sets = sets;
  }

  countMatches(runs: readonly QueryRun[], userColumn: string, holds: RowSet['holds']): boolean {
    return runs.every((run) => {
      const users = this.of(run, holds);
      return this.withUser(run, userColumn).every(
        (row) => row.COUNT === (users.get(String(row[userColumn]))?.count ?? 0),
      );
    });
  }

  /** For each column of numbers, the statistics that its every value is, over every run. */
  statisticsShown(
    runs: readonly QueryRun[],
    userColumn: string,
    set: RowSet,
    measure: (row: Row) => number | null = (row) => row.durationMs,
  ): Map<string, Statistic[]> {
    const perRun = runs.map((run) => ({
      rows: this.withUser(run, userColumn),
      users: this.of(run, set.holds, measure),
    }));
    const shown = new Map<string, Statistic[]>();
    if (!perRun.some(({ rows }) => rows.length > 0)) return shown;
    for (const column of numericColumns(runs)) {
      const is = (name: Statistic): boolean =>
        perRun.every(({ rows, users }) =>
          rows.every((row) => {
            const values = users.get(String(row[userColumn]))?.durations ?? [];
            return values.length > 0 && near(row[column], STATISTICS[name](values));
          }),
        );
      shown.set(column, (Object.keys(STATISTICS) as Statistic[]).filter(is));
    }
    return shown;
  }

  withUser(run: QueryRun, userColumn: string): QueryRow[] {
    return run.rows.filter((row) => (row[userColumn] ?? null) !== null);
  }

  of(run: QueryRun, holds: RowSet['holds'], measure = (row: Row): number | null => row.durationMs): ByUser {
    const users: ByUser = new Map();
    for (const row of this.all(run)) {
      if (row.userId === null || !holds(row)) continue;
      const one = users.get(row.userId) ?? { count: 0, durations: [] };
      users.set(row.userId, one);
      one.count++;
      const value = measure(row);
      if (value !== null) one.durations.push(value);
    }
    for (const one of users.values()) one.durations.sort((a, b) => a - b);
    return users;
  }

  /** Every row of the data that a run was over. */
  all(run: QueryRun): Row[] {
    const known = this.#rows.get(run.dataSet);
    if (known) return known;
    const rows = rowsOf(dataOf(this.#sets, run).spans);
    this.#rows.set(run.dataSet, rows);
    return rows;
  }
}
