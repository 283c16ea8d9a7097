import { plainTable } from '@workshop/base/tables';
import { harmless } from '@workshop/telemetry';
import type { HeatmapCell, QueryResult, ResultValue } from '../query/index.ts';
import { amount, wrapped } from './format.ts';
import type { NotedResult } from './lab-client.ts';

/** Darkness of a heatmap's cell, from nothing to the most. */
const SHADES = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];
const WIDTH = 60;
/** Lines of a heatmap; neighbouring bins share one. */
const HEIGHT = 20;

/** A result for people: a table, a heatmap for every HEATMAP, then the notes. The last two have at most 80 columns. */
export function renderResult(result: NotedResult): string {
  const { results, series } = result.data;
  const keys = [...new Set(results.flatMap((row) => Object.keys(row.data)))];
  const heatmaps = keys.filter((key) => isHeatmap(results[0]?.data[key]));
  const columns = keys.filter((key) => !heatmaps.includes(key));
  const parts: string[] = [];
  if (columns.length > 0) {
    const numeric = columns.filter((key) => results.some((row) => typeof row.data[key] === 'number'));
    parts.push(
      plainTable(
        columns,
        results.map((row) => columns.map((key) => text(row.data[key] ?? null))),
        { right: numeric },
      ),
    );
  }
  for (const key of heatmaps) parts.push(renderHeatmap(key, series));
  // The nearest name comes from a span, and so from anybody's program.
  if (result.notes) parts.push(result.notes.map((note) => wrapped(harmless(note))).join('\n'));
  return parts.join('\n\n');
}

function text(value: ResultValue): string {
  if (value === null) return '-';
  return typeof value === 'number' ? amount(value) : String(value);
}

function isHeatmap(value: ResultValue | undefined): value is HeatmapCell {
  return typeof value === 'object' && value !== null && 'counts' in value;
}

/** Time to the right, values upwards, all groups together. */
export function renderHeatmap(key: string, series: QueryResult['data']['series']): string {
  const times = [...new Set(series.map((item) => item.time))];
  const first = series.map((item) => item.data[key]).find(isHeatmap);
  if (!first) return `${key}: no series`;
  const perColumn = Math.ceil(times.length / WIDTH);
  const width = Math.ceil(times.length / perColumn);
  const binsALine = Math.ceil(first.counts.length / HEIGHT);
  const height = Math.ceil(first.counts.length / binsALine);
  const grid = Array.from({ length: height }, () => new Array<number>(width).fill(0));
  const columnOf = new Map(times.map((time, index) => [time, Math.floor(index / perColumn)]));
  for (const item of series) {
    const cell = item.data[key];
    if (!isHeatmap(cell)) continue;
    const column = columnOf.get(item.time) as number;
    cell.counts.forEach((count, bin) => {
      const line = grid[Math.floor(bin / binsALine)] as number[];
      line[column] = (line[column] ?? 0) + count;
    });
  }
  const most = Math.max(1, ...grid.flat());
  const shade = (count: number): string => {
    if (count === 0) return SHADES[0] as string;
    // Logarithmic: else one full cell makes all others look empty.
    return (
      SHADES[1 + Math.round((Math.log(count) / Math.max(Math.log(most), 1)) * (SHADES.length - 2))] ?? '@'
    );
  };
  const label = (line: number): string =>
    amount(first.min_value + line * binsALine * first.step_size).padStart(10);
  const lines = grid
    .map((row, line) => `${line % 5 === 0 ? label(line) : ' '.repeat(10)} |${row.map(shade).join('')}`)
    .reverse();
  const last = times.at(-1) as string;
  const axis = `${' '.repeat(12)}${clock(times[0] as string)}${clock(last).padStart(Math.max(width - 8, 9))}`;
  return [key, ...lines, `${' '.repeat(11)}+${'-'.repeat(width)}`, axis].join('\n');
}

function clock(time: string): string {
  return new Date(time).toLocaleTimeString('en-GB');
}
