/**
 * Every piece of SQL that differs from one database to the next, for all statements that read spans. Whoever writes
 * such a statement writes standard SQL and takes the rest from here, so a second database needs a second object
 * like this one. Statements that keep the store itself (tables, appends, retention, checkpoints) are not here:
 * they stand in the store, which is one engine's through and through.
 *
 * All arguments are SQL unless their type says otherwise, and so is what comes back.
 */
export interface Dialect
  extends ValueSql,
    NumberSql,
    TextSql,
    PatternSql,
    TimeSql,
    AggregateSql,
    EntrySql,
    RowSql {}

interface ValueSql {
  placeholder(number: number, value: string | number | boolean): string;
  /** null of the type of numbers */
  noNumber(): string;
  /** null of the type of texts */
  noText(): string;
  sameOrNull(a: string, b: string): string;
  /** the smallest of those that are not null */
  smallest(values: readonly string[]): string;
  /** the largest of those that are not null */
  largest(values: readonly string[]): string;
  /** a whole number that equal values share, and hardly ever others */
  hash(...values: string[]): string;
  /** true for about one of `n` values, always the same ones */
  oneOf(n: number, value: string): string;
}

interface NumberSql {
  /** any number as a double, the one type of numbers that comes back */
  toDouble(number: string): string;
  /** finite number in a text, else null */
  toNumber(text: string): string;
  /** 1 for true, 0 for false, null for null */
  truthAsNumber(condition: string): string;
  /** with the sign of `a`, as C's fmod */
  remainder(a: string, b: string): string;
  /** the whole number next to it on the side of zero */
  truncate(number: string): string;
  /** of a number above zero */
  logarithm10(number: string): string;
  /** 0 up to, not including, 1; another one for each row */
  random(): string;
}

interface TextSql {
  /** a number as people write it: 512 and not 512.0, 0.000001 and not 1e-06 (a nanosecond in milliseconds) */
  toText(number: string): string;
  /** 'true' or 'false' */
  truthAsText(condition: string): string;
  startsWith(text: string, part: string): string;
  endsWith(text: string, part: string): string;
  contains(text: string, part: string): string;
  lowerCase(text: string): string;
  /** at most `count` characters */
  beginning(text: string, count: number): string;
  /** `unit` is the text 'bytes' (of UTF-8) or 'chars' */
  textLength(text: string, unit: string): string;
}

/** Patterns are RE2's, as in Honeycomb. */
interface PatternSql {
  matches(text: string, pattern: string): string;
  /** a group of the first match, 0 for all of it; null without a match */
  firstMatch(text: string, pattern: string, group: 0 | 1): string;
  countMatches(text: string, pattern: string): string;
  /** what the database has against a pattern, by the error that it gave; null when the error is another one */
  patternFault(error: Error): string | null;
}

interface TimeSql {
  /** of a time as RFC 3339 writes it; null for another text */
  unixSeconds(text: string): string;
  /** UTC, by a format of strftime */
  formatTime(format: string, seconds: string): string;
  /** number of the bucket a time lies in */
  bucket(timeMs: string, widthMs: string): string;
  /** every bucket number from `first` to `last`, one row each; a column of a `select` */
  eachBucket(first: string, last: string): string;
}

/** Over the rows of a group; rows where the value is null do not count. Numbers come back as doubles. */
interface AggregateSql {
  /** of all rows */
  count(): string;
  countOf(value: string): string;
  /** of the rows where the condition is true */
  countWhere(condition: string): string;
  countDistinct(value: string): string;
  sum(value: string): string;
  average(value: string): string;
  minimum(value: string): string;
  maximum(value: string): string;
  /** whether the condition is true of at least one row */
  anyRow(condition: string): string;
  /** one of the values, where all rows have the same */
  anyValue(value: string): string;
  /** a list of the different values, sorted; null when there is none */
  differentValues(value: string): string;
  /** the value on the first row that has one, as `order` sorts the rows */
  valueOfFirst(value: string, order: readonly string[]): string;
  /** a list of interpolated quantiles, in the order of `shares` */
  quantiles(value: string, shares: readonly number[]): string;
  /** one of them, counted from 0 */
  quantile(list: string, index: number): string;
}

/** Attributes are entries of maps: of a row, and of what many rows share, which are scope and resource. */
interface EntrySql {
  /** text of an attribute of a row of `table`; null when it is not there */
  attribute(table: string, key: string): string;
  /** the same of what a row of `table` shares, where `joinShared` has joined it */
  sharedAttribute(table: string, key: string, of: 'scope' | 'resource'): string;
  /** joins to the rows of `table` what they share; a part of a `from` */
  joinShared(table: string): string;
  /** what the rows of a condition share: a table with id, shape, attrs, scope_shape, scope_attrs */
  sharedOf(condition: string): string;
  /** what the store says of a row of `spans` by attributes of its own, where they do not stand among the row's: a map, or null */
  ownEntries(): string;
  /** the names of all services, as `name`, sorted; a statement */
  serviceNames(): string;
  /** the values of the attributes of a row of `table` as one text, with a line break between them */
  attributeValues(table: string): string;
  /** columns of a row that `eachEntry` and `sharedEntries` read */
  entryColumns(): readonly string[];
  /** a row's own attributes and the pairs `[key, value]`, one row each; a column of a `select` */
  eachEntry(pairs: readonly (readonly [key: string, value: string])[]): string;
  /** of an entry that `eachEntry` made */
  entryKey(entry: string): string;
  entryValue(entry: string): string;
  /** how many (`n`) of the rows of `from` share each entry, as `key` and `value`, by their column `side` */
  sharedEntries(from: string, side: string): string;
}

interface RowSql {
  /** rows that are written out, as a table of that name with these columns; a part of a `from` */
  constants(name: string, columns: readonly string[], rows: readonly (readonly string[])[]): string;
  /** the rows of `from`, a `select`, each as many times as its column `weight` says, which is 1 for most */
  repeated(from: string, weight: string): string;
  /** the values of these columns of a row, maps among them, as the text of one list in JSON */
  asJson(columns: readonly string[]): string;
  /** sorts the rows of a table as they were stored; a number */
  storedOrder(): string;
  /** the place of the newest row of a condition, which is about its arrival until `ms`, and of the oldest of all rows; a statement */
  endsOfOrder(condition: string, ms: string): string;
  /** a place in that order, about `count` rows before another one */
  rowsBefore(place: number, count: number): number;
  /** from when on the rows at this place and later ones began, Unix milliseconds; null: the order does not tell */
  timeOfPlace(place: number): number | null;
  /** of each key the first row, as `order` sorts them: the key as `key`, the fields as f0, f1 … */
  firstOf(key: string, fields: readonly string[], from: string, order: readonly string[]): string;
}
