import type { Attributes, AttributeValue, InstrumentationScope, Span } from '../model.ts';
import { MAX_VALUE_DEPTH, OtlpDecodeError, tooDeep } from './errors.ts';
import {
  durationOf,
  HAS_IS_REMOTE,
  IS_REMOTE,
  idFault,
  isNoParent,
  KINDS,
  millisecondsOf,
  type Rejections,
  STATUS_CODES,
  setAttribute,
  TRACE_FLAGS_MASK,
} from './fields.ts';
import { ExportTraceServiceRequest, Reader } from './proto.ts';

// What protobufjs makes of the messages in proto.ts. Fields that were not sent are on the prototype with their defaults.
interface Long {
  low: number;
  high: number;
}
interface AnyValueMessage {
  stringValue: string;
  boolValue: boolean;
  intValue: Long;
  doubleValue: number;
  arrayValue: { values: AnyValueMessage[] };
  kvlistValue: { values: KeyValueMessage[] };
  bytesValue: Buffer;
}
interface KeyValueMessage {
  key: string;
  value: AnyValueMessage | null;
}
interface SpanMessage {
  traceId: Buffer;
  spanId: Buffer;
  traceState: string;
  parentSpanId: Buffer;
  name: string;
  kind: number;
  startTimeUnixNano: Long;
  endTimeUnixNano: Long;
  attributes: KeyValueMessage[];
  events: { timeUnixNano: Long; name: string; attributes: KeyValueMessage[] }[];
  links: { traceId: Buffer; spanId: Buffer; traceState: string; attributes: KeyValueMessage[] }[];
  status: { message: string; code: number } | null;
  flags: number;
}
interface RequestMessage {
  resourceSpans: {
    resource: { attributes: KeyValueMessage[] } | null;
    scopeSpans: { scope: { name: string; version: string } | null; spans: SpanMessage[] }[];
  }[];
}

/** Reads an ExportTraceServiceRequest in protobuf. Spans of one resource share its object, those of one scope too. */
export function decodeProtobuf(body: Uint8Array, rejections: Rejections): Span[] {
  const request = parse(body);
  const spans: Span[] = [];
  for (const resourceSpans of request.resourceSpans) {
    const resource = attributesOf(resourceSpans.resource?.attributes ?? [], 0);
    for (const scopeSpans of resourceSpans.scopeSpans) {
      const scope: InstrumentationScope = { name: scopeSpans.scope?.name ?? '' };
      if (scopeSpans.scope?.version) scope.version = scopeSpans.scope.version;
      for (const message of scopeSpans.spans) {
        const span = spanOf(message, resource, scope, rejections);
        if (span) spans.push(span);
      }
    }
  }
  return spans;
}

function parse(body: Uint8Array): RequestMessage {
  const reader = Reader.create(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  reader.discardUnknown = true;
  try {
    return ExportTraceServiceRequest.decode(reader) as unknown as RequestMessage;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new OtlpDecodeError(`The body is not an OTLP trace request in protobuf: ${detail}.`);
  }
}

function spanOf(
  message: SpanMessage,
  resource: Attributes,
  scope: InstrumentationScope,
  rejections: Rejections,
): Span | null {
  const traceId = hex(message.traceId);
  const spanId = hex(message.spanId);
  const parentSpanId = hex(message.parentSpanId);
  const fault = idFault(traceId, spanId, parentSpanId);
  if (fault) {
    rejections.add(fault);
    return null;
  }
  const start = message.startTimeUnixNano;
  const end = message.endTimeUnixNano;
  const startHigh = start.high >>> 0;
  const startLow = start.low >>> 0;
  const span: Span = {
    traceId,
    spanId,
    name: message.name,
    kind: KINDS[message.kind] ?? 'INTERNAL',
    startMs: millisecondsOf(startHigh, startLow),
    durationMs: durationOf(startHigh, startLow, end.high >>> 0, end.low >>> 0),
    status: { code: STATUS_CODES[message.status?.code ?? 0] ?? 'UNSET' },
    attributes: attributesOf(message.attributes, 0),
    events: message.events.map((event) => ({
      name: event.name,
      timeMs: millisecondsOf(event.timeUnixNano.high >>> 0, event.timeUnixNano.low >>> 0),
      attributes: attributesOf(event.attributes, 0),
    })),
    links: message.links.map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: attributesOf(link.attributes, 0),
      ...(link.traceState && { traceState: link.traceState }),
    })),
    resource,
    scope,
  };
  if (message.status?.message) span.status.message = message.status.message;
  if (!isNoParent(parentSpanId)) span.parentSpanId = parentSpanId;
  if (message.traceState) span.traceState = message.traceState;
  if (message.flags) {
    span.traceFlags = message.flags & TRACE_FLAGS_MASK;
    if (message.flags & HAS_IS_REMOTE) span.parentIsRemote = (message.flags & IS_REMOTE) !== 0;
  }
  return span;
}

function hex(bytes: Buffer): string {
  // The default of a field that was not sent is an empty array, not a buffer.
  return bytes.length === 0 ? '' : bytes.toString('hex');
}

function attributesOf(list: KeyValueMessage[], depth: number): Attributes {
  const attributes: Attributes = {};
  for (const entry of list) setAttribute(attributes, entry.key, readValue(entry.value, depth));
  return attributes;
}

function readValue(value: AnyValueMessage | null, depth: number): AttributeValue {
  if (value === null) return null;
  if (Object.hasOwn(value, 'stringValue')) return value.stringValue;
  if (Object.hasOwn(value, 'intValue')) return integerOf(value.intValue);
  if (Object.hasOwn(value, 'boolValue')) return value.boolValue;
  if (Object.hasOwn(value, 'doubleValue')) return value.doubleValue;
  if (depth >= MAX_VALUE_DEPTH) throw tooDeep();
  if (Object.hasOwn(value, 'arrayValue'))
    return value.arrayValue.values.map((each) => readValue(each, depth + 1));
  if (Object.hasOwn(value, 'kvlistValue')) return attributesOf(value.kvlistValue.values, depth + 1);
  if (Object.hasOwn(value, 'bytesValue')) return Buffer.from(value.bytesValue).toString('base64');
  return null;
}

function integerOf(value: Long): AttributeValue {
  const number = value.high * 4294967296 + (value.low >>> 0);
  if (Number.isSafeInteger(number)) return number;
  return ((BigInt(value.high) << 32n) | BigInt(value.low >>> 0)).toString();
}
