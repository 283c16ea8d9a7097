import type { AttributeValue, Span } from '@workshop/telemetry/pure';

/** One row as a query sees it: a span, or one of its events or links (they are rows of their own in Honeycomb). */
export interface Row {
  type: 'span' | 'event' | 'link';
  timeMs: number;
  name: string;
  service: string;
  traceId: string;
  /** of an event or link: the id of its span */
  parentId: string | null;
  /** null on events and links */
  kind: Span['kind'] | null;
  durationMs: number | null;
  userId: string | null;
  failed: boolean;
  attributes: Readonly<Record<string, AttributeValue>>;
}

/** Every row of these spans, in order. */
export function rowsOf(spans: readonly Span[]): Row[] {
  return spans.flatMap((span) => {
    const base = {
      service: String(span.resource['service.name']),
      traceId: span.traceId,
      failed: span.status.code === 'ERROR',
    };
    const own: Row = {
      ...base,
      type: 'span',
      timeMs: span.startMs,
      name: span.name,
      parentId: span.parentSpanId ?? null,
      kind: span.kind,
      durationMs: span.durationMs,
      userId: userOf(span.attributes),
      attributes: span.attributes,
    };
    const below = { ...base, parentId: span.spanId, kind: null, durationMs: null };
    const events = span.events.map(
      (event): Row => ({
        ...below,
        type: 'event',
        timeMs: event.timeMs,
        name: event.name,
        userId: userOf(event.attributes),
        attributes: event.attributes,
      }),
    );
    const links = span.links.map(
      (link): Row => ({
        ...below,
        type: 'link',
        timeMs: span.startMs,
        name: '',
        userId: userOf(link.attributes),
        attributes: link.attributes,
      }),
    );
    return [own, ...events, ...links];
  });
}

/** A number that a row carries under this name, or null. */
export function attributeOf(row: Row, name: string): number | null {
  const value = row.attributes[name];
  return typeof value === 'number' ? value : null;
}

function userOf(attributes: Span['attributes']): string | null {
  const value = attributes['user.id'];
  return typeof value === 'string' ? value : null;
}
