import type { Dialect } from './dialect.ts';

export const DUCKDB: Dialect = {
  // Values. An untyped number parameter would become a narrow integer, and sums of those a 128-bit one.
  placeholder: (number, value) => (typeof value === 'number' ? `$${number}::double` : `$${number}`),
  noNumber: () => 'null::double',
  noText: () => 'null::varchar',
  sameOrNull: (a, b) => `${a} is not distinct from ${b}`,
  smallest: (values) => `least(${values.join(', ')})`,
  largest: (values) => `greatest(${values.join(', ')})`,
  hash: (...values) => `hash(${values.join(', ')})`,
  oneOf: (n, value) => `hash(${value}) % ${n} = 0`,

  // Numbers.
  toDouble: (number) => `${number}::double`,
  toNumber: (text) =>
    `(case when isfinite(try_cast(${text} as double)) then try_cast(${text} as double) end)`,
  truthAsNumber: (condition) => `(${condition})::integer`,
  remainder: (a, b) => `(${a}) % (${b})`,
  truncate: (number) => `trunc(${number})`,
  logarithm10: (number) => `log10(${number})`,
  random: () => 'random()',

  // Texts.
  toText: (number) =>
    `(case when abs(${number}) between 1e-6 and 1e-4 then rtrim(format('{:.6f}', ${number}::double), '0') ` +
    `else regexp_replace(cast(${number} as varchar), '\\.0$', '') end)`,
  truthAsText: (condition) => `cast(${condition} as varchar)`,
  startsWith: (text, part) => `starts_with(${text}, ${part})`,
  endsWith: (text, part) => `ends_with(${text}, ${part})`,
  contains: (text, part) => `contains(${text}, ${part})`,
  lowerCase: (text) => `lower(${text})`,
  beginning: (text, count) => `left(${text}, ${count})`,
  textLength: (text, unit) =>
    `(case when ${unit} = 'bytes' then strlen(${text}) else length(${text}) end)::double`,

  // Patterns.
  matches: (text, pattern) => `regexp_matches(${text}, ${pattern})`,
  firstMatch: (text, pattern, group) =>
    `(case when regexp_matches(${text}, ${pattern}) then regexp_extract(${text}, ${pattern}, ${group}) end)`,
  countMatches: (text, pattern) => `len(regexp_extract_all(${text}, ${pattern}))::double`,
  patternFault: ({ message }) =>
    message.startsWith('Invalid Input Error')
      ? (message.split('\n')[0] ?? '').replace(/^.*?Error: /, '')
      : null,

  // Times.
  unixSeconds: (text) =>
    `(case when regexp_full_match(${text}, '\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)') ` +
    `then epoch(try_cast(${text} as timestamp)) end)`,
  formatTime: (format, seconds) =>
    `(case when abs(${seconds}) < 1e11 then strftime(make_timestamp(cast(${seconds} * 1000000 as bigint)), ${format}) end)`,
  bucket: (timeMs, widthMs) => `cast(floor(${timeMs} / ${widthMs}) as bigint)`,
  eachBucket: (first, last) => `unnest(range(${first}, ${last} + 1))`,

  // Aggregates.
  count: () => 'count(*)::double',
  countOf: (value) => `count(${value})::double`,
  countWhere: (condition) => `count(*) filter (where ${condition})::double`,
  countDistinct: (value) => `count(distinct ${value})::double`,
  sum: (value) => `sum((${value})::double)`,
  average: (value) => `avg((${value})::double)`,
  minimum: (value) => `min(${value})::double`,
  maximum: (value) => `max(${value})::double`,
  anyRow: (condition) => `bool_or(${condition})`,
  anyValue: (value) => `any_value(${value})`,
  differentValues: (value) => `list_sort(list(distinct ${value}) filter (where ${value} is not null))`,
  valueOfFirst: (value, order) => `arg_min(${value}, ${packed(order, 'o')})`,
  quantiles: (value, shares) => `quantile_cont(${value}, [${shares.join(', ')}])`,
  // It interpolates low * (1 - f) + high * f, which gives 11.999999999999998 for two values of 12. Fifteen digits
  // leave that out; else it would show, and order equal groups.
  quantile: (list, index) => `format('{:.15g}', ${list}[${index + 1}])::double`,

  // Entries.
  attribute: (table, key) => `${table}.attrs[${key}]`,
  sharedAttribute: (table, key, of) =>
    `${table}_resource.${of === 'scope' ? 'scope_attrs' : 'attrs'}[${key}]`,
  joinShared: (table) =>
    ` left join resources ${table}_resource on ${table}_resource.id = ${table}.resource_id`,
  sharedOf: () => 'resources',
  ownEntries: () => 'null',
  // Reads the resources alone, which are few.
  serviceNames: () =>
    `select distinct name from (select attrs['service.name'] as name from resources) where name is not null order by name`,
  attributeValues: (table) => `array_to_string(map_values(${table}.attrs), chr(10))`,
  entryColumns: () => ['attrs', 'resource_id'],
  eachEntry: (pairs) => {
    const own = pairs.map(([key, value]) => `{'key': ${key}, 'value': (${value})::varchar}`).join(', ');
    return `unnest(flatten([map_entries(attrs), [${own}]]))`;
  },
  entryKey: (entry) => `${entry}.key`,
  entryValue: (entry) => `${entry}.value`,
  sharedEntries: (from, side) =>
    `select ${side}, f.key as key, f.value as value, n ` +
    `from (select resource_id, ${side}, count(*)::double as n from ${from} group by resource_id, ${side}) ` +
    `join (select id, unnest(flatten([map_entries(attrs), map_entries(scope_attrs)])) as f from resources) on id = resource_id`,

  // Rows.
  constants: (name, columns, rows) =>
    `(values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) ${name}(${columns.join(', ')})`,
  // To make a list of one for each row would take longer than what is done with the rows.
  repeated: (from, weight) =>
    `select * from (${from}) where ${weight} = 1 union all ` +
    `select * exclude (nth) from (select *, unnest(range(${weight})) as nth from (${from}) where ${weight} > 1)`,
  asJson: (columns) => `json_array(${columns.join(', ')})::varchar`,
  storedOrder: () => 'rowid',
  endsOfOrder: (condition) =>
    `select (select max(rowid) from spans where ${condition})::double as newest, min(rowid)::double as oldest from spans`,
  rowsBefore: (place, count) => place - count,
  timeOfPlace: () => null,
  // Nine times as fast as `distinct on`, which sorts all rows.
  firstOf: (key, fields, from, order) => {
    const first = `select ${key} as key, arg_min(${packed(fields, 'f')}, ${packed(order, 'o')}) as x ${from} group by ${key}`;
    const columns = ['key', ...fields.map((_, index) => `x.f${index} as f${index}`)];
    return `select ${columns.join(', ')} from (${first})`;
  },
};

/** Values as one, which compares by the first that differs. */
function packed(values: readonly string[], letter: string): string {
  return `{${values.map((value, index) => `'${letter}${index}': ${value}`).join(', ')}}`;
}
