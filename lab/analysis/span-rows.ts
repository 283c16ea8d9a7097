import {
  type Attributes,
  type AttributeValue,
  type InstrumentationScope,
  type Span,
  type SpanKind,
  type StatusCode,
  setAttribute,
} from '@workshop/telemetry';
import { Parameters } from '../query/statement.ts';
import { COLUMNS, PROMOTED_ATTRIBUTES } from '../store/columns.ts';
import type { RowSource, TimeWindow } from '../store/index.ts';

/**
 * Rows back into spans. Attributes come back flattened (`a.b` for a nested object), as they are queried; an
 * attribute with the name of a model column (`name`, `duration_ms`) was not stored.
 *
 * Each row comes as one text of JSON: made by the database and read here, a trace of thousands of spans takes a quarter
 * of the time that it takes value by value.
 */

const STATUS: readonly StatusCode[] = ['UNSET', 'OK', 'ERROR'];
const ROW = [...COLUMNS.map((column) => column.sql), 'attrs'];
const RESOURCE = ['id', 'shape', 'attrs', 'scope_shape', 'scope_attrs'];
/** Written by the store itself, not by the sender. */
const OWN_KEYS = new Set([
  'meta.invalid_duration',
  'meta.time_since_span_start_ms',
  'meta.invalid_time_since_span_start',
  'trace.trace_state',
  'trace.link.trace_id',
  'trace.link.span_id',
  'telemetry.instrumentation_library',
  'otel.dropped_attributes_count',
  'otel.dropped_events_count',
  'otel.dropped_links_count',
]);

type Texts = Record<string, string>;
type Row = Record<string, string | number | null> & { attrs: Texts; own: Texts | null };
interface ResourceRow {
  id: number;
  shape: string;
  attrs: Texts;
  scope_shape: string;
  scope_attrs: Texts;
}

/** What rows share, once for all of them. */
interface Shared {
  resource: Attributes;
  ofScope: Attributes;
  scopes: Map<string, InstrumentationScope>;
}

/** The spans of the given traces, each with its events and links; oldest first. */
export async function readSpans(source: RowSource, traceIds: readonly string[]): Promise<Span[]> {
  if (traceIds.length === 0) return [];
  const order = source.dialect.storedOrder();
  const { where, within } = await rangeOf(source, traceIds);
  const among = { key: 'trace_id', values: traceIds, where, within };
  const columns = { ...named(ROW), own: source.dialect.ownEntries() };
  const rows = await rowsOf<Row>(source, 'spans', columns, { ...among, order: `start_ms, ${order}` });
  const ids = [...new Set(rows.map((row) => row.resource_id as number))];
  if (ids.length === 0) return [];
  const resources = await rowsOf<ResourceRow>(source, source.dialect.sharedOf(where), named(RESOURCE), {
    key: 'id',
    values: ids,
    where: 'true',
    within,
    order: 'id',
  });
  return new SpanReader(resources).spans(rows);
}

interface Range {
  where: string;
  within: TimeWindow | undefined;
}

/** Where the rows of traces lie, by the stored order: nothing else need be read for their attributes. */
async function rangeOf(source: RowSource, traceIds: readonly string[]): Promise<Range> {
  const { dialect } = source;
  const order = dialect.storedOrder();
  const parameters = new Parameters(dialect);
  const ids = traceIds.map((id) => parameters.add(id)).join(', ');
  const [row] = await source.all(
    `select ${dialect.minimum(order)} as first, ${dialect.maximum(order)} as last from spans where trace_id in (${ids})`,
    parameters.values,
  );
  const { first = null, last = null } = (row ?? {}) as { first?: number | null; last?: number | null };
  if (first === null || last === null) return { where: 'false', within: undefined };
  const [fromMs, toMs] = [dialect.timeOfPlace(first), dialect.timeOfPlace(last)];
  const within: TimeWindow | undefined = fromMs === null || toMs === null ? undefined : [fromMs, toMs + 1];
  return { where: `${order} between ${first} and ${last}`, within };
}

/** Columns by their own names. */
function named(columns: readonly string[]): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column, column]));
}

/**
 * The rows whose key has one of these values, and for which a condition is true.
 * @param columns what is read, by the name that it gets
 */
async function rowsOf<T>(
  source: RowSource,
  table: string,
  columns: Readonly<Record<string, string>>,
  among: Range & { key: string; values: readonly (string | number)[]; order: string },
): Promise<T[]> {
  const parameters = new Parameters(source.dialect);
  const list = among.values.map((value) => parameters.add(value)).join(', ');
  const rows = await source.all(
    `select ${source.dialect.asJson(Object.values(columns))} as row from ${table}
     where ${among.where} and ${among.key} in (${list}) order by ${among.order}`,
    parameters.values,
    among.within,
  );
  const names = Object.keys(columns);
  return rows.map(({ row }) => {
    const values = JSON.parse(row as string) as unknown[];
    const read: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) read[names[i] as string] = values[i];
    return read as T;
  });
}

class SpanReader {
  readonly #shared = new Map<number, Shared>();
  readonly #letters = new Map<string, ReadonlyMap<string, string>>();

  constructor(resources: readonly ResourceRow[]) {
    for (const row of resources)
      this.#shared.set(row.id, {
        resource: this.#typed(row.attrs, row.shape),
        ofScope: this.#typed(row.scope_attrs, row.scope_shape),
        scopes: new Map(),
      });
  }

  spans(rows: readonly Row[]): Span[] {
    const spans: Span[] = [];
    const byId = new Map<string, Span>();
    for (const row of rows) {
      if (row.annotation_type !== null) continue;
      const span = this.#span(row);
      spans.push(span);
      byId.set(span.traceId + span.spanId, span);
    }
    for (const row of rows) {
      const owner = row.annotation_type === null ? undefined : byId.get(`${row.trace_id}${row.parent_id}`);
      if (owner) this.#annotate(owner, row);
    }
    return spans;
  }

  #span(row: Row): Span {
    const { own, attributes } = this.#attributesOf(row);
    const shared = this.#sharedOf(row);
    if (row.status_code === 2 && row.error === 'true') delete attributes.error;
    const flags = Number(row.flags ?? 1);
    const dropped = droppedOf(own);
    return {
      traceId: String(row.trace_id),
      spanId: String(row.span_id),
      parentSpanId: text(row.parent_id),
      parentIsRemote: flags & 0x100 ? (flags & 0x200) !== 0 : undefined,
      traceState: text(own['trace.trace_state']),
      traceFlags: flags & 0xff,
      name: String(row.name),
      kind: String(row.span_kind).toUpperCase() as SpanKind,
      startMs: Number(row.start_ms),
      durationMs: Number(row.duration_ms),
      status: { code: STATUS[Number(row.status_code)] ?? 'UNSET', message: text(row.status_message) },
      attributes,
      events: [],
      links: [],
      ...(dropped && { dropped }),
      resource: shared.resource,
      scope: scopeOf(row, shared),
    };
  }

  /** Adds an event or a link to its span. */
  #annotate(owner: Span, row: Row): void {
    const { own, attributes } = this.#attributesOf(row);
    // The store marked it, since its span failed.
    if (owner.status.code === 'ERROR' && attributes.error === true) delete attributes.error;
    const droppedAttributes = own['otel.dropped_attributes_count'] as number | undefined;
    const more = droppedAttributes ? { droppedAttributes } : {};
    if (row.annotation_type === 'span_event') {
      if (row.name === 'exception') removeCopies(owner, attributes);
      owner.events.push({ name: String(row.name), timeMs: Number(row.start_ms), attributes, ...more });
    } else {
      const [traceId, spanId] = [String(own['trace.link.trace_id']), String(own['trace.link.span_id'])];
      const traceState = text(own['trace.trace_state']);
      owner.links.push({ traceId, spanId, attributes, ...(traceState && { traceState }), ...more });
    }
  }

  #sharedOf(row: Row): Shared {
    const id = row.resource_id as number;
    const shared = this.#shared.get(id) ?? { resource: {}, ofScope: {}, scopes: new Map() };
    this.#shared.set(id, shared);
    return shared;
  }

  /**
   * A row's attributes with their types again. A promoted column without a line in the shape has the value of the
   * scope or the resource, if one of them has one.
   */
  #attributesOf(row: Row): { own: Attributes; attributes: Attributes } {
    const { resource, ofScope } = this.#sharedOf(row);
    const letters = this.#lettersOf(String(row.shape ?? ''));
    const [own, attributes]: [Attributes, Attributes] = [{}, {}];
    for (const { name = '', sql } of PROMOTED_ATTRIBUTES) {
      const value = row[sql];
      if (typeof value !== 'string') continue;
      const isShared = Object.hasOwn(resource, name) || Object.hasOwn(ofScope, name);
      if (!isShared || letters.has(name)) attributes[name] = parse(value, letters.get(name));
    }
    for (const [key, value] of Object.entries(row.attrs))
      setAttribute(OWN_KEYS.has(key) ? own : attributes, key, parse(value, letters.get(key)));
    // Where the store says them beside the row's own attributes they are texts.
    for (const [key, value] of Object.entries(row.own ?? {})) if (OWN_KEYS.has(key)) own[key] = value;
    return { own, attributes };
  }

  #typed(texts: Texts, shape: string): Attributes {
    const letters = this.#lettersOf(shape);
    const attributes: Attributes = {};
    for (const [key, value] of Object.entries(texts))
      setAttribute(attributes, key, parse(value, letters.get(key)));
    return attributes;
  }

  /** The shape's lines, "letter key". Most rows have one of a few shapes. */
  #lettersOf(shape: string): ReadonlyMap<string, string> {
    const known = this.#letters.get(shape);
    if (known) return known;
    const letters = new Map<string, string>();
    for (const line of shape.split('\n')) {
      const at = line.indexOf(' ');
      if (at >= 0) letters.set(line.slice(at + 1), line.slice(0, at));
    }
    this.#letters.set(shape, letters);
    return letters;
  }
}

/** Spans of one scope share its object. */
function scopeOf(row: Row, { ofScope, scopes }: Shared): InstrumentationScope {
  const [name, version] = [text(row.library_name) ?? '', text(row.library_version)];
  const key = JSON.stringify([name, version]);
  const known = scopes.get(key);
  if (known) return known;
  const scope: InstrumentationScope = { name, version };
  if (Object.keys(ofScope).length > 0) scope.attributes = ofScope;
  scopes.set(key, scope);
  return scope;
}

function droppedOf(own: Attributes): Span['dropped'] {
  const counts = (['attributes', 'events', 'links'] as const).flatMap((what) => {
    const count = own[`otel.dropped_${what}_count`];
    return typeof count === 'number' ? [[what, count]] : [];
  });
  return counts.length > 0 ? Object.fromEntries(counts) : undefined;
}

/** The store copies an exception's attributes onto its span, for queries. The sender did not. */
function removeCopies(owner: Span, exception: Attributes): void {
  if (owner.events.some((event) => event.name === 'exception')) return;
  for (const [key, value] of Object.entries(exception))
    if (key.startsWith('exception.') && owner.attributes[key] === value) delete owner.attributes[key];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parse(value: string, letter: string | undefined): AttributeValue {
  if (letter === 'n') return Number(value);
  if (letter === 'b') return value === 'true';
  if (letter !== 'j') return value;
  try {
    return JSON.parse(value) as AttributeValue;
  } catch {
    return value; // cut because it was too long
  }
}
