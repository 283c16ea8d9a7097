import {
  type Attributes,
  type AttributeValue,
  type InstrumentationScope,
  type Span,
  type SpanEvent,
  type SpanLink,
  sampleRateOf,
} from '@workshop/telemetry';
import { AttributeFields } from './attribute-fields.ts';
import { BatchTexts, NO_TEXT } from './batch-texts.ts';
import { Catalogue, type CatalogueEntry } from './catalogue.ts';
import { COLUMNS, MODEL_COLUMNS, type StoredColumn } from './columns.ts';

const STATUS_CODES = { UNSET: 0, OK: 1, ERROR: 2 } as const;
/** Scopes that Honeycomb marks as instrumentation libraries. */
const INSTRUMENTATION = /^(@opentelemetry\/instrumentation|@honeycombio\/)/;
/** OTLP's span flags: bit 8 says that bit 9 (parent is remote) is meaningful. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

const at = (sql: string): number => COLUMNS.findIndex((column) => column.sql === sql);
const START = at('start_ms');
const RATE = at('sample_rate');
const FLAGS = at('flags');
const SHAPE = at('shape');
/** Position of the resource: in a batch the index into `resources`, in the table its id. */
export const RESOURCE = at('resource_id');
const TRACE = at('trace_id');
const SPAN = at('span_id');
const PARENT = at('parent_id');
const NAME = at('name');
const KIND = at('span_kind');
const DURATION = at('duration_ms');
const STATUS = at('status_code');
const MESSAGE = at('status_message');
const ANNOTATION = at('annotation_type');
const PARENT_NAME = at('parent_name');
const LIBRARY = at('library_name');
const LIBRARY_VERSION = at('library_version');
const LINKS = at('num_links');
const EVENTS = at('num_events');
const RECEIVED = at('received_ms');

/** Attributes as they are stored. */
export interface StoredAttributes {
  keys: string[];
  values: string[];
  shape: string;
}

/** What stands in a column where a row has no value. */
const MISSING = COLUMNS.map(({ storage }) => (storage === 'VARCHAR' ? NO_TEXT : Number.NaN));

const NO_ATTRIBUTES: Attributes = {};

/** What many rows share: who sent them, and the attributes of the scope that made them. */
export interface StoredResource extends StoredAttributes {
  /** all of it as one text, to recognise it by */
  identity: string;
  scope: StoredAttributes;
}

/**
 * Rows in columns, ready to cross into the worker thread and into DuckDB's vectors.
 *
 * `entryCounts` holds for each row how many map entries it has; the entries of all rows stand one after another.
 */
export interface RowBatch {
  rows: number;
  spans: number;
  /** a column of text: indexes into `texts`, or NO_TEXT; one of numbers: NaN stands for null */
  columns: (Int32Array | Float64Array)[];
  resources: StoredResource[];
  entryCounts: Int32Array;
  /** index into `texts` */
  entryKeys: Int32Array;
  entryValues: Int32Array;
  texts: string[];
  catalogue: CatalogueEntry[];
}

interface OwnResource {
  index: number;
  /** promoted attributes of resource and scope, by column position; every row of it carries them */
  promoted: [number, string][];
}

/** An event that was sent as such, and is no span: Honeycomb's own form. */
export interface WideEvent {
  timeMs: number;
  sampleRate: number;
  /** those that are called as a column of the model fill it, where their value fits */
  fields: Attributes;
  resource: Attributes;
}

const NO_SCOPE: InstrumentationScope = { name: '' };
const LARGEST_INTEGER = 2_147_483_647;

/** Turns spans into rows as Honeycomb does: one for the span, one for each of its events and links. */
export class RowBatchBuilder {
  #rows = 0;
  #spans = 0;
  readonly #texts = new BatchTexts();
  readonly #columns: number[][] = COLUMNS.map(() => []);
  readonly #lastText: (string | null)[] = COLUMNS.map(() => null);
  readonly #lastIndex: number[] = COLUMNS.map(() => NO_TEXT);
  readonly #ownResources: StoredResource[] = [];
  readonly #entryCounts: number[] = [];
  readonly #entryKeys: number[] = [];
  readonly #entryValues: number[] = [];
  readonly #receivedMs: number | null;
  readonly #catalogue = new Catalogue();
  readonly #fields = new AttributeFields(
    (key, type) => void this.#catalogue.add({ key, type, origin: 'row' }),
  );
  readonly #resources = new Map<Attributes, Map<Attributes, OwnResource>>();
  readonly #resourceByIdentity = new Map<string, OwnResource>();

  /** @param receivedMs when the lab received what is added, Unix milliseconds; null when nobody did */
  constructor(receivedMs: number | null = null) {
    this.#receivedMs = receivedMs;
  }

  add(span: Span): void {
    this.#addSpanRow(span);
    for (const event of span.events) this.#addEventRow(span, event);
    for (const link of span.links) this.#addLinkRow(span, link);
  }

  addEvent({ timeMs, sampleRate, fields, resource }: WideEvent): void {
    this.#fields.clear();
    const row = this.#fields.columns;
    this.#share(row, this.#resourceOf(resource, NO_SCOPE));
    row[START] = timeMs;
    row[RATE] = sampleRate;
    MODEL_COLUMNS.forEach(({ name, storage }, index) => {
      const value = name === undefined ? undefined : fields[name];
      if (fits(value, storage)) row[index] = value;
    });
    this.#fields.putAll(fields);
    this.#end();
  }

  get rows(): number {
    return this.#rows;
  }

  build(): RowBatch {
    return {
      rows: this.#rows,
      spans: this.#spans,
      columns: this.#columns.map((values, index) =>
        COLUMNS[index]?.storage === 'VARCHAR' ? new Int32Array(values) : new Float64Array(values),
      ),
      resources: this.#ownResources,
      entryCounts: new Int32Array(this.#entryCounts),
      entryKeys: new Int32Array(this.#entryKeys),
      entryValues: new Int32Array(this.#entryValues),
      texts: this.#texts.texts,
      catalogue: this.#catalogue.entries(),
    };
  }

  #addSpanRow(span: Span): void {
    const row = this.#begin(span);
    row[SPAN] = span.spanId;
    row[PARENT] = span.parentSpanId ?? null;
    row[NAME] = span.name;
    row[KIND] = span.kind.toLowerCase();
    row[DURATION] = Math.max(0, span.durationMs);
    row[STATUS] = STATUS_CODES[span.status.code];
    row[MESSAGE] = span.status.message || null;
    row[LINKS] = span.links.length;
    row[EVENTS] = span.events.length;
    const remote =
      span.parentIsRemote === undefined ? 0 : HAS_IS_REMOTE | (span.parentIsRemote ? IS_REMOTE : 0);
    row[FLAGS] = (span.traceFlags ?? 1) | remote;
    if (span.durationMs < 0) this.#fields.put('meta.invalid_duration', true);
    if (span.traceState) this.#fields.put('trace.trace_state', span.traceState);
    if (span.events.length > 0) {
      const exception = span.events.find((event) => event.name === 'exception');
      if (exception) this.#fields.putAll(exceptionAttributes(exception.attributes, span.attributes));
    }
    this.#fields.putAll(span.attributes);
    const { attributes, events, links } = span.dropped ?? {};
    this.#putDropped('attributes', attributes);
    this.#putDropped('events', events);
    this.#putDropped('links', links);
    this.#end();
    this.#spans++;
  }

  #addEventRow(span: Span, event: SpanEvent): void {
    const row = this.#begin(span);
    row[START] = event.timeMs;
    row[PARENT] = span.spanId;
    row[NAME] = event.name;
    row[PARENT_NAME] = span.name;
    row[ANNOTATION] = 'span_event';
    const since = event.timeMs - span.startMs;
    this.#fields.put('meta.time_since_span_start_ms', Math.max(0, since));
    if (since < 0) this.#fields.put('meta.invalid_time_since_span_start', true);
    this.#fields.putAll(event.attributes);
    this.#putDropped('attributes', event.droppedAttributes);
    this.#end();
  }

  #addLinkRow(span: Span, link: SpanLink): void {
    const row = this.#begin(span);
    row[PARENT] = span.spanId;
    row[PARENT_NAME] = span.name;
    row[ANNOTATION] = 'link';
    this.#fields.put('trace.link.trace_id', link.traceId);
    this.#fields.put('trace.link.span_id', link.spanId);
    if (link.traceState) this.#fields.put('trace.trace_state', link.traceState);
    this.#fields.putAll(link.attributes);
    this.#putDropped('attributes', link.droppedAttributes);
    this.#end();
  }

  /** Source of the names: OpenTelemetry's mapping for formats that have no such field. */
  #putDropped(what: 'attributes' | 'events' | 'links', count: number | undefined): void {
    if (count) this.#fields.put(`otel.dropped_${what}_count`, count);
  }

  /** Starts a row with what span, events and links share. */
  #begin(span: Span): (string | number | null)[] {
    this.#fields.clear();
    const row = this.#fields.columns;
    const resource = this.#resourceOf(span.resource, span.scope);
    this.#share(row, resource);
    row[START] = span.startMs;
    row[RATE] = sampleRateOf(span.attributes, span.traceState);
    row[TRACE] = span.traceId;
    row[LIBRARY] = span.scope.name || null;
    row[LIBRARY_VERSION] = span.scope.version || null;
    if (INSTRUMENTATION.test(span.scope.name)) this.#fields.put('telemetry.instrumentation_library', true);
    if (span.status.code === 'ERROR') this.#fields.put('error', true);
    return row;
  }

  /** What a row has of its resource and its arrival. */
  #share(row: (string | number | null)[], { promoted, index }: OwnResource): void {
    for (const [column, text] of promoted) row[column] = text;
    row[RESOURCE] = index;
    row[RECEIVED] = this.#receivedMs;
  }

  #end(): void {
    const fields = this.#fields;
    fields.columns[SHAPE] = fields.shape.join('\n');
    for (let i = 0; i < COLUMNS.length; i++) {
      const value = fields.columns[i] ?? null;
      const column = this.#columns[i] as number[];
      if (value === null) column.push(MISSING[i] as number);
      else column.push(typeof value === 'number' ? value : this.#textOf(i, value));
    }
    const { keys, texts } = fields;
    for (let i = 0; i < keys.length; i++) {
      this.#entryKeys.push(this.#texts.indexOf(keys[i] as string));
      this.#entryValues.push(this.#texts.indexOf(texts[i] as string));
    }
    this.#entryCounts.push(keys.length);
    this.#rows++;
  }

  #textOf(column: number, text: string): number {
    if (column === SPAN) return this.#texts.add(text);
    // Nearly always what the row before has there, and often the same object.
    if (this.#lastText[column] !== text) {
      this.#lastText[column] = text;
      this.#lastIndex[column] = this.#texts.indexOf(text);
    }
    return this.#lastIndex[column] as number;
  }

  /** Spans of one request share the objects of resource and scope; equal ones of other requests are found by their text. */
  #resourceOf(
    attributes: Attributes,
    { attributes: scope = NO_ATTRIBUTES }: InstrumentationScope,
  ): OwnResource {
    const ofResource = this.#resources.get(attributes) ?? new Map<Attributes, OwnResource>();
    this.#resources.set(attributes, ofResource);
    const known = ofResource.get(scope);
    if (known) return known;
    const resource = this.#stored(attributes, 'resource');
    const ofScope = this.#stored(scope, 'scope');
    const identity = JSON.stringify([resource.stored, ofScope.stored]);
    let own = this.#resourceByIdentity.get(identity);
    if (!own) {
      const stored = { identity, ...resource.stored, scope: ofScope.stored };
      own = {
        index: this.#ownResources.push(stored) - 1,
        promoted: [...resource.promoted, ...ofScope.promoted],
      };
      this.#resourceByIdentity.set(identity, own);
    }
    ofResource.set(scope, own);
    return own;
  }

  #stored(
    attributes: Attributes,
    origin: CatalogueEntry['origin'],
  ): { stored: StoredAttributes; promoted: OwnResource['promoted'] } {
    const fields = new AttributeFields((key, type) => void this.#catalogue.add({ key, type, origin }));
    fields.putAll(attributes);
    const promoted = fields.columns.flatMap((text, index): [number, string][] =>
      typeof text === 'string' ? [[index, text]] : [],
    );
    const all = new Map(fields.keys.map((key, at) => [key, fields.texts[at] as string]));
    for (const [index, text] of promoted) all.set(COLUMNS[index]?.name as string, text);
    const stored = { keys: [...all.keys()], values: [...all.values()], shape: fields.shape.join('\n') };
    return { stored, promoted };
  }
}

function fits(value: AttributeValue | undefined, storage: StoredColumn['storage']): value is string | number {
  if (storage === 'VARCHAR') return typeof value === 'string';
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  return storage === 'DOUBLE' || (Number.isInteger(value) && Math.abs(value) <= LARGEST_INTEGER);
}

/** The first exception event's attributes that the span does not have itself (husky copies them onto it). */
function exceptionAttributes(event: Attributes, span: Attributes): Attributes {
  const out: Attributes = {};
  for (const key of ['exception.type', 'exception.message', 'exception.stacktrace', 'exception.escaped']) {
    if (Object.hasOwn(event, key) && !Object.hasOwn(span, key)) out[key] = event[key] as AttributeValue;
  }
  return out;
}
