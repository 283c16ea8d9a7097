/** Honeycomb's query specification, as the lab takes it. */
export type Scalar = string | number | boolean;

export interface Filter {
  column: string;
  op: string;
  value?: Scalar | Scalar[];
}
export interface Calculation {
  op: string;
  column?: string;
  name?: string;
  filters?: Filter[];
  filter_combination?: string;
}
export interface Order {
  op?: string;
  column?: string;
  order?: 'ascending' | 'descending';
}
export interface Having {
  calculate_op: string;
  column?: string;
  op: string;
  value: number;
}
export interface Named {
  name: string;
  expression: string;
}
export interface QuerySpec {
  calculations?: Calculation[];
  breakdowns?: string[];
  filters?: Filter[];
  filter_combination?: 'AND' | 'OR';
  orders?: Order[];
  havings?: Having[];
  limit?: number;
  granularity?: number;
  /** seconds */
  time_range?: number;
  /** Unix seconds */
  start_time?: number;
  end_time?: number;
  compare_time_offset_seconds?: number;
  calculated_fields?: Named[];
  formulas?: Named[];
  [other: string]: unknown;
}

/** What a person sees who has asked nothing yet: how long requests took, each one once. */
export const FIRST_QUERY: QuerySpec = {
  calculations: [
    { op: 'HEATMAP', column: 'duration_ms' },
    { op: 'COUNT' },
    { op: 'P50', column: 'duration_ms' },
    { op: 'P95', column: 'duration_ms' },
  ],
  filters: [{ column: 'span.kind', op: '=', value: 'server' }],
  time_range: 7_200,
};

export const CALCULATIONS = [
  ...['COUNT', 'HEATMAP', 'AVG', 'MAX', 'MIN', 'SUM', 'COUNT_DISTINCT', 'CONCURRENCY'],
  ...['P50', 'P75', 'P90', 'P95', 'P99', 'P999', 'P001', 'P01', 'P05', 'P10', 'P20', 'P25', 'P80'],
  ...['RATE_AVG', 'RATE_SUM', 'RATE_MAX'],
];
export const FILTER_OPS = [
  ...['=', '!=', '>', '>=', '<', '<=', 'exists', 'does-not-exist', 'contains', 'does-not-contain'],
  ...['starts-with', 'does-not-start-with', 'ends-with', 'does-not-end-with', 'in', 'not-in'],
];
export const HAVING_OPS = ['>', '>=', '<', '<=', '=', '!='];
/** Of these a column is no part. */
export const WITHOUT_COLUMN = new Set(['COUNT', 'CONCURRENCY']);

/** The key under which a calculation stands in results. */
export function resultKey({ op, column, name }: Calculation): string {
  if (name) return name;
  return column ? `${op}(${column})` : op;
}

export function calculationsOf(query: QuerySpec): Calculation[] {
  const calculations = listOf<Calculation>(query, 'calculations');
  return calculations.length > 0 ? calculations : [{ op: 'COUNT' }];
}

/** Text of the address to a query; null when it is no JSON object. */
export function queryOf(text: string | undefined): QuerySpec | null {
  if (text === undefined || text === '') return FIRST_QUERY;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as QuerySpec) : null;
  } catch {
    return null;
  }
}

/** As short as JSON is, without parts that say nothing. */
export function queryText(query: QuerySpec): string {
  return JSON.stringify(query, (_, value) =>
    value === null || value === '' || (Array.isArray(value) && value.length === 0) ? undefined : value,
  );
}

/** Parts of a clause that are texts. */
const TEXTS: Record<string, readonly string[]> = {
  calculations: ['op'],
  filters: ['column', 'op'],
  orders: [],
  havings: ['calculate_op', 'op'],
  calculated_fields: ['name', 'expression'],
  formulas: ['name', 'expression'],
};
const OPTIONAL_TEXTS = ['column', 'op', 'name', 'order'];

/**
 * The list at a key of a query that anybody may have written: what is no list is an empty one, and what should be a
 * text and is none is an empty text. The lab says what is wrong with it.
 */
export function listOf<T>(query: QuerySpec, key: string): T[] {
  const value = query[key];
  if (!Array.isArray(value)) return [];
  const texts = TEXTS[key];
  if (!texts) return value.map((item) => (typeof item === 'string' ? item : '')) as T[];
  return value.map((item) => {
    const clause: Record<string, unknown> = typeof item === 'object' && item !== null ? { ...item } : {};
    for (const part of OPTIONAL_TEXTS)
      if (part in clause && typeof clause[part] !== 'string') delete clause[part];
    for (const part of texts) if (typeof clause[part] !== 'string') clause[part] = '';
    return clause as T;
  });
}

const SECOND_MS = 1_000;
const DEFAULT_RANGE_S = 7_200;

/** The same query over the time that it was about when it ran. @param ranAt Unix milliseconds */
export function pinned(query: QuerySpec, ranAt: number): QuerySpec {
  const { time_range, start_time, end_time, ...rest } = query;
  const range = time_range ?? DEFAULT_RANGE_S;
  const end = end_time ?? (start_time === undefined ? Math.ceil(ranAt / SECOND_MS) : start_time + range);
  return { ...rest, start_time: start_time ?? end - range, end_time: end };
}

/** A filter that is still being made: its operation needs a value. */
export function isUnfinished({ op, value }: Filter): boolean {
  return FILTER_OPS.includes(op) && op !== 'exists' && op !== 'does-not-exist' && value === undefined;
}

/** Filters can be added only where they are joined by "and". */
export function takesFilters(query: QuerySpec): boolean {
  return query.filter_combination !== 'OR' || listOf(query, 'filters').length < 2;
}

export function withFilters(query: QuerySpec, added: readonly Filter[]): QuerySpec {
  const before = listOf<Filter>(query, 'filters');
  const isNew = (filter: Filter) => !before.some((one) => JSON.stringify(one) === JSON.stringify(filter));
  const { filter_combination: _, ...rest } = query;
  return { ...rest, filters: [...before, ...added.filter(isNew)] };
}

/** Grouped by a column, the largest of the last percentile (or of what there is) first. */
export function groupedBy(query: QuerySpec, column: string): QuerySpec {
  const { orders: _, ...rest } = query;
  const ordered = calculationsOf(query).filter(({ op }) => op !== 'HEATMAP');
  const last = ordered.findLast(({ op }) => /^P\d/.test(op)) ?? ordered.at(-1);
  return {
    ...rest,
    breakdowns: [column],
    ...(last && { orders: [{ ...termOf(last), order: 'descending' as const }] }),
  };
}

/** How an order names a calculation. */
export function termOf({ op, column }: Calculation): Order {
  return column ? { op, column } : { op };
}

/** What stands in a cell of a group, as the filter that finds its spans. */
export function groupFilter(column: string, value: unknown): Filter {
  return value === null || value === undefined
    ? { column, op: 'does-not-exist' }
    : { column, op: '=', value: value as Scalar };
}
