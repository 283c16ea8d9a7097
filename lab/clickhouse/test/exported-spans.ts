import type { Attributes, AttributeValue, Span } from '@workshop/telemetry';
import type { Engine } from './engine.ts';

/**
 * The table as the ClickHouse exporter of the OpenTelemetry Collector makes it (traces_table.sql, version 0.140), and
 * spans as it writes them. Indexes that only make reading faster are left out but for that of the trace's id.
 */
export const TABLE = 'otel.otel_traces';

const ATTRIBUTES = 'Map(LowCardinality(String), String)';
const COLUMNS: Readonly<Record<string, string>> = {
  Timestamp: 'DateTime64(9) CODEC(Delta(8), ZSTD(1))',
  TraceId: 'String CODEC(ZSTD(1))',
  SpanId: 'String CODEC(ZSTD(1))',
  ParentSpanId: 'String CODEC(ZSTD(1))',
  TraceState: 'String CODEC(ZSTD(1))',
  SpanName: 'LowCardinality(String) CODEC(ZSTD(1))',
  SpanKind: 'LowCardinality(String) CODEC(ZSTD(1))',
  ServiceName: 'LowCardinality(String) CODEC(ZSTD(1))',
  ResourceAttributes: `${ATTRIBUTES} CODEC(ZSTD(1))`,
  ScopeName: 'String CODEC(ZSTD(1))',
  ScopeVersion: 'String CODEC(ZSTD(1))',
  SpanAttributes: `${ATTRIBUTES} CODEC(ZSTD(1))`,
  Duration: 'UInt64 CODEC(T64, ZSTD(1))',
  StatusCode: 'LowCardinality(String) CODEC(ZSTD(1))',
  StatusMessage: 'String CODEC(ZSTD(1))',
  Events: `Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes ${ATTRIBUTES}) CODEC(ZSTD(1))`,
  Links: `Nested (TraceId String, SpanId String, TraceState String, Attributes ${ATTRIBUTES}) CODEC(ZSTD(1))`,
};
const ROWS_A_STATEMENT = 20_000;

/** Makes the database and the table. @param other types of columns that are to be different; null: left out */
export async function createTable(
  engine: Engine,
  table = TABLE,
  other: Readonly<Record<string, string | null>> = {},
): Promise<void> {
  const columns = Object.entries({ ...COLUMNS, ...other }).flatMap(([name, type]) =>
    type === null ? [] : [`${name} ${type}`],
  );
  await engine.run(`create database if not exists ${table.split('.')[0]}`, {});
  await engine.run(
    `create table ${table} (${columns.join(', ')}, INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1)
     engine = MergeTree partition by toDate(Timestamp)
     primary key (ServiceName, SpanName, toDateTime(Timestamp))
     order by (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)
     settings index_granularity = 8192, ttl_only_drop_parts = 1`,
    {},
  );
}

export async function emptyTable(engine: Engine): Promise<void> {
  await engine.run(`truncate table ${TABLE}`, {});
}

export async function insertSpans(engine: Engine, spans: Iterable<Span>): Promise<void> {
  let rows: string[] = [];
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await engine.run(`insert into ${TABLE} format JSONEachRow\n${rows.join('\n')}`, {});
    rows = [];
  };
  for (const span of spans) if (rows.push(JSON.stringify(rowOf(span))) >= ROWS_A_STATEMENT) await flush();
  await flush();
}

function rowOf(span: Span): object {
  const { events, links, resource } = span;
  return {
    Timestamp: timeOf(span.startMs),
    TraceId: span.traceId,
    SpanId: span.spanId,
    ParentSpanId: span.parentSpanId ?? '',
    TraceState: span.traceState ?? '',
    SpanName: span.name,
    SpanKind: capital(span.kind),
    ServiceName: String(resource['service.name'] ?? ''),
    ResourceAttributes: textsOf(resource),
    ScopeName: span.scope.name,
    ScopeVersion: span.scope.version ?? '',
    SpanAttributes: textsOf(span.attributes),
    Duration: Math.round(span.durationMs * 1e6),
    StatusCode: capital(span.status.code),
    StatusMessage: span.status.message ?? '',
    'Events.Timestamp': events.map((event) => timeOf(event.timeMs)),
    'Events.Name': events.map((event) => event.name),
    'Events.Attributes': events.map((event) => textsOf(event.attributes)),
    'Links.TraceId': links.map((link) => link.traceId),
    'Links.SpanId': links.map((link) => link.spanId),
    'Links.TraceState': links.map((link) => link.traceState ?? ''),
    'Links.Attributes': links.map((link) => textsOf(link.attributes)),
  };
}

/** Seconds with nine digits behind the point, exact to the nanosecond. */
function timeOf(ms: number): string {
  const whole = Math.floor(ms);
  const nanoseconds = BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
  const text = String(nanoseconds).padStart(10, '0');
  return `${text.slice(0, -9)}.${text.slice(-9)}`;
}

function capital(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}

/** pcommon's AsString: what the exporter makes of any value. */
export function textOf(value: AttributeValue): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function textsOf(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, textOf(value)]));
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * The same spans with the types that their attributes seem to have once they are texts: a number where all values of a
 * name look like one, a boolean likewise, else a text. So no type makes a difference between the engines.
 */
export function asTexts(spans: readonly Span[]): Span[] {
  const kinds = new Map<string, Set<'number' | 'boolean' | 'text'>>();
  const mapsOf = (span: Span): Attributes[] => [
    span.attributes,
    ...span.events.map((event) => event.attributes),
    ...span.links.map((link) => link.attributes),
  ];
  for (const span of spans) {
    for (const attributes of mapsOf(span))
      for (const [key, value] of Object.entries(attributes)) {
        const text = textOf(value);
        const kind = NUMBER.test(text) ? 'number' : text === 'true' || text === 'false' ? 'boolean' : 'text';
        kinds.set(key, (kinds.get(key) ?? new Set()).add(kind));
      }
    // The lab's own mark on what failed.
    if (span.status.code === 'ERROR') kinds.set('error', (kinds.get('error') ?? new Set()).add('boolean'));
  }
  const typed = (attributes: Attributes): Attributes =>
    Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => {
        const [kind, ...others] = kinds.get(key) ?? [];
        const text = textOf(value);
        if (others.length > 0 || kind === 'text') return [key, text];
        return [key, kind === 'number' ? Number(text) : text === 'true'];
      }),
    );
  return spans.map((span) => ({
    ...span,
    attributes: typed(span.attributes),
    events: span.events.map((event) => ({ ...event, attributes: typed(event.attributes) })),
    links: span.links.map((link) => ({ ...link, attributes: typed(link.attributes) })),
  }));
}
