/**
 * Every piece of SQL that differs from one database to the next. The compiler writes nothing of the kind itself,
 * so a second store needs a second object like this one.
 */
export interface Dialect {
  placeholder(number: number, value: string | number | boolean): string;
  /** text of an attribute in the map of `table`, null when it is not there */
  attribute(table: string, key: string): string;
  /** finite number in a text, else null */
  toNumber(text: string): string;
  toText(expression: string): string;
  startsWith(text: string, part: string): string;
  endsWith(text: string, part: string): string;
  contains(text: string, part: string): string;
  /** number of the bucket a time lies in */
  bucket(timeMs: string, widthMs: string): string;
  /** every bucket number from `first` to `last`, one row each */
  eachBucket(first: string, last: string): string;
  /** a list of interpolated quantiles, in the order of `shares` */
  quantiles(value: string, shares: readonly number[]): string;
  /** item of a list, counted from 0 */
  item(list: string, index: number): string;
  countDistinct(value: string): string;
  sum(value: string): string;
  sameOrNull(a: string, b: string): string;
  /** the first row of each key, as `order` sorts them */
  firstOf(keys: readonly string[], select: string, from: string, order: string): string;
}

export const DUCKDB: Dialect = {
  // An untyped number parameter would become a narrow integer, and sums of those a 128-bit one.
  placeholder: (number, value) => (typeof value === 'number' ? `$${number}::double` : `$${number}`),
  attribute: (table, key) => `${table}.attrs[${key}]`,
  toNumber: (text) =>
    `(case when isfinite(try_cast(${text} as double)) then try_cast(${text} as double) end)`,
  toText: (expression) => `cast(${expression} as varchar)`,
  startsWith: (text, part) => `starts_with(${text}, ${part})`,
  endsWith: (text, part) => `ends_with(${text}, ${part})`,
  contains: (text, part) => `contains(${text}, ${part})`,
  bucket: (timeMs, widthMs) => `cast(floor(${timeMs} / ${widthMs}) as bigint)`,
  eachBucket: (first, last) => `unnest(range(${first}, ${last} + 1))`,
  quantiles: (value, shares) => `quantile_cont(${value}, [${shares.join(', ')}])`,
  item: (list, index) => `${list}[${index + 1}]`,
  countDistinct: (value) => `count(distinct ${value})::double`,
  sum: (value) => `sum((${value})::double)`,
  sameOrNull: (a, b) => `${a} is not distinct from ${b}`,
  firstOf: (keys, select, from, order) =>
    `select distinct on (${keys.join(', ')}) ${select} ${from} order by ${keys.join(', ')}, ${order}`,
};
