import type { Attributes, Span } from '@workshop/telemetry';
import type { Row, Value } from './oracle-values.ts';

/** The rows of a span, its events and its links; `kinds` remembers with which types each attribute came. */
export function rowsOf(span: Span, kinds: Map<string, Set<string>>): Row[] {
  const rows: Row[] = [];
  const shared = (): Map<string, Value> => {
    const fields = new Map<string, Value>([
      ['trace.trace_id', span.traceId],
      ['meta.signal_type', 'trace'],
    ]);
    if (span.scope.name) fields.set('library.name', span.scope.name);
    if (span.scope.version) fields.set('library.version', span.scope.version);
    addAttributes(kinds, fields, span.resource);
    addAttributes(kinds, fields, { is_root: false });
    if (span.status.code === 'ERROR') addAttributes(kinds, fields, { error: true });
    return fields;
  };
  const weight = typeof span.attributes.sampleRate === 'number' ? Math.max(1, span.attributes.sampleRate) : 1;
  const fields = shared();
  fields.set('trace.span_id', span.spanId);
  if (span.parentSpanId !== undefined) fields.set('trace.parent_id', span.parentSpanId);
  fields.set('name', span.name);
  fields.set('type', span.kind.toLowerCase());
  fields.set('span.kind', span.kind.toLowerCase());
  fields.set('duration_ms', span.durationMs);
  fields.set('status_code', ['UNSET', 'OK', 'ERROR'].indexOf(span.status.code));
  if (span.status.message) fields.set('status_message', span.status.message);
  fields.set('span.num_links', span.links.length);
  fields.set('span.num_events', span.events.length);
  addAttributes(kinds, fields, span.attributes);
  fields.set('is_root', span.parentSpanId === undefined);
  rows.push({ time: span.startMs, end: span.startMs + span.durationMs, weight, fields });
  for (const event of span.events) {
    const own = shared();
    own.set('trace.parent_id', span.spanId);
    own.set('name', event.name);
    own.set('parent_name', span.name);
    own.set('meta.annotation_type', 'span_event');
    addAttributes(kinds, own, {
      'meta.time_since_span_start_ms': event.timeMs - span.startMs,
      ...event.attributes,
    });
    rows.push({ time: event.timeMs, end: null, weight, fields: own });
  }
  for (const link of span.links) {
    const own = shared();
    own.set('trace.parent_id', span.spanId);
    own.set('parent_name', span.name);
    own.set('meta.annotation_type', 'link');
    addAttributes(kinds, own, {
      'trace.link.trace_id': link.traceId,
      'trace.link.span_id': link.spanId,
      ...link.attributes,
    });
    rows.push({ time: span.startMs, end: null, weight, fields: own });
  }
  return rows;
}

function addAttributes(
  kinds: Map<string, Set<string>>,
  fields: Map<string, Value>,
  attributes: Attributes,
): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'sampleRate' || value === null) continue;
    const plain = typeof value === 'object' ? JSON.stringify(value) : value;
    fields.set(key, plain);
    const known = kinds.get(key) ?? new Set();
    kinds.set(key, known.add(typeof plain));
  }
}
