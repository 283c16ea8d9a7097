import type { Attributes, AttributeValue, Span, SpanKind, StatusCode } from '@workshop/telemetry';
import { COLUMNS, PROMOTED_ATTRIBUTES, type RowSource, type SqlRow } from '../store/index.ts';

/**
 * Rows back into spans. Attributes come back flattened (`a.b` for a nested object), as they are queried; an
 * attribute with the name of a model column (`name`, `duration_ms`) was not stored.
 */

const STATUS: readonly StatusCode[] = ['UNSET', 'OK', 'ERROR'];
const SELECT = `select ${COLUMNS.map((column) => column.sql).join(', ')}, map_keys(attrs) as attr_keys, map_values(attrs) as attr_values from spans`;
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
  const list = traceIds.map((_, index) => `$${index + 1}`).join(', ');
  const rows = await source.all(`${SELECT} where trace_id in (${list}) order by start_ms, rowid`, traceIds);
  return toSpans(rows);
}

function toSpans(rows: readonly SqlRow[]): Span[] {
  const spans: Span[] = [];
  const byId = new Map<string, Span>();
  for (const row of rows) {
    if (row.annotation_type !== null) continue;
    const span = toSpan(row);
    spans.push(span);
    byId.set(span.traceId + span.spanId, span);
  }
  for (const row of rows) {
    if (row.annotation_type === null) continue;
    const owner = byId.get(`${row.trace_id}${row.parent_id}`);
    if (!owner) continue;
    const { own, attributes } = attributesOf(row);
    if (row.annotation_type === 'span_event') {
      owner.events.push({ name: String(row.name), timeMs: Number(row.start_ms), attributes });
    } else {
      const [traceId, spanId] = [String(own['trace.link.trace_id']), String(own['trace.link.span_id'])];
      const traceState = own['trace.trace_state'] as string | undefined;
      owner.links.push({ traceId, spanId, attributes, ...(traceState ? { traceState } : {}) });
    }
  }
  return spans;
}

function toSpan(row: SqlRow): Span {
  const { own, attributes, resource } = attributesOf(row);
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

/** The row's shape says which keys came from the resource and which values were no text. */
function attributesOf(row: SqlRow): { own: Attributes; attributes: Attributes; resource: Attributes } {
  const marks = new Map<string, string>();
  for (const line of String(row.shape ?? '').split('\n')) {
    const at = line.indexOf(' ');
    if (at >= 0) marks.set(line.slice(at + 1), line.slice(0, at));
  }
  const out = { own: {} as Attributes, attributes: {} as Attributes, resource: {} as Attributes };
  const put = (key: string, text: string): void => {
    const mark = marks.get(key) ?? '';
    const target = OWN_KEYS.has(key) ? out.own : mark.startsWith('r') ? out.resource : out.attributes;
    target[key] = parse(text, mark.at(-1));
  };
  for (const column of PROMOTED_ATTRIBUTES) {
    const text = row[column.sql];
    if (typeof text === 'string') put(column.name as string, text);
  }
  const [keys, values] = [row.attr_keys as string[], row.attr_values as string[]];
  keys.forEach((key, index) => {
    put(key, values[index] as string);
  });
  return out;
}

function parse(text: string, mark: string | undefined): AttributeValue {
  if (mark === 'n') return Number(text);
  if (mark === 'b') return text === 'true';
  if (mark !== 'j') return text;
  try {
    return JSON.parse(text) as AttributeValue;
  } catch {
    return text; // cut because it was too long
  }
}
