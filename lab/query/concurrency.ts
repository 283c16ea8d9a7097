import type { Dialect } from './dialect/index.ts';
import { groupKeys, groupNames } from './groups.ts';
import { type Compilation, RowsInQuestion } from './rows-in-question.ts';
import { type Calculation, calculationsOf } from './spec.ts';
import type { Parameters } from './statement.ts';

/** How many milliseconds of the whole window a row was at work in; null for events, which have no duration. */
export function timeAtWork(rows: RowsInQuestion, calculation: Calculation, dialect: Dialect): string {
  // The smaller of a missing number and another would be the other.
  const finish = dialect.smallest(['s.start_ms + s.duration_ms', rows.end]);
  const length = overlap(finish, dialect.largest(['s.start_ms', rows.start]), dialect);
  const only = rows.calculationFilter(calculation);
  return `case when s.duration_ms is not null${only === null ? '' : ` and (${only})`} then ${length} end`;
}

/** From `begin` to `finish`; 0 when that is before it. */
function overlap(finish: string, begin: string, dialect: Dialect): string {
  return dialect.largest(['0', `${finish} - ${begin}`]);
}

/** Average number of spans at work in each bucket, as c0: the shares of the bucket that they fill, together. */
export function concurrencySql(
  compilation: Compilation,
  breakdowns: readonly string[],
  parameters: Parameters,
): string {
  const { dialect, grid, weighted } = compilation;
  const calculation = calculationsOf(compilation.spec).find(
    (item) => item.op === 'CONCURRENCY',
  ) as Calculation;
  const rows = new RowsInQuestion(compilation, parameters);
  const keys = groupKeys(rows, breakdowns);
  const [start, end, width] = [rows.start, rows.end, parameters.add(grid.bucketMs)];
  const from = dialect.largest(['s.start_ms', start]);
  const to = dialect.smallest(['s.start_ms + s.duration_ms', end]);
  const only = rows.calculationFilter(calculation);
  const columns = [...keys, 's.sample_rate as w', `${from} as t0`, `${to} as t1`].join(', ');
  const base = `select ${columns} ${rows.from(true)} and s.duration_ms > 0${only ? ` and (${only})` : ''}`;
  const buckets = dialect.eachBucket(dialect.bucket('t0', width), dialect.bucket('t1', width));
  const each = `select *, ${buckets} as ts from (${base})`;
  const begin = dialect.largest([`ts * ${width}`, start]);
  const finish = dialect.smallest([`(ts + 1) * ${width}`, end]);
  const inside = overlap(dialect.smallest(['t1', finish]), dialect.largest(['t0', begin]), dialect);
  const share = `${inside} / (${finish} - ${begin})`;
  const by = [...groupNames(breakdowns), 'ts'].join(', ');
  return `select ${by}, ${dialect.sum(weighted ? `${share} * w` : share)} as c0 from (${each}) where ts * ${width} < ${end} group by ${by}`;
}
