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
  /** a number as people write it: 512 and not 512.0, 0.000001 and not 1e-06 (a nanosecond in milliseconds) */
  toText(number: string): string;
  startsWith(text: string, part: string): string;
  endsWith(text: string, part: string): string;
  contains(text: string, part: string): string;
  /** number of the bucket a time lies in */
  bucket(timeMs: string, widthMs: string): string;
  /** every bucket number from `first` to `last`, one row each */
  eachBucket(first: string, last: string): string;
  /** a list of interpolated quantiles, in the order of `shares` */
  quantiles(value: string, shares: readonly number[]): string;
  /** one of them, counted from 0 */
  quantile(list: string, index: number): string;
  countDistinct(value: string): string;
  /** with the sign of `a`, as C's fmod */
  remainder(a: string, b: string): string;
  /** 0 up to, not including, 1; another one for each row */
  random(): string;
  lowerCase(text: string): string;
  /** `unit` is the text 'bytes' (of UTF-8) or 'chars' */
  textLength(text: string, unit: string): string;
  /** patterns are RE2's, as in Honeycomb */
  matches(text: string, pattern: string): string;
  /** a group of the first match, 0 for all of it; null without a match */
  firstMatch(text: string, pattern: string, group: 0 | 1): string;
  countMatches(text: string, pattern: string): string;
  /** of a time as RFC 3339 writes it; null for another text */
  unixSeconds(text: string): string;
  /** UTC, by a format of strftime */
  formatTime(format: string, seconds: string): string;
  sum(value: string): string;
  sameOrNull(a: string, b: string): string;
  /** a whole number that equal values share, and hardly ever others */
  hash(...values: string[]): string;
  /** the entries of the maps `maps` and the pairs `[key, value]`, one row each, as `key` and `value` of `name` */
  eachEntry(maps: readonly string[], pairs: readonly (readonly [key: string, value: string])[]): string;
  /** of each key the first row, as `order` sorts them: the keys as k0, k1 …, the fields as f0, f1 … */
  firstOf(keys: readonly string[], fields: readonly string[], from: string, order: readonly string[]): string;
}

export const DUCKDB: Dialect = {
  // An untyped number parameter would become a narrow integer, and sums of those a 128-bit one.
  placeholder: (number, value) => (typeof value === 'number' ? `$${number}::double` : `$${number}`),
  attribute: (table, key) => `${table}.attrs[${key}]`,
  toNumber: (text) =>
    `(case when isfinite(try_cast(${text} as double)) then try_cast(${text} as double) end)`,
  toText: (number) =>
    `(case when abs(${number}) between 1e-6 and 1e-4 then rtrim(format('{:.6f}', ${number}::double), '0') ` +
    `else regexp_replace(cast(${number} as varchar), '\\.0$', '') end)`,
  startsWith: (text, part) => `starts_with(${text}, ${part})`,
  endsWith: (text, part) => `ends_with(${text}, ${part})`,
  contains: (text, part) => `contains(${text}, ${part})`,
  bucket: (timeMs, widthMs) => `cast(floor(${timeMs} / ${widthMs}) as bigint)`,
  eachBucket: (first, last) => `unnest(range(${first}, ${last} + 1))`,
  quantiles: (value, shares) => `quantile_cont(${value}, [${shares.join(', ')}])`,
  // It interpolates low * (1 - f) + high * f, which gives 11.999999999999998 for two values of 12. Fifteen digits
  // leave that out; else it would show, and order equal groups.
  quantile: (list, index) => `format('{:.15g}', ${list}[${index + 1}])::double`,
  countDistinct: (value) => `count(distinct ${value})::double`,
  remainder: (a, b) => `(${a}) % (${b})`,
  random: () => 'random()',
  lowerCase: (text) => `lower(${text})`,
  textLength: (text, unit) =>
    `(case when ${unit} = 'bytes' then strlen(${text}) else length(${text}) end)::double`,
  matches: (text, pattern) => `regexp_matches(${text}, ${pattern})`,
  firstMatch: (text, pattern, group) =>
    `(case when regexp_matches(${text}, ${pattern}) then regexp_extract(${text}, ${pattern}, ${group}) end)`,
  countMatches: (text, pattern) => `len(regexp_extract_all(${text}, ${pattern}))::double`,
  unixSeconds: (text) =>
    `(case when regexp_full_match(${text}, '\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)') ` +
    `then epoch(try_cast(${text} as timestamp)) end)`,
  formatTime: (format, seconds) =>
    `(case when abs(${seconds}) < 1e11 then strftime(make_timestamp(cast(${seconds} * 1000000 as bigint)), ${format}) end)`,
  sum: (value) => `sum((${value})::double)`,
  hash: (...values) => `hash(${values.join(', ')})`,
  eachEntry: (maps, pairs) => {
    const own = pairs.map(([key, value]) => `{'key': ${key}, 'value': (${value})::varchar}`).join(', ');
    return `unnest(flatten([${[...maps.map((map) => `map_entries(${map})`), `[${own}]`].join(', ')}]))`;
  },
  sameOrNull: (a, b) => `${a} is not distinct from ${b}`,
  // Nine times as fast as `distinct on`, which sorts all rows.
  firstOf: (keys, fields, from, order) => {
    const packed = (values: readonly string[], letter: string): string =>
      `{${values.map((value, index) => `'${letter}${index}': ${value}`).join(', ')}}`;
    const named = keys.map((key, index) => `${key} as k${index}`).join(', ');
    const first = `select ${named}, arg_min(${packed(fields, 'f')}, ${packed(order, 'o')}) as x ${from} group by ${keys.join(', ')}`;
    const columns = [
      ...keys.map((_, index) => `k${index}`),
      ...fields.map((_, index) => `x.f${index} as f${index}`),
    ];
    return `select ${columns.join(', ')} from (${first})`;
  },
};
