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

/** The rows of hidden data by user. */
export class RowsByUser {
  readonly #sets: readonly DataSet[];
  readonly #rows = new Map<string, Row[]>();

  constructor(sets: readonly DataSet[]) {
    this.#sets = sets;
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

/** A result with a column of users, and what its other columns can be of the hidden data's rows. */
export class ResultByUser {
  readonly runs: readonly QueryRun[];
  readonly userColumn: string;
  readonly #data: RowsByUser;

  constructor(runs: readonly QueryRun[], userColumn: string, data: RowsByUser) {
    this.runs = runs;
    this.userColumn = userColumn;
    this.#data = data;
  }

  /** The rows of one run that are of a user. */
  withUser(run: QueryRun): QueryRow[] {
    return run.rows.filter((row) => (row[this.userColumn] ?? null) !== null);
  }

  users(run: QueryRun, holds: RowSet['holds'], measure?: (row: Row) => number | null): ByUser {
    return this.#data.of(run, holds, measure);
  }

  /** Names of all attributes in the data. */
  attributes(): Set<string> {
    return new Set(
      this.runs.flatMap((run) => this.#data.all(run).flatMap((row) => Object.keys(row.attributes))),
    );
  }

  countMatches(holds: RowSet['holds']): boolean {
    return this.runs.every((run) => {
      const users = this.users(run, holds);
      return this.withUser(run).every(
        (row) => row.COUNT === (users.get(String(row[this.userColumn]))?.count ?? 0),
      );
    });
  }

  /** For each column of numbers, the statistics that its every value is, over every run. */
  statisticsShown(set: RowSet, measure?: (row: Row) => number | null): Map<string, Statistic[]> {
    const perRun = this.runs.map((run) => ({
      rows: this.withUser(run),
      users: this.users(run, set.holds, measure),
    }));
    const shown = new Map<string, Statistic[]>();
    if (!perRun.some(({ rows }) => rows.length > 0)) return shown;
    for (const column of numericColumns(this.runs)) {
      const is = (name: Statistic): boolean =>
        perRun.every(({ rows, users }) =>
          rows.every((row) => {
            const values = users.get(String(row[this.userColumn]))?.durations ?? [];
            return values.length > 0 && near(row[column], STATISTICS[name](values));
          }),
        );
      shown.set(column, (Object.keys(STATISTICS) as Statistic[]).filter(is));
    }
    return shown;
  }
}
