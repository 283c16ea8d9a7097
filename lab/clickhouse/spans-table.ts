import { SAMPLE_RATE_KEYS } from '@workshop/telemetry';
// Not through the store's door: that one loads DuckDB.
import { PROMOTED_ATTRIBUTES } from '../store/columns.ts';
import type { TableFacts } from './table-facts.ts';
import { EXCEPTION_KEYS, FAILED, INSTRUMENTATION, NUMBER, THRESHOLD } from './table-values.ts';

/**
 * The Collector's table as the lab's rows: one for each span, event and link, with the columns of lab/store/columns.ts.
 * It is an expression of a `with`, so nothing is made in the database, and what a statement does not read of it the
 * database does not read either.
 */

const TEXTS = 'Map(String, String)';
const NO_TEXT = 'cast(null as Nullable(String))';
const NO_NUMBER = 'cast(null as Nullable(Float64))';
const START = milliseconds('Timestamp');
/** An event may be so much later than its span's beginning, or earlier, and is still found by its time; seconds. */
const EVENT_LATER_S = 86_400;
const EVENT_EARLIER_S = 3_600;
const LARGEST_RATE = 2_147_483_647;

/** A row of a kind: where it comes from, and what of it is not the same for all. */
interface RowKind {
  from: string;
  where: string;
  columns: Record<string, string>;
  /** the row's own attributes, a map */
  own: string;
  /** what the lab derives, where the row does not say it itself */
  derived: Record<string, string>;
}

/**
 * `spans as (…)`, and `collected as (…)`, the table itself.
 * @param table its name, in quotes
 * @param statement in front of which it stands: columns that it does not name are left out, since to read all of their
 * expressions takes the database longer than to answer
 * @param hasWindow whether the parameters `from_s` and `to_s` bound the time, seconds
 */
export function spansTable(table: string, facts: TableFacts, statement: string, hasWindow: boolean): string {
  const kinds = [
    spanRows(table),
    ...(facts.events ? [eventRows(table)] : []),
    ...(facts.links ? [linkRows(table)] : []),
  ];
  const words = new Set(statement.match(/\w+/g));
  const rows = kinds.map((kind) => rowsSql(kind, facts, words, hasWindow)).join(' union all ');
  return `collected as (select * from ${table}), spans as (${rows})`;
}

function spanRows(table: string): RowKind {
  return {
    from: table,
    where: within(0, 0),
    own: 'SpanAttributes',
    columns: {
      start_ms: START,
      span_id: 'SpanId',
      parent_id: `nullIf(ParentSpanId, '')`,
      name: 'SpanName',
      span_kind: `lower(replaceOne(SpanKind, 'SPAN_KIND_', ''))`,
      duration_ms: 'toFloat64(Duration) / 1000000',
      status_code: `multiIf(${FAILED}, 2., StatusCode in ('Ok', 'STATUS_CODE_OK'), 1., 0.)`,
      status_message: `nullIf(StatusMessage, '')`,
      annotation_type: NO_TEXT,
      parent_name: NO_TEXT,
      num_links: 'toFloat64(length(Links.TraceId))',
      num_events: 'toFloat64(length(Events.Name))',
    },
    derived: {
      'trace.trace_state': 'TraceState',
      ...Object.fromEntries(
        EXCEPTION_KEYS.map((key) => [key, `Events.Attributes[indexOf(Events.Name, 'exception')]['${key}']`]),
      ),
    },
  };
}

const NO_SPAN = {
  span_id: NO_TEXT,
  parent_id: 'SpanId',
  span_kind: NO_TEXT,
  duration_ms: NO_NUMBER,
  status_code: NO_NUMBER,
  status_message: NO_TEXT,
  parent_name: 'SpanName',
  num_links: NO_NUMBER,
  num_events: NO_NUMBER,
};

function eventRows(table: string): RowKind {
  const since = `${milliseconds('event_time')} - ${START}`;
  return {
    from: `${table} array join Events.Timestamp as event_time, Events.Name as event_name, Events.Attributes as event_attrs`,
    where: within(EVENT_LATER_S, EVENT_EARLIER_S),
    own: 'event_attrs',
    columns: {
      ...NO_SPAN,
      start_ms: milliseconds('event_time'),
      name: 'event_name',
      annotation_type: `'span_event'`,
    },
    derived: {
      'meta.time_since_span_start_ms': `toString(greatest(0., ${since}))`,
      'meta.invalid_time_since_span_start': `if(${since} < 0, 'true', '')`,
    },
  };
}

function linkRows(table: string): RowKind {
  return {
    from: `${table} array join Links.TraceId as link_trace, Links.SpanId as link_span, Links.TraceState as link_state, Links.Attributes as link_attrs`,
    where: within(0, 0),
    own: 'link_attrs',
    columns: { ...NO_SPAN, start_ms: START, name: NO_TEXT, annotation_type: `'link'` },
    derived: {
      'trace.link.trace_id': 'link_trace',
      'trace.link.span_id': 'link_span',
      'trace.trace_state': 'link_state',
    },
  };
}

function rowsSql(kind: RowKind, facts: TableFacts, words: ReadonlySet<string>, hasWindow: boolean): string {
  const { own } = kind;
  const derived = Object.entries({
    'telemetry.instrumentation_library': `if(${INSTRUMENTATION}, 'true', '')`,
    ...kind.derived,
  }).map(([key, value]) => `'${key}', ${value}`);
  const promoted = PROMOTED_ATTRIBUTES.map(({ sql, name = '' }) => [sql, promotedSql(name, own, facts)]);
  const columns: Record<string, string> = {
    ...kind.columns,
    trace_id: 'TraceId',
    sample_rate: facts.sampled ? sampleRate(facts) : '1.',
    flags: NO_NUMBER,
    received_ms: NO_NUMBER,
    library_name: `nullIf(ScopeName, '')`,
    library_version: `nullIf(ScopeVersion, '')`,
    ...Object.fromEntries(promoted),
    attrs: `cast(${own}, '${TEXTS}')`,
    scope_attrs: `mapFilter((k, v) -> v != '', cast(map(${derived.join(', ')}), '${TEXTS}'))`,
    resource_attrs: `cast(ResourceAttributes, '${TEXTS}')`,
    resource_id:
      'toFloat64(bitShiftRight(cityHash64(mapKeys(ResourceAttributes), mapValues(ResourceAttributes)), 12))',
    shape: shapeSql(kind),
    resource_shape: lines('ResourceAttributes', []),
  };
  // The parts of a union are laid on each other by their order, not by their names.
  const named = Object.keys(columns)
    .filter((name) => words.has(name))
    .sort()
    .map((name) => `${columns[name]} as ${name}`);
  return `select ${named.join(', ') || '1 as row'} from ${kind.from}${hasWindow ? ` where ${kind.where}` : ''}`;
}

/** An attribute with a column of its own: the row's, what its status says, its resource's. */
function promotedSql(name: string, own: string, { rowKeys, resourceKeys }: TableFacts): string {
  const values: string[] = [];
  if (rowKeys.has(name)) values.push(entry(own, name));
  if (name === 'error') values.push(`if(${FAILED}, 'true', null)`);
  // The exporter copies it out of the resource.
  if (name === 'service.name') values.push(`nullIf(ServiceName, '')`);
  else if (resourceKeys.has(name)) values.push(entry('ResourceAttributes', name));
  return values.length > 1 ? `coalesce(${values.join(', ')})` : (values[0] ?? NO_TEXT);
}

/**
 * Which of a row's values were no texts, as far as they show it; see lab/store/attribute-fields.ts. A row that has an
 * attribute of its resource as its own says so, too.
 */
function shapeSql({ own, columns }: RowKind): string {
  const text = lines(own, [`mapContains(ResourceAttributes, k), concat(' ', k)`]);
  if (columns.duration_ms !== NO_NUMBER) return text;
  return `concat(${text}, if(${FAILED} and not mapContains(${own}, 'error'), '\\nb error', ''))`;
}

function lines(map: string, more: readonly string[]): string {
  const cases = [
    `match(v, '${NUMBER}'), concat('n ', k)`,
    `v in ('true', 'false'), concat('b ', k)`,
    `match(v, '^[\\\\[{]'), concat('j ', k)`,
    ...more,
  ].join(', ');
  const each = `arrayMap((k, v) -> multiIf(${cases}, ''), mapKeys(${map}), mapValues(${map}))`;
  return `arrayStringConcat(arrayFilter(line -> line != '', ${each}), '\\n')`;
}

/** As telemetry/sample-rate.ts reads it. */
function sampleRate({ rowKeys }: TableFacts): string {
  const ofAttribute = SAMPLE_RATE_KEYS.filter((key) => rowKeys.has(key)).map(
    (key) =>
      `mapContains(SpanAttributes, '${key}'), ${atLeastOne(`coalesce(toFloat64OrNull(SpanAttributes['${key}']), 0.)`)}`,
  );
  const digits = `leftPad(rightPad(${THRESHOLD}, 14, '0'), 16, '0')`;
  const rejected = `toFloat64(reinterpretAsUInt64(reverse(unhex(${digits}))))`;
  const ofState = `${THRESHOLD} != '', ${atLeastOne(`72057594037927936. / (72057594037927936. - ${rejected})`)}`;
  return `multiIf(${[...ofAttribute, ofState].join(', ')}, 1.)`;
}

function atLeastOne(rate: string): string {
  return `if(isFinite(${rate}) and ${rate} > 0, least(greatest(1., floor(${rate} + 0.5)), ${LARGEST_RATE}.), 1.)`;
}

function entry(map: string, key: string): string {
  return `if(mapContains(${map}, '${key}'), ${map}['${key}'], null)`;
}

/** Milliseconds of a DateTime64(9), exact to the last bit that a double has: whole ones and the rest apart. */
function milliseconds(time: string): string {
  const nanoseconds = `toUnixTimestamp64Nano(${time})`;
  return `(toFloat64(intDiv(${nanoseconds}, 1000000)) + toFloat64(${nanoseconds} % 1000000) / 1000000)`;
}

/** Whole seconds, so that the rows' exact time decides; by partition and primary key. */
function within(laterS: number, earlierS: number): string {
  return `Timestamp >= toDateTime64({from_s:Int64} - ${laterS}, 9, 'UTC') and Timestamp < toDateTime64({to_s:Int64} + ${earlierS}, 9, 'UTC')`;
}
