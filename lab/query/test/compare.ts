import type { HeatmapCell, QueryResult, QuerySpec, ResultData, SeriesItem } from '../index.ts';
import type { OracleAnswer, OracleGroup } from './oracle.ts';
import { order, type Value } from './oracle-values.ts';

/**
 * What is wrong with an engine's result, measured against the oracle's answer; null when nothing is.
 * Floating sums may differ in the last digits, so values are compared with a tolerance, and the order of groups
 * whose values are that near is free.
 */
export function differenceBetween(
  query: QuerySpec,
  result: QueryResult,
  answer: OracleAnswer,
  withSeries: boolean,
): string | null {
  const wanted = new Map(
    answer.groups.filter((group) => group.havings).map((group) => [JSON.stringify(group.group), group]),
  );
  const breakdowns = query.breakdowns ?? [];
  const keyOf = (data: ResultData): string => JSON.stringify(breakdowns.map((column) => data[column]));
  const limit = query.limit ?? 100;
  const { results, series } = result.data;
  if (results.length !== Math.min(limit, wanted.size))
    return `${results.length} groups, expected ${Math.min(limit, wanted.size)}`;
  const returned: OracleGroup[] = [];
  for (const { data } of results) {
    const group = wanted.get(keyOf(data));
    if (!group) return `group ${keyOf(data)} should not be there`;
    if (returned.includes(group)) return `group ${keyOf(data)} is there twice`;
    returned.push(group);
    const wrong = valuesDiffer(data, group, `group ${keyOf(data)}`);
    if (wrong) return wrong;
  }
  const wrongOrder = orderDiffers(query, returned, [...wanted.values()]);
  if (wrongOrder) return wrongOrder;
  return seriesDiffers(series, answer, keyOf, withSeries ? answer.series.size * results.length : 0);
}

/** The comparison has the groups that are shown, as they were earlier; in the results those that were there. */
export function comparisonDiffers(
  query: QuerySpec,
  result: QueryResult,
  { earlier }: { earlier: OracleAnswer | null },
  withSeries: boolean,
): string | null {
  if (earlier === null) return result.comparison === undefined ? null : 'there is a comparison';
  if (!result.comparison) return 'there is no comparison';
  const keyOf = (data: ResultData): string =>
    JSON.stringify((query.breakdowns ?? []).map((column) => data[column]));
  const groups = new Map(earlier.groups.map((group) => [JSON.stringify(group.group), group]));
  const expected = result.data.results.map(({ data }) => keyOf(data)).filter((key) => groups.has(key));
  const { results, series } = result.comparison;
  const keys = results.map(({ data }) => keyOf(data));
  if (JSON.stringify(keys) !== JSON.stringify(expected))
    return `comparison: groups ${keys}, expected ${expected}`;
  for (const { data } of results) {
    const wrong = valuesDiffer(data, groups.get(keyOf(data)) as OracleGroup, `comparison ${keyOf(data)}`);
    if (wrong) return wrong;
  }
  const items = withSeries ? earlier.series.size * result.data.results.length : 0;
  return seriesDiffers(series, earlier, keyOf, items);
}

/** A group that has no row in the answer's time has empty buckets only; those are not looked into. */
function seriesDiffers(
  series: readonly SeriesItem[],
  answer: OracleAnswer,
  keyOf: (data: ResultData) => string,
  expected: number,
): string | null {
  const seen = new Set<string>();
  for (const item of series) {
    const at = Date.parse(item.time);
    const key = keyOf(item.data);
    if (seen.has(`${at} ${key}`)) return `series: ${item.time} ${key} is there twice`;
    seen.add(`${at} ${key}`);
    const bucket = answer.series.get(at);
    if (bucket && !answer.groups.some((one) => JSON.stringify(one.group) === key)) continue;
    const group = bucket?.get(key);
    if (!group) return `series: ${item.time} ${key} should not be there`;
    const wrong = valuesDiffer(item.data, group, `series ${item.time} ${key}`);
    if (wrong) return wrong;
  }
  return seen.size === expected ? null : `series has ${seen.size} items, expected ${expected}`;
}

function valuesDiffer(data: ResultData, group: OracleGroup, where: string): string | null {
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === 'object' && value !== null) {
      const wrong = heatDiffers(value, group.heat[name]);
      if (wrong) return `${where}: ${name}: ${wrong}`;
    } else if (name in group.values) {
      const expected = group.values[name] ?? null;
      if (!near(value, expected)) return `${where}: ${name} is ${value}, expected ${expected}`;
    }
  }
  return null;
}

/** The bins are the engine's choice; they must be few, even, and hold every value. */
function heatDiffers(cell: HeatmapCell, values: readonly [number, number][] | undefined): string | null {
  if (!values) return 'not expected';
  if (cell.counts.length < 1 || cell.counts.length > 100) return `${cell.counts.length} bins`;
  if (!near(cell.min_value + cell.counts.length * cell.step_size, cell.max_value)) return 'bins are not even';
  const counts = new Array<number>(cell.counts.length).fill(0);
  for (const [value, weight] of values) {
    const bin = Math.min(Math.floor((value - cell.min_value) / cell.step_size), counts.length - 1);
    if (bin < 0 || value > cell.max_value)
      return `${value} lies outside ${cell.min_value} … ${cell.max_value}`;
    counts[bin] = (counts[bin] ?? 0) + weight;
  }
  const wrong = counts.findIndex((count, bin) => !near(count, cell.counts[bin] ?? null));
  return wrong < 0 ? null : `bin ${wrong} has ${cell.counts[wrong]}, expected ${counts[wrong]}`;
}

function orderDiffers(
  query: QuerySpec,
  returned: readonly OracleGroup[],
  all: readonly OracleGroup[],
): string | null {
  const compare = comparator(query);
  for (let i = 1; i < returned.length; i++) {
    if (compare(returned[i - 1] as OracleGroup, returned[i] as OracleGroup) > 0)
      return `group ${i} stands before group ${i - 1} in the right order`;
  }
  const last = returned.at(-1);
  if (!last) return null;
  const left = all.find((group) => !returned.includes(group) && compare(group, last) < 0);
  return left ? `group ${JSON.stringify(left.group)} should be among the first` : null;
}

/** Less than 0: a stands before b for certain. Near values count as equal, and all after them is then free. */
function comparator(query: QuerySpec): (a: OracleGroup, b: OracleGroup) => number {
  const calculations = query.calculations?.length ? query.calculations : [{ op: 'COUNT' as const }];
  const first = calculations.find((item) => item.op !== 'HEATMAP');
  const formula = query.formulas?.[0]?.name;
  const orders = query.orders?.length
    ? query.orders
    : formula !== undefined
      ? [{ column: formula, order: 'descending' as const }]
      : first
        ? [{ op: first.op, column: first.column, name: first.name, order: 'descending' as const }]
        : [];
  return (a, b) => {
    for (const term of orders) {
      const sign = term.order === 'descending' ? -1 : 1;
      const column = query.breakdowns?.indexOf(term.column ?? '') ?? -1;
      const key =
        (term as { name?: string }).name ??
        (term.column === undefined ? term.op : `${term.op}(${term.column})`);
      const named = term.op === undefined && (term.column ?? '') in a.values;
      const [x, y] =
        term.op === undefined && !named
          ? [a.group[column], b.group[column]]
          : [
              named ? a.values[term.column as string] : a.values[key as string],
              named ? b.values[term.column as string] : b.values[key as string],
            ];
      if (x === y) continue;
      if (x === null || x === undefined) return 1;
      if (y === null || y === undefined) return -1;
      if (typeof x === 'number' && typeof y === 'number' && near(x, y)) return 0;
      return sign * order(x, y);
    }
    for (const [index, x] of a.group.entries()) {
      const y = b.group[index] ?? null;
      if (x === y) continue;
      if (x === null) return 1;
      if (y === null) return -1;
      return order(x, y);
    }
    return 0;
  };
}

function near(a: Value | null, b: Value | null): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}
