import type { Attributes, AttributeValue, InstrumentationScope, Span } from '../model.ts';
import { HAS_IS_REMOTE, IS_REMOTE, KINDS, STATUS_CODES } from './fields.ts';

/** The messages of an OTLP trace request, as plain objects; how numbers and ids are written is the encoding's to say. */

/** What the two encodings write differently. */
export interface Wire {
  id(hex: string): unknown;
  time(nanoseconds: bigint): unknown;
  integer(value: number): unknown;
  double(value: number): unknown;
}

export const JSON_WIRE: Wire = {
  id: (hex) => hex,
  time: (nanoseconds) => nanoseconds.toString(),
  integer: (value) => String(value),
  double: (value) => (Number.isFinite(value) ? value : String(value)),
};

/** An ExportTraceServiceRequest. */
export function requestMessage(spans: Iterable<Span>, wire: Wire): { resourceSpans: object[] } {
  return { resourceSpans: groupSpans(spans, wire) };
}

function groupSpans(spans: Iterable<Span>, wire: Wire): object[] {
  const byResource = new Map<Attributes, Map<string, { scope: object; spans: object[] }>>();
  for (const span of spans) {
    let scopes = byResource.get(span.resource);
    if (!scopes) {
      scopes = new Map();
      byResource.set(span.resource, scopes);
    }
    const key = JSON.stringify(span.scope);
    let group = scopes.get(key);
    if (!group) {
      group = { scope: scopeMessage(span.scope, wire), spans: [] };
      scopes.set(key, group);
    }
    group.spans.push(spanMessage(span, wire));
  }
  return [...byResource].map(([resource, scopes]) => ({
    resource: { attributes: keyValues(resource, wire) },
    scopeSpans: [...scopes.values()],
  }));
}

function scopeMessage({ name, version, attributes }: InstrumentationScope, wire: Wire): object {
  return {
    name,
    ...(version && { version }),
    ...(attributes && { attributes: keyValues(attributes, wire) }),
  };
}

function spanMessage(span: Span, wire: Wire): object {
  const start = nanosecondsOf(span.startMs);
  const message: { [field: string]: unknown } = {
    traceId: wire.id(span.traceId),
    spanId: wire.id(span.spanId),
    name: span.name,
    // Number 0 is "unspecified"; the model has no such kind.
    kind: KINDS.lastIndexOf(span.kind),
    startTimeUnixNano: wire.time(start),
    endTimeUnixNano: wire.time(start + BigInt(Math.round(span.durationMs * 1e6))),
    attributes: keyValues(span.attributes, wire),
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: wire.time(nanosecondsOf(event.timeMs)),
      attributes: keyValues(event.attributes, wire),
      ...(event.droppedAttributes && { droppedAttributesCount: event.droppedAttributes }),
    })),
    links: span.links.map((link) => ({
      traceId: wire.id(link.traceId),
      spanId: wire.id(link.spanId),
      attributes: keyValues(link.attributes, wire),
      ...(link.traceState && { traceState: link.traceState }),
      ...(link.droppedAttributes && { droppedAttributesCount: link.droppedAttributes }),
    })),
    status: {
      code: STATUS_CODES.indexOf(span.status.code),
      ...(span.status.message && { message: span.status.message }),
    },
  };
  if (span.parentSpanId) message.parentSpanId = wire.id(span.parentSpanId);
  if (span.traceState) message.traceState = span.traceState;
  const { attributes, events, links } = span.dropped ?? {};
  if (attributes) message.droppedAttributesCount = attributes;
  if (events) message.droppedEventsCount = events;
  if (links) message.droppedLinksCount = links;
  const flags = flagsOf(span);
  if (flags) message.flags = flags;
  return message;
}

function flagsOf(span: Span): number {
  const flags = span.traceFlags ?? 0;
  if (span.parentIsRemote === undefined) return flags;
  return flags | HAS_IS_REMOTE | (span.parentIsRemote ? IS_REMOTE : 0);
}

function nanosecondsOf(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}

function keyValues(attributes: Attributes, wire: Wire): object[] {
  return Object.keys(attributes).map((key) => ({ key, value: anyValue(attributes[key]!, wire) }));
}

function anyValue(value: AttributeValue, wire: Wire): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value)
      ? { intValue: wire.integer(value) }
      : { doubleValue: wire.double(value) };
  if (value === null || value === undefined) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map((each) => anyValue(each, wire)) } };
  return { kvlistValue: { values: keyValues(value, wire) } };
}
