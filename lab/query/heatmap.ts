import { groupKeys, groupNames } from './groups.ts';
import { type Compilation, RowsInQuestion } from './rows-in-question.ts';
import type { Calculation } from './spec.ts';
import type { Parameters } from './statement.ts';

/** A heatmap's bins: bin n holds values from `min + n * step`. */
export interface Bins {
  min: number;
  step: number;
  count: number;
}

/** Lowest and highest value of the column, as `low` and `high`. */
export function heatmapRangeSql(
  compilation: Compilation,
  calculation: Calculation,
  parameters: Parameters,
): string {
  const rows = new RowsInQuestion(compilation, parameters);
  const value = rows.masked(calculation, rows.number(calculation.column as string), false);
  const { dialect } = compilation;
  return `select ${dialect.minimum('v')} as low, ${dialect.maximum('v')} as high from (select ${value} as v ${rows.from(false)})`;
}

/** Weight in each bin of each bucket, as `bin` and `n`. */
export function heatmapSql(
  compilation: Compilation,
  calculation: Calculation,
  bins: Bins,
  breakdowns: readonly string[],
  parameters: Parameters,
): string {
  const { dialect, grid, weighted } = compilation;
  const rows = new RowsInQuestion(compilation, parameters);
  const value = rows.masked(calculation, rows.number(calculation.column as string), false);
  const keys = groupKeys(rows, breakdowns);
  const bucket = dialect.bucket('s.start_ms', parameters.add(grid.bucketMs));
  const columns = [...keys, `${bucket} as ts`, `${value} as v`, 's.sample_rate as w'].join(', ');
  const base = `select ${columns} ${rows.from(false)}`;
  const bin = dialect.smallest([
    `floor((v - ${parameters.add(bins.min)}) / ${parameters.add(bins.step)})`,
    parameters.add(bins.count - 1),
  ]);
  const weight = weighted ? dialect.sum('w') : dialect.count();
  const groups = [...groupNames(breakdowns), 'ts'].join(', ');
  return `select ${groups}, ${bin} as bin, ${weight} as n from (${base}) where v is not null group by ${groups}, bin`;
}
