import { formatDuration } from '@workshop/telemetry/pure';
import { shownLine } from '../text/shown';
import type { HeatmapCell, QueryAnswer, ResultData, Results, ResultValue } from './query-api';
import { calculationsOf, listOf, type Named, type QuerySpec, resultKey } from './spec';

/** The same, as far as an answer has them: where there are formulas it may have these alone. */
export function keysOf({ query, data }: QueryAnswer): string[] {
  const [first] = data.results;
  const keys = numberKeys(query);
  return first ? keys.filter((key) => key in first.data) : keys;
}

/** A group of results: the values of its breakdowns, and its results. */
export interface Group {
  /** by column of the breakdowns */
  values: ResultData;
  label: string;
  data: ResultData;
}

export interface Lines {
  /** begins of the buckets, Unix seconds */
  times: number[];
  lines: { label: string; group: ResultData; values: (number | null)[]; earlier: boolean }[];
  /** groups that are not drawn */
  omitted: number;
}

export interface HeatmapData {
  key: string;
  /** of which column */
  column: string;
  times: number[];
  /** seconds */
  bucket: number;
  min: number;
  step: number;
  /** weight by bucket and bin, of all groups together */
  counts: number[][];
  most: number;
}

const MOST_LINES = 12;

/** Names of the results of a query, in the order of its parts; heatmaps are no numbers. */
export function numberKeys(query: QuerySpec): string[] {
  return [
    ...calculationsOf(query)
      .filter(({ op }) => op !== 'HEATMAP')
      .map(resultKey),
    ...listOf<Named>(query, 'formulas').map(({ name }) => name),
  ];
}

export function groupsOf(query: QuerySpec, results: Results['results']): Group[] {
  const breakdowns = listOf<string>(query, 'breakdowns');
  return results.map(({ data }) => {
    const values = Object.fromEntries(breakdowns.map((column) => [column, data[column] ?? null]));
    return { values, label: labelOf(values), data };
  });
}

export function labelOf(values: ResultData): string {
  const all = Object.values(values);
  return all.length === 0 ? 'all' : all.map((value) => valueText(value)).join(', ');
}

export function valueText(value: ResultValue | undefined): string {
  if (value === null || value === undefined) return '(absent)';
  if (typeof value === 'object') return '';
  return typeof value === 'string' ? shownLine(value, 120) || '(empty)' : String(value);
}

/** One result over time, a line for each group; the earlier time is laid over when the query compares. */
export function linesOf(answer: QueryAnswer, key: string): Lines {
  const { query, data, comparison } = answer;
  const groups = groupsOf(query, data.results);
  const drawn = groups.slice(0, MOST_LINES);
  const times = timesOf(data.series);
  const lines = drawn.map(({ label, values }) => ({
    label,
    group: values,
    values: valuesOver(query, data.series, values, key),
    earlier: false,
  }));
  const before = comparison
    ? drawn.map(({ label, values }) => ({
        label: `${label}, earlier`,
        group: values,
        values: valuesOver(query, comparison.series, values, key).slice(0, times.length),
        earlier: true,
      }))
    : [];
  return { times, lines: [...lines, ...before], omitted: groups.length - drawn.length };
}

function timesOf(series: Results['series']): number[] {
  return [...new Set(series.map(({ time }) => time))].map((time) => Date.parse(time) / 1_000);
}

function valuesOver(
  query: QuerySpec,
  series: Results['series'],
  group: ResultData,
  key: string,
): (number | null)[] {
  const breakdowns = listOf<string>(query, 'breakdowns');
  const isOf = (data: ResultData) => breakdowns.every((column) => (data[column] ?? null) === group[column]);
  return series
    .filter(({ data }) => isOf(data))
    .map(({ data }) => {
      const value = data[key];
      return typeof value === 'number' ? value : null;
    });
}

export function heatmapOf({ query, data }: QueryAnswer): HeatmapData | null {
  const calculation = calculationsOf(query).find(({ op }) => op === 'HEATMAP');
  if (!calculation) return null;
  const key = resultKey(calculation);
  const times = timesOf(data.series);
  const place = new Map(times.map((time, index) => [time, index]));
  const cells = data.series.flatMap(({ time, data }) => {
    const cell = data[key];
    return isCell(cell) ? [{ at: place.get(Date.parse(time) / 1_000) ?? 0, cell }] : [];
  });
  const [first] = cells;
  if (!first || times.length === 0) return null;
  const bins = first.cell.counts.length;
  const counts = times.map(() => new Array<number>(bins).fill(0));
  let most = 0;
  for (const { at, cell } of cells) {
    const row = counts[at] as number[];
    for (const [bin, count] of cell.counts.entries()) {
      row[bin] = (row[bin] ?? 0) + count;
      most = Math.max(most, row[bin] ?? 0);
    }
  }
  return {
    key,
    column: calculation.column ?? '',
    times,
    bucket: (times[1] ?? (times[0] as number) + 60) - (times[0] as number),
    min: first.cell.min_value,
    step: first.cell.step_size,
    counts,
    most,
  };
}

function isCell(value: ResultValue | undefined): value is HeatmapCell {
  return typeof value === 'object' && value !== null;
}

/** A result as a person reads it: durations in their unit, other numbers with at most three places. */
export function resultText(key: string, value: ResultValue | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'object') return '';
  if (typeof value !== 'number') return valueText(value);
  return isDuration(key) ? formatDuration(value) : numberText(value);
}

export function isDuration(key: string): boolean {
  return /_ms\)?$/.test(key);
}

export function numberText(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en-GB', { maximumFractionDigits: 3 });
}
