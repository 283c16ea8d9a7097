import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import type { DataSet } from '../../../hidden-data/index.ts';

/** Numbers of two computations of the same thing are equal within this share. */
const TOLERANCE = 1e-6;

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
