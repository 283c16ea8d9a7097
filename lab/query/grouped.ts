import { ranked } from './aggregates.ts';
import { CalculationColumns } from './calculation-columns.ts';
import type { Dialect } from './dialect/index.ts';
import { groupKeys, groupNames } from './groups.ts';
import { type Compilation, RowsInQuestion } from './rows-in-question.ts';
import { type Calculation, PERCENTILES } from './spec.ts';
import type { Parameters } from './statement.ts';

/**
 * The heart: rows with their values (base), grouped. Where percentiles are weighted each row is repeated as often as its
 * weight says, or, when that were too many, has running weights (ranked).
 * @param calculations null: leave its column out
 * @param bucket expression of the bucket to group by too, or null
 */
export function groupedSql(
  whole: Compilation,
  calculations: readonly (Calculation | null)[],
  breakdowns: readonly string[],
  parameters: Parameters,
  bucket: string | null,
): string {
  const percentiles = calculations.some((item) => item !== null && item.op in PERCENTILES);
  const isRepeated = whole.weighted && whole.fewWeights === true && percentiles;
  // Over repeated rows nothing is weighted any more.
  const compilation = isRepeated ? { ...whole, weighted: false } : whole;
  const rows = new RowsInQuestion(compilation, parameters);
  const running = calculations.some((calculation) => calculation?.op === 'CONCURRENCY');
  const keys = groupKeys(rows, breakdowns);
  const groups = groupNames(breakdowns);
  if (bucket !== null) {
    keys.push(`${bucket} as ts`);
    groups.push('ts');
  }
  const calculated = new CalculationColumns(compilation, rows, parameters, running);
  for (const [index, calculation] of calculations.entries()) {
    if (calculation !== null && calculation.op !== 'HEATMAP') calculated.add(`c${index}`, calculation);
  }
  const base = `select ${[...keys, 's.sample_rate as w', ...calculated.values].join(', ')} ${rows.from(running)}`;
  return compilation.weighted
    ? weightedSql(base, groups, calculated, compilation.dialect)
    : unweightedSql(
        isRepeated ? compilation.dialect.repeated(base, 'w') : base,
        groups,
        calculated,
        compilation.dialect,
      );
}

function weightedSql(
  base: string,
  groups: readonly string[],
  calculated: CalculationColumns,
  dialect: Dialect,
): string {
  const columns = calculated.columns.map((column) => column.sql);
  return `select ${selected(groups, columns)} from (${ranked(base, groups, calculated.shares, dialect)})${groupBy(groups)}`;
}

/** All percentiles of one value come from one pass: the grouping makes the lists, what is around it reads them. */
function unweightedSql(
  base: string,
  groups: readonly string[],
  { columns, shares }: CalculationColumns,
  dialect: Dialect,
): string {
  const lists = [...shares].map(([value, list]) => `${dialect.quantiles(`v${value}`, list)} as q${value}`);
  const inner = columns.filter((column) => !column.fromList).map((column) => column.sql);
  const grouped = `select ${selected(groups, [...inner, ...lists])} from (${base})${groupBy(groups)}`;
  if (lists.length === 0) return grouped;
  const outer = columns.map((column) => (column.fromList ? column.sql : column.name));
  return `select ${selected(groups, outer)} from (${grouped})`;
}

/** A statement needs a column, also when only a heatmap is asked for. */
function selected(groups: readonly string[], columns: readonly string[]): string {
  return [...groups, ...columns].join(', ') || 'count(*) as one';
}

function groupBy(groups: readonly string[]): string {
  return groups.length > 0 ? ` group by ${groups.join(', ')}` : '';
}
