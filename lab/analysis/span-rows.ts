import {
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanKind,
  type StatusCode,
  setAttribute,
} from '@workshop/telemetry';
import { DIALECT } from '../query/dialect/index.ts';
import { Parameters } from '../query/statement.ts';
import { COLUMNS, PROMOTED_ATTRIBUTES, type RowSource, type SqlRow } from '../store/index.ts';

/**
 * Rows back into spans. Attributes come back flattened (`a.b` for a nested object), as they are queried; an
 * attribute with the name of a model column (`name`, `duration_ms`) was not stored.
 */

const STATUS: readonly StatusCode[] = ['UNSET', 'OK', 'ERROR'];
const SELECT = `select ${COLUMNS.map((column) => column.sql).join(', ')}, ${DIALECT.keysOf('attrs')} as attr_keys, ${DIALECT.valuesOf('attrs')} as attr_values from spans`;
const SELECT_RESOURCES = `select id, shape, ${DIALECT.keysOf('attrs')} as keys, ${DIALECT.valuesOf('attrs')} as "values" from resources`;
/** Written by the store itself, not by the sender. */
const OWN_KEYS = new Set([
  'meta.invalid_duration',
  'meta.time_since_span_start_ms',
  'meta.invalid_time_since_span_start',
  'trace.trace_state',
  'trace.link.trace_id',
  'trace.link.span_id',
  'telemetry.instrumentation_library',
]);

/** The spans of the given traces, each with its events and links; oldest first. */
export async function readSpans(source: RowSource, traceIds: readonly string[]): Promise<Span[]> {
  if (traceIds.length === 0) return [];
  const rows = await rowsAmong(source, SELECT, 'trace_id', traceIds, `start_ms, ${DIALECT.storedOrder()}`);
  const ids = [...new Set(rows.map((row) => row.resource_id as number))];
  if (ids.length === 0) return [];
  const resources = await rowsAmong(source, SELECT_RESOURCES, 'id', ids, 'id');
  return toSpans(rows, new Map(resources.map((row) => [row.id as number, row])));
}

/** The rows whose column has one of these values. */
async function rowsAmong(
  source: RowSource,
  select: string,
  column: string,
  values: readonly (string | number)[],
  order: string,
): Promise<SqlRow[]> {
  const parameters = new Parameters(DIALECT);
  const list = values.map((value) => parameters.add(value)).join(', ');
  return source.all(`${select} where ${column} in (${list}) order by ${order}`, parameters.values);
}

function toSpans(rows: readonly SqlRow[], resourceRows: ReadonlyMap<number, SqlRow>): Span[] {
  const spans: Span[] = [];
  const byId = new Map<string, Span>();
  for (const row of rows) {
    if (row.annotation_type !== null) continue;
    const span = toSpan(row, resourceRows.get(row.resource_id as number));
    spans.push(span);
    byId.set(span.traceId + span.spanId, span);
  }
  for (const row of rows) {
    if (row.annotation_type === null) continue;
    const owner = byId.get(`${row.trace_id}${row.parent_id}`);
    if (!owner) continue;
    const { own, attributes } = attributesOf(row, resourceRows.get(row.resource_id as number));
    // The store marked it, since its span failed.
    if (owner.status.code === 'ERROR' && attributes.error === true) delete attributes.error;
    if (row.annotation_type === 'span_event') {
      if (row.name === 'exception') removeCopies(owner, attributes);
      owner.events.push({ name: String(row.name), timeMs: Number(row.start_ms), attributes });
    } else {
      const [traceId, spanId] = [String(own['trace.link.trace_id']), String(own['trace.link.span_id'])];
      const traceState = own['trace.trace_state'] as string | undefined;
      owner.links.push({ traceId, spanId, attributes, ...(traceState ? { traceState } : {}) });
    }
  }
  return spans;
}

/** The store copies an exception's attributes onto its span, for queries. The sender did not. */
function removeCopies(owner: Span, exception: Attributes): void {
  if (owner.events.some((event) => event.name === 'exception')) return;
  for (const [key, value] of Object.entries(exception))
    if (key.startsWith('exception.') && owner.attributes[key] === value) delete owner.attributes[key];
}

function toSpan(row: SqlRow, resourceRow: SqlRow | undefined): Span {
  const { own, attributes, resource } = attributesOf(row, resourceRow);
  const failed = row.status_code === 2;
  if (failed && row.error === 'true') delete attributes.error;
  const flags = Number(row.flags ?? 1);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
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
    resource,
    scope: { name: text(row.library_name) ?? '', version: text(row.library_version) },
  };
}

/**
 * A row's attributes with their types again. A promoted column without a line in the shape has the resource's
 * value, if the resource has one.
 */
function attributesOf(
  row: SqlRow,
  resourceRow: SqlRow | undefined,
): { own: Attributes; attributes: Attributes; resource: Attributes } {
  const resource: Attributes = {};
  const [resourceKeys, resourceValues] = [
    (resourceRow?.keys ?? []) as string[],
    (resourceRow?.values ?? []) as string[],
  ];
  const resourceLetters = lettersOf(resourceRow);
  resourceKeys.forEach((key, index) => {
    setAttribute(resource, key, parse(resourceValues[index] as string, resourceLetters.get(key)));
  });
  const letters = lettersOf(row);
  const [own, attributes]: [Attributes, Attributes] = [{}, {}];
  for (const column of PROMOTED_ATTRIBUTES) {
    const [key, text] = [column.name as string, row[column.sql]];
    if (typeof text !== 'string' || (Object.hasOwn(resource, key) && !letters.has(key))) continue;
    attributes[key] = parse(text, letters.get(key));
  }
  const [keys, values] = [row.attr_keys as string[], row.attr_values as string[]];
  keys.forEach((key, index) => {
    setAttribute(OWN_KEYS.has(key) ? own : attributes, key, parse(values[index] as string, letters.get(key)));
  });
  return { own, attributes, resource };
}

/** The shape's lines, "letter key". */
function lettersOf(row: SqlRow | undefined): Map<string, string> {
  const letters = new Map<string, string>();
  for (const line of String(row?.shape ?? '').split('\n')) {
    const at = line.indexOf(' ');
    if (at >= 0) letters.set(line.slice(at + 1), line.slice(0, at));
  }
  return letters;
}

function parse(text: string, letter: string | undefined): AttributeValue {
  if (letter === 'n') return Number(text);
  if (letter === 'b') return text === 'true';
  if (letter !== 'j') return text;
  try {
    return JSON.parse(text) as AttributeValue;
  } catch {
    return text; // cut because it was too long
  }
}
