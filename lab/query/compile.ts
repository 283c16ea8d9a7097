import { concurrencySql } from './concurrency.ts';
import { groupedSql } from './grouped.ts';
import { type Group, groupNames, ofGroups } from './groups.ts';
import { type Bins, heatmapRangeSql, heatmapSql } from './heatmap.ts';
import type { Compilation } from './rows-in-question.ts';
import { type Calculation, calculationsOf } from './spec.ts';
import { Parameters, type Statement } from './statement.ts';
import { summarySql } from './summary.ts';
import type { TimeGrid } from './time.ts';

/**
 * One query, compiled. Columns of the statements: b0, b1 … the breakdowns, c0, c1 … the calculations, `ts` the
 * number of the bucket.
 */
export interface CompiledQuery {
  calculations: readonly Calculation[];
  grid: TimeGrid;
  /** one row for each group, filtered, ordered and limited */
  summary(limit: number): Statement;
  /** one row for each of these groups that has rows */
  summaryOf(only: readonly Group[]): Statement;
  /** the calculations over all groups as one */
  total(): Statement;
  /** one row for each group and bucket that has rows; `only`: of these groups */
  series(only: readonly Group[] | null): Statement;
  /** average number of spans at work in each bucket, as c0 */
  concurrency(only: readonly Group[] | null): Statement;
  /** lowest and highest value of a heatmap's column, as `low` and `high` */
  heatmapRange(calculation: Calculation): Statement;
  /** weight in each bin, as `bin` and `n` */
  heatmap(calculation: Calculation, bins: Bins, only: readonly Group[] | null): Statement;
}

/** Honeycomb's query -> SQL. Values and attribute names are parameters, always. */
export function compile(compilation: Compilation): CompiledQuery {
  const { spec, grid, dialect } = compilation;
  const calculations = calculationsOf(spec);
  const breakdowns = spec.breakdowns ?? [];
  const statement = (write: (parameters: Parameters) => string): Statement => {
    const parameters = new Parameters(dialect);
    return parameters.statement(write(parameters));
  };
  const statementOf = (only: readonly Group[] | null, write: (parameters: Parameters) => string): Statement =>
    statement((parameters) => ofGroups(write(parameters), groupNames(breakdowns), only, dialect, parameters));

  return {
    calculations,
    grid,
    summary: (limit) =>
      statement((parameters) => summarySql(compilation, calculations, breakdowns, parameters, limit)),
    summaryOf: (only) =>
      statementOf(only, (parameters) => groupedSql(compilation, calculations, breakdowns, parameters, null)),
    total: () => statement((parameters) => groupedSql(compilation, calculations, [], parameters, null)),
    series: (only) =>
      statementOf(only, (parameters) => {
        const bucket = dialect.bucket('s.start_ms', parameters.add(grid.bucketMs));
        // A span is at work in many buckets, so that calculation has a statement of its own.
        const shown = calculations.map((item) => (item.op === 'CONCURRENCY' ? null : item));
        return groupedSql(compilation, shown, breakdowns, parameters, bucket);
      }),
    concurrency: (only) =>
      statementOf(only, (parameters) => concurrencySql(compilation, breakdowns, parameters)),
    heatmapRange: (calculation) =>
      statement((parameters) => heatmapRangeSql(compilation, calculation, parameters)),
    heatmap: (calculation, bins, only) =>
      statementOf(only, (parameters) => heatmapSql(compilation, calculation, bins, breakdowns, parameters)),
  };
}
