import type { Attributes, AttributeValue, Span } from '@workshop/telemetry';
import { COLUMNS, type ColumnType, MODEL_NAMES, PROMOTED_INDEX } from './columns.ts';
import { SAMPLE_RATE_KEYS, sampleRateOf } from './sample-rate.ts';

/** Longest text kept for one attribute, in characters (Honeycomb: 64 KB a field). */
const MAX_TEXT = 65_535;
/** Nested objects are flattened with dots this deep, deeper ones become JSON text (husky). */
const MAX_DEPTH = 5;
/** Fields of one row (Honeycomb refuses more). */
const MAX_FIELDS = 2_000;

const STATUS_CODES = { UNSET: 0, OK: 1, ERROR: 2 } as const;
/** Scopes that Honeycomb marks as instrumentation libraries. */
const INSTRUMENTATION = /^(@opentelemetry\/instrumentation|@honeycombio\/)/;
/** OTLP's span flags: bit 8 says that bit 9 (parent is remote) is meaningful. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

const INDEX = Object.fromEntries(COLUMNS.map((column, index) => [column.sql, index])) as Record<
  string,
  number
>;
const [START, RATE, FLAGS, SHAPE, TRACE, SPAN, PARENT, NAME, KIND, DURATION, STATUS, MESSAGE, ANNOTATION] = [
  'start_ms',
  'sample_rate',
  'flags',
  'shape',
  'trace_id',
  'span_id',
  'parent_id',
  'name',
  'span_kind',
  'duration_ms',
  'status_code',
  'status_message',
  'annotation_type',
].map((sql) => INDEX[sql] as number) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
const [PARENT_NAME, LIBRARY, LIBRARY_VERSION, LINKS, EVENTS] = [
  'parent_name',
  'library_name',
  'library_version',
  'num_links',
  'num_events',
].map((sql) => INDEX[sql] as number) as [number, number, number, number, number];

/**
 * Rows in columns, ready to cross into the worker thread and into DuckDB's vectors.
 *
 * `attrs` holds for each row how many map entries it has; the entries of all rows stand one after another.
 */
export interface RowBatch {
  rows: number;
  spans: number;
  columns: (string | number | null)[][];
  entryCounts: number[];
  /** index into `keys` */
  entryKeys: number[];
  entryValues: string[];
  keys: string[];
  /** "type key" for every kind of value that was seen under a key */
  types: string[];
}

/** Turns spans into rows as Honeycomb does: one for the span, one for each of its events and links. */
export class RowBatchBuilder {
  private readonly batch: RowBatch = {
    rows: 0,
    spans: 0,
    columns: COLUMNS.map(() => []),
    entryCounts: [],
    entryKeys: [],
    entryValues: [],
    keys: [],
    types: [],
  };
  private readonly keyIndex = new Map<string, number>();
  private readonly types = new Map<string, ColumnType | Set<ColumnType>>();
  private readonly row: (string | number | null)[] = COLUMNS.map(() => null);
  private readonly entries = new Map<string, string>();
  private readonly shape: string[] = [];

  add(span: Span): void {
    const failed = span.status.code === 'ERROR';
    const row = this.begin(span);
    row[SPAN] = span.spanId;
    row[PARENT] = span.parentSpanId ?? null;
    row[NAME] = span.name;
    row[KIND] = span.kind.toLowerCase();
    row[DURATION] = Math.max(0, span.durationMs);
    row[STATUS] = STATUS_CODES[span.status.code];
    row[MESSAGE] = span.status.message || null;
    row[LINKS] = span.links.length;
    row[EVENTS] = span.events.length;
    row[FLAGS] =
      (span.traceFlags ?? 1) |
      (span.parentIsRemote === undefined ? 0 : HAS_IS_REMOTE) |
      (span.parentIsRemote ? IS_REMOTE : 0);
    if (failed) this.put('error', true);
    if (span.durationMs < 0) this.put('meta.invalid_duration', true);
    if (span.traceState) this.put('trace.trace_state', span.traceState);
    const exception = span.events.find((event) => event.name === 'exception');
    if (exception) this.putAll(exceptionAttributes(exception.attributes, span.attributes));
    this.putAll(span.attributes);
    this.end();
    this.batch.spans++;
    for (const event of span.events) {
      const own = this.begin(span);
      own[START] = event.timeMs;
      own[PARENT] = span.spanId;
      own[NAME] = event.name;
      own[PARENT_NAME] = span.name;
      own[ANNOTATION] = 'span_event';
      if (failed) this.put('error', true);
      const since = event.timeMs - span.startMs;
      this.put('meta.time_since_span_start_ms', Math.max(0, since));
      if (since < 0) this.put('meta.invalid_time_since_span_start', true);
      this.putAll(event.attributes);
      this.end();
    }
    for (const link of span.links) {
      const own = this.begin(span);
      own[PARENT] = span.spanId;
      own[PARENT_NAME] = span.name;
      own[ANNOTATION] = 'link';
      if (failed) this.put('error', true);
      this.put('trace.link.trace_id', link.traceId);
      this.put('trace.link.span_id', link.spanId);
      if (link.traceState) this.put('trace.trace_state', link.traceState);
      this.putAll(link.attributes);
      this.end();
    }
  }

  get rows(): number {
    return this.batch.rows;
  }

  build(): RowBatch {
    for (const [key, seen] of this.types) {
      for (const type of typeof seen === 'string' ? [seen] : seen) this.batch.types.push(`${type} ${key}`);
    }
    return this.batch;
  }

  /** Starts a row with what span, events and links share. */
  private begin(span: Span): (string | number | null)[] {
    const row = this.row.fill(null);
    this.entries.clear();
    this.shape.length = 0;
    row[START] = span.startMs;
    row[RATE] = sampleRateOf(span.attributes, span.traceState);
    row[TRACE] = span.traceId;
    row[LIBRARY] = span.scope.name || null;
    row[LIBRARY_VERSION] = span.scope.version || null;
    this.putAll(span.resource, 'r');
    if (INSTRUMENTATION.test(span.scope.name)) this.put('telemetry.instrumentation_library', true, 'x');
    return row;
  }

  private putAll(attributes: Attributes, origin = '', prefix = '', depth = 1): void {
    for (const key in attributes) {
      const value = attributes[key];
      const name = prefix + key;
      if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth <= MAX_DEPTH) {
        this.putAll(value, origin, `${name}.`, depth + 1);
      } else this.put(name, value, origin);
    }
  }

  /** A later value replaces an earlier one of the same name, as in Honeycomb. */
  private put(key: string, value: AttributeValue | undefined, origin = ''): void {
    if (value === null || value === undefined || key === '' || MODEL_NAMES.has(key)) return;
    if ((SAMPLE_RATE_KEYS as readonly string[]).includes(key)) return;
    const promoted = PROMOTED_INDEX.get(key);
    if (promoted === undefined && this.entries.size >= MAX_FIELDS) return;
    const letter =
      typeof value === 'number'
        ? 'n'
        : typeof value === 'boolean'
          ? 'b'
          : typeof value === 'object'
            ? 'j'
            : '';
    let text = letter === '' ? (value as string) : letter === 'j' ? JSON.stringify(value) : String(value);
    if (text.length > MAX_TEXT) text = text.slice(0, MAX_TEXT);
    // A NUL ends a text in DuckDB's C interface.
    if (text.includes('\0')) text = text.replaceAll('\0', '\ufffd');
    const replaces = promoted === undefined ? this.entries.has(key) : this.row[promoted] !== null;
    if (promoted === undefined) this.entries.set(key, text);
    else this.row[promoted] = text;
    if (origin !== '' || letter !== '' || replaces) this.shape.push(`${origin}${letter} ${key}`);
    this.remember(
      key,
      letter === 'n'
        ? Number.isInteger(value)
          ? 'integer'
          : 'float'
        : letter === 'b'
          ? 'boolean'
          : 'string',
    );
  }

  private remember(key: string, type: ColumnType): void {
    const seen = this.types.get(key);
    if (seen === type) return;
    if (seen === undefined) this.types.set(key, type);
    else if (typeof seen === 'string') this.types.set(key, new Set([seen, type]));
    else seen.add(type);
  }

  private end(): void {
    const { batch, row } = this;
    row[SHAPE] = this.shape.join('\n');
    for (let i = 0; i < row.length; i++) batch.columns[i]?.push(row[i] ?? null);
    for (const [key, text] of this.entries) {
      let index = this.keyIndex.get(key);
      if (index === undefined) {
        index = batch.keys.push(key) - 1;
        this.keyIndex.set(key, index);
      }
      batch.entryKeys.push(index);
      batch.entryValues.push(text);
    }
    batch.entryCounts.push(this.entries.size);
    batch.rows++;
  }
}

/** The first exception event's attributes that the span does not have itself (husky copies them onto it). */
function exceptionAttributes(event: Attributes, span: Attributes): Attributes {
  const out: Attributes = {};
  for (const key of ['exception.type', 'exception.message', 'exception.stacktrace', 'exception.escaped']) {
    if (Object.hasOwn(event, key) && !Object.hasOwn(span, key)) out[key] = event[key] as AttributeValue;
  }
  return out;
}
