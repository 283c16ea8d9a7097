import type { Attributes, AttributeValue, InstrumentationScope, Span } from '../model.ts';
import { encodingOf, type OtlpEncoding } from './decode.ts';
import { HAS_IS_REMOTE, IS_REMOTE, KINDS, STATUS_CODES } from './fields.ts';
import { ExportTraceServiceRequest, ExportTraceServiceResponse, RpcStatus } from './proto.ts';

/**
 * Encodes spans as the body of an OTLP/HTTP trace request. What `decodeTraceRequest` read comes out the same,
 * but for what the model does not hold: bytes and unsafe integers stay the strings that they became.
 */
export function encodeTraceRequest(spans: Iterable<Span>, encoding: OtlpEncoding): Uint8Array {
  const request = { resourceSpans: groupSpans(spans, encoding === 'json' ? JSON_WIRE : PROTOBUF_WIRE) };
  if (encoding === 'json') return Buffer.from(JSON.stringify(request));
  return ExportTraceServiceRequest.encode(request).finish();
}

/** The answer's body, in the encoding of the request. An empty message says that every span was kept. */
export function encodeTraceResponse(
  contentType: string,
  partialSuccess?: { count: number; reason: string } | null,
): Uint8Array {
  const json = encodingOf(contentType) === 'json';
  const response = partialSuccess && {
    partialSuccess: {
      rejectedSpans: json ? String(partialSuccess.count) : partialSuccess.count,
      errorMessage: partialSuccess.reason,
    },
  };
  if (json) return Buffer.from(JSON.stringify(response ?? {}));
  return ExportTraceServiceResponse.encode(response ?? {}).finish();
}

/** A refusal's body: google.rpc.Status, as OTLP/HTTP wants it. `code` is a gRPC status code. */
export function encodeErrorStatus(contentType: string, code: number, message: string): Uint8Array {
  if (encodingOf(contentType) === 'protobuf') return RpcStatus.encode({ code, message }).finish();
  return Buffer.from(JSON.stringify({ code, message }));
}

/** What the two encodings write differently. */
interface Wire {
  id(hex: string): unknown;
  time(nanoseconds: bigint): unknown;
  integer(value: number): unknown;
  double(value: number): unknown;
}

const PROTOBUF_WIRE: Wire = {
  id: (hex) => Buffer.from(hex, 'hex'),
  time: (nanoseconds) => ({
    low: Number(nanoseconds & 0xffffffffn) | 0,
    high: Number(nanoseconds >> 32n) | 0,
    unsigned: true,
  }),
  integer: (value) => value,
  double: (value) => value,
};

const JSON_WIRE: Wire = {
  id: (hex) => hex,
  time: (nanoseconds) => nanoseconds.toString(),
  integer: (value) => String(value),
  double: (value) => (Number.isFinite(value) ? value : String(value)),
};

function groupSpans(spans: Iterable<Span>, wire: Wire): object[] {
  const byResource = new Map<Attributes, Map<string, { scope: InstrumentationScope; spans: object[] }>>();
  for (const span of spans) {
    let scopes = byResource.get(span.resource);
    if (!scopes) {
      scopes = new Map();
      byResource.set(span.resource, scopes);
    }
    const key = JSON.stringify([span.scope.name, span.scope.version]);
    let group = scopes.get(key);
    if (!group) {
      group = { scope: span.scope, spans: [] };
      scopes.set(key, group);
    }
    group.spans.push(spanMessage(span, wire));
  }
  return [...byResource].map(([resource, scopes]) => ({
    resource: { attributes: keyValues(resource, wire) },
    scopeSpans: [...scopes.values()],
  }));
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
    })),
    links: span.links.map((link) => ({
      traceId: wire.id(link.traceId),
      spanId: wire.id(link.spanId),
      attributes: keyValues(link.attributes, wire),
      ...(link.traceState && { traceState: link.traceState }),
    })),
    status: {
      code: STATUS_CODES.indexOf(span.status.code),
      ...(span.status.message && { message: span.status.message }),
    },
  };
  if (span.parentSpanId) message.parentSpanId = wire.id(span.parentSpanId);
  if (span.traceState) message.traceState = span.traceState;
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
