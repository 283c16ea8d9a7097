// Not through the store's door: that one loads DuckDB.
import { HIDDEN_NAMES } from '../../store/columns.ts';
import type { Dialect } from './dialect.ts';

/**
 * ClickHouse 25 and newer, over the rows that lab/clickhouse/spans-table.ts makes of the table of the OpenTelemetry
 * Collector. It has no settings of its own, since a user who may only read cannot change any: so what comes from the
 * right side of a join is made nullable, and aggregates of nothing are asked to be null.
 */
export const CLICKHOUSE: Dialect = {
  // Values.
  placeholder: (number, value) => `{p${number}:${TYPES[typeof value as keyof typeof TYPES]}}`,
  noNumber: () => 'cast(null as Nullable(Float64))',
  noText: () => 'cast(null as Nullable(String))',
  sameOrNull: (a, b) => `isNotDistinctFrom(${a}, ${b})`,
  smallest: (values) => `least(${values.join(', ')})`,
  largest: (values) => `greatest(${values.join(', ')})`,
  hash: (...values) => `cityHash64(${values.join(', ')})`,
  oneOf: (n, value) => `cityHash64(${value}) % ${n} = 0`,

  // Numbers.
  toDouble: (number) => `toFloat64(${number})`,
  toNumber: (text) => finite(`toFloat64OrNull(trimBoth(${text}))`),
  truthAsNumber: (condition) => `toFloat64(${condition})`,
  remainder: (a, b) => `((${a}) % (${b}))`,
  truncate: (number) => `trunc(${number})`,
  logarithm10: (number) => `log10(${number})`,
  random: () => '(rand64() / 18446744073709551616)',

  // Texts.
  toText: (number) => `toString(${number})`,
  truthAsText: (condition) => `multiIf((${condition}) is null, null, ${condition}, 'true', 'false')`,
  startsWith: (text, part) => `startsWith(${text}, ${part})`,
  endsWith: (text, part) => `endsWith(${text}, ${part})`,
  contains: (text, part) => `(position(${text}, ${part}) > 0)`,
  lowerCase: (text) => `lowerUTF8(${text})`,
  beginning: (text, count) => `substringUTF8(${text}, 1, ${count})`,
  textLength: (text, unit) => `toFloat64(if(${unit} = 'bytes', length(${text}), lengthUTF8(${text})))`,

  // Patterns. By itself a dot is also a line break here.
  matches: (text, pattern) => `match(${text}, ${lines(pattern)})`,
  firstMatch: (text, pattern, group) =>
    `if(match(${text}, ${lines(pattern)}), regexpExtract(${text}, ${lines(pattern)}, ${group}), null)`,
  countMatches: (text, pattern) => `toFloat64(countMatches(${text}, ${lines(pattern)}))`,
  patternFault: ({ message }) =>
    /cannot compile re2: .*?, error: ([^\n]*?)(?:\. Look at|$)/.exec(message)?.[1] ?? null,

  // Times.
  unixSeconds: (text) =>
    `if(match(${text}, '^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d[Tt ]\\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d(\\\\.\\\\d+)?([Zz]|[+-]\\\\d\\\\d:\\\\d\\\\d)$'), ` +
    `toUnixTimestamp64Micro(parseDateTime64BestEffortOrNull(${text}, 6, 'UTC')) / 1000000, null)`,
  formatTime: (format, seconds) =>
    `if(abs(${seconds}) < 1e11, formatDateTime(fromUnixTimestamp64Micro(toInt64(round(${seconds} * 1000000)), 'UTC'), ${ofStrftime(format)}, 'UTC'), null)`,
  bucket: (timeMs, widthMs) => `floor(${timeMs} / ${widthMs})`,
  eachBucket: (first, last) => `toFloat64(arrayJoin(range(toInt64(${first}), toInt64(${last}) + 1)))`,

  // Aggregates.
  count: () => 'toFloat64(count())',
  countOf: (value) => `toFloat64(count(${value}))`,
  countWhere: (condition) => `toFloat64(countIf(${condition}))`,
  countDistinct: (value) => `toFloat64(uniqExact(${value}))`,
  sum: (value) => `sumOrNull(${value})`,
  average: (value) => `avgOrNull(${value})`,
  minimum: (value) => `toFloat64(minOrNull(${value}))`,
  maximum: (value) => `toFloat64(maxOrNull(${value}))`,
  anyRow: (condition) => `toBool(max(coalesce(${condition}, false)))`,
  anyValue: (value) => `any(${value})`,
  differentValues: (value) => `arraySort(groupUniqArray(${value}))`,
  valueOfFirst: (value, order) => `argMin(${value}, tuple(${order.join(', ')}))`,
  quantiles: (value, shares) => `quantilesExactInclusive(${shares.join(', ')})(${value})`,
  // A list of nothing is empty, or not of numbers.
  quantile: (list, index) => finite(`if(empty(${list}), null, ${list}[${index + 1}])`),

  // Entries. A table of the Collector keeps nothing of scopes but their names: in the place of their attributes stand
  // those that the lab derives from a row.
  attribute: (table, key) => entry(`${table}.attrs`, key),
  sharedAttribute: (table, key, of) =>
    entry(`${table}.${of === 'scope' ? 'scope_attrs' : 'resource_attrs'}`, key),
  joinShared: () => '',
  sharedOf: (condition) =>
    `(select resource_id as id, any(resource_shape) as shape, any(resource_attrs) as attrs, '' as scope_shape, ` +
    `cast(map(), 'Map(String, String)') as scope_attrs from spans where ${condition} group by resource_id)`,
  ownEntries: () => 'scope_attrs',
  serviceNames: () => 'select distinct service as name from spans where service is not null order by name',
  attributeValues: (table) => `arrayStringConcat(mapValues(${table}.attrs), '\\n')`,
  entryColumns: () => ['attrs', 'scope_attrs', 'resource_attrs', 'resource_id'],
  eachEntry: (pairs) => {
    const own = pairs.map(([key, value]) => `(${key}, cast(toString(${value}) as Nullable(String)))`);
    const derived = entries('scope_attrs', 'not mapContains(attrs, k)');
    return `arrayJoin(arrayConcat(${entries('attrs', SHOWN)}, ${derived}, [${own.join(', ')}]))`;
  },
  entryKey: (item) => `${item}.1`,
  entryValue: (item) => `${item}.2`,
  sharedEntries: (from, side) =>
    `select ${side}, f.1 as key, f.2 as value, n from (` +
    `select ${side}, n, arrayJoin(${entries('resource', SHOWN)}) as f from (` +
    `select ${side}, resource_id, any(resource_attrs) as resource, toFloat64(count()) as n from ${from} group by ${side}, resource_id))`,

  // Rows.
  constants: (name, columns, rows) => {
    const items = rows.map((row) => `tuple(${row.join(', ')})`).join(', ');
    const named = columns.map((column, index) => `tupleElement(item, ${index + 1}) as ${column}`).join(', ');
    return `(select ${named} from (select arrayJoin([${items}]) as item)) ${name}`;
  },
  repeated: (from, weight) => `select * from (${from}) array join range(toUInt64(${weight})) as nth`,
  asJson: (columns) =>
    `concat('[', ${columns.map((column) => `ifNull(toJSONString(${column}), 'null')`).join(`, ',', `)}, ']')`,
  // By time, since the table does not say when a row came.
  storedOrder: () => 'start_ms',
  // The table knows its first and its last time without reading it.
  endsOfOrder: (_condition, ms) =>
    `select least(toFloat64(toUnixTimestamp64Milli(max(Timestamp))) + 1, ${ms}) as newest, ` +
    `toFloat64(toUnixTimestamp64Milli(min(Timestamp))) as oldest from collected`,
  rowsBefore: (place, count) => place - count * MS_A_ROW,
  timeOfPlace: (place) => place,
  firstOf: (key, fields, from, order) => {
    const first = `${key} as key, argMin(tuple(${fields.join(', ')}), tuple(${order.join(', ')})) as x`;
    const columns = [
      'key',
      ...fields.map((_, index) => `toNullable(tupleElement(x, ${index + 1})) as f${index}`),
    ];
    return `select ${columns.join(', ')} from (select ${first} ${from} group by ${key})`;
  },
};

const TYPES = { number: 'Float64', string: 'String', boolean: 'Bool' };
/** What a first look back for traces takes a row to be: five thousand of them are a minute. */
const MS_A_ROW = 12;
/** Of an attribute `k` that is no column of the lab: the others are read as columns. */
const SHOWN = `not has([${[...HIDDEN_NAMES].map((name) => `'${name}'`).join(', ')}], k)`;

function finite(number: string): string {
  return `if(isFinite(${number}), ${number}, null)`;
}

function lines(pattern: string): string {
  return `concat('(?-s)', ${pattern})`;
}

/** Text of a key in a map; a missing key has an empty text there. */
function entry(map: string, key: string): string {
  return `if(mapContains(${map}, ${key}), ${map}[${key}], null)`;
}

/** The entries of a map whose key `k` is as the condition says, as a list of pairs. */
function entries(map: string, condition: string): string {
  const pairs = `arrayMap((k, v) -> (cast(k as String), toNullable(v)), mapKeys(${map}), mapValues(${map}))`;
  return `arrayFilter((pair, k) -> ${condition}, ${pairs}, mapKeys(${map}))`;
}

/** ClickHouse's letters: minutes are %i, the names of months and days %M and %W. */
function ofStrftime(format: string): string {
  return `replaceAll(replaceAll(replaceAll(${format}, '%M', '%i'), '%B', '%M'), '%A', '%W')`;
}
