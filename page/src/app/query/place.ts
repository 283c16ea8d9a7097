import type { Box } from './charts/heatmap-chart';
import type { Selection } from './query-api';
import { type Filter, listOf, type QuerySpec, takesFilters, withFilters } from './spec';

/** Some of the spans that a query is about: a row, a cell, a point. */
export interface Place {
  filters: Filter[];
  /** Unix milliseconds */
  fromMs?: number;
  toMs?: number;
  /** what it is, for a heading */
  words: string;
}

/** The traces of a place, a row each, those with the slowest such span first. */
export function tracesQuery(query: QuerySpec, { filters, fromMs, toMs }: Place, limit: number): QuerySpec {
  const { calculated_fields, time_range, start_time, end_time } = query;
  const time =
    fromMs === undefined || toMs === undefined
      ? { time_range, start_time, end_time }
      : {
          start_time: Math.floor(fromMs / 1_000),
          end_time: Math.max(Math.ceil(toMs / 1_000), Math.floor(fromMs / 1_000) + 1),
        };
  const slowest = { op: 'MAX', column: 'duration_ms' };
  const rest = {
    ...time,
    ...(calculated_fields && { calculated_fields }),
    breakdowns: ['trace.trace_id', 'name'],
    orders: [{ ...slowest, order: 'descending' as const }],
    limit,
  };
  if (takesFilters(query))
    return {
      ...rest,
      filters: listOf<Filter>(withFilters(query, filters), 'filters'),
      calculations: [slowest],
    };
  // Filters that are joined by "or" leave room for the place in the calculation only; whoever has no such span goes.
  return {
    ...rest,
    filters: query.filters,
    filter_combination: 'OR',
    calculations: [{ ...slowest, filters }],
    havings: [{ calculate_op: 'MAX', column: 'duration_ms', op: '>=', value: 0 }],
  };
}

/** A box of a heatmap as the lab's selection. @param column the heatmap's */
export function selectionOf({ low, high, fromMs, toMs }: Partial<Box>, column: string): Selection {
  return {
    filters: boundsOf(column, low, high),
    ...(fromMs !== undefined && { startMs: fromMs }),
    ...(toMs !== undefined && { endMs: toMs }),
  };
}

export function boundsOf(column: string, low: number | undefined, high: number | undefined): Filter[] {
  return [
    ...(low === undefined ? [] : [{ column, op: '>=', value: rounded(low) }]),
    ...(high === undefined ? [] : [{ column, op: '<', value: rounded(high) }]),
  ];
}

/** Text of the address: `500..1300,1790000000000..1790000060000`; a part may be empty. */
export function boxText({ low, high, fromMs, toMs }: Partial<Box>): string {
  const part = (value: number | undefined): string => (value === undefined ? '' : String(rounded(value)));
  return `${part(low)}..${part(high)},${part(fromMs)}..${part(toMs)}`;
}

export function boxOf(text: string | undefined): Partial<Box> | null {
  const [, low, high, fromMs, toMs] = /^(-?[\d.]*?)\.\.(-?[\d.]*),(\d*)\.\.(\d*)$/.exec(text ?? '') ?? [];
  const box = Object.fromEntries(
    Object.entries({ low, high, fromMs, toMs })
      .filter(([, value]) => value)
      .map(([key, value]) => [key, Number(value)]),
  );
  const isRight = Object.keys(box).length > 0 && Object.values(box).every(Number.isFinite);
  return isRight ? box : null;
}

/** Text of the address to a place; null when it is none. */
export function placeOf(text: string | undefined): Place | null {
  try {
    const { filters, words, fromMs, toMs } = JSON.parse(text ?? 'null') ?? {};
    if (!Array.isArray(filters) || typeof words !== 'string') return null;
    return {
      filters,
      words,
      ...(Number.isFinite(fromMs) && Number.isFinite(toMs) && { fromMs, toMs }),
    };
  } catch {
    return null;
  }
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
