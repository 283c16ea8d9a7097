/**
 * Honeycomb's query specification, as far as the lab runs it.
 * Source: the Query schema of Honeycomb's OpenAPI document, and the validation of its Terraform provider.
 */

export const PERCENTILES = {
  P001: 0.001,
  P01: 0.01,
  P05: 0.05,
  P10: 0.1,
  P20: 0.2,
  P25: 0.25,
  P50: 0.5,
  P75: 0.75,
  P80: 0.8,
  P90: 0.9,
  P95: 0.95,
  P99: 0.99,
  P999: 0.999,
} as const;

export const CALCULATION_OPS = [
  'COUNT',
  'CONCURRENCY',
  'SUM',
  'AVG',
  'COUNT_DISTINCT',
  'HEATMAP',
  'MAX',
  'MIN',
  'P001',
  'P01',
  'P05',
  'P10',
  'P20',
  'P25',
  'P50',
  'P75',
  'P80',
  'P90',
  'P95',
  'P99',
  'P999',
  'RATE_AVG',
  'RATE_SUM',
  'RATE_MAX',
] as const;
export type CalculationOp = (typeof CALCULATION_OPS)[number];

export const FILTER_OPS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'starts-with',
  'does-not-start-with',
  'ends-with',
  'does-not-end-with',
  'exists',
  'does-not-exist',
  'contains',
  'does-not-contain',
  'in',
  'not-in',
] as const;
export type FilterOp = (typeof FILTER_OPS)[number];

export const HAVING_OPS = ['=', '!=', '>', '>=', '<', '<='] as const;
export type HavingOp = (typeof HAVING_OPS)[number];

/** Operations of Honeycomb that read metrics. The lab holds traces. */
export const METRIC_OPS = ['COUNT_DATAPOINTS', 'HISTOGRAM_COUNT'] as const;
/** The same among the functions of calculated fields: they bring a metric's values onto the steps of the query. */
export const METRIC_FUNCTIONS = ['LAST', 'SUMMARIZE', 'INCREASE', 'RATE'] as const;

/**
 * Prefixes that reach other spans of the row's trace. `any2` and `any3` are further spans, each of which may be another
 * one than `any`'s.
 */
export const RELATIONS = ['root', 'parent', 'child', 'any', 'any2', 'any3', 'none'] as const;
export type Relation = (typeof RELATIONS)[number];

export type FilterValue = string | number | boolean | (string | number | boolean)[];
export interface Filter {
  column: string;
  op: FilterOp;
  value?: FilterValue;
}
export interface Calculation {
  op: CalculationOp;
  column?: string;
  name?: string;
  filters?: Filter[];
  filter_combination?: 'AND' | 'OR';
}
export interface Order {
  op?: CalculationOp;
  column?: string;
  order?: 'ascending' | 'descending';
}
export interface Having {
  /** may be left out when `column` is a name, as a formula has no operation */
  calculate_op?: CalculationOp;
  /** of the calculation; or the name of a calculation or a formula */
  column?: string;
  op: HavingOp;
  value: number;
}
/** A column that is calculated of others, row by row; `expression` is Honeycomb's expression language. */
export interface CalculatedField {
  name: string;
  expression: string;
}
/** A result that is calculated of the calculations, which it reads by their names. */
export interface Formula {
  name: string;
  expression: string;
}
export interface QuerySpec {
  breakdowns?: string[];
  calculations?: Calculation[];
  filters?: Filter[];
  filter_combination?: 'AND' | 'OR';
  granularity?: number;
  orders?: Order[];
  havings?: Having[];
  limit?: number;
  /** seconds */
  time_range?: number;
  /** Unix seconds */
  start_time?: number;
  end_time?: number;
  usage_mode?: boolean;
  calculated_fields?: CalculatedField[];
  formulas?: Formula[];
  /** seconds by which the time range to compare with is earlier */
  compare_time_offset_seconds?: number;
}

/** `root.http.route` -> ['root', 'http.route']; a name without a prefix -> [null, name]. */
export function splitRelation(column: string): [Relation | null, string] {
  const at = column.indexOf('.');
  const prefix = column.slice(0, at) as Relation;
  return at > 0 && RELATIONS.includes(prefix) ? [prefix, column.slice(at + 1)] : [null, column];
}

/** The calculations of a query; without any it counts. */
export function calculationsOf({ calculations }: Pick<QuerySpec, 'calculations'>): readonly Calculation[] {
  return calculations && calculations.length > 0 ? calculations : [{ op: 'COUNT' }];
}

/** The key under which a calculation stands in results: its name, else `P99(duration_ms)` or `COUNT`. */
export function resultKey(calculation: Pick<Calculation, 'op' | 'column' | 'name'>): string {
  if (calculation.name) return calculation.name;
  return calculation.column ? `${calculation.op}(${calculation.column})` : calculation.op;
}
