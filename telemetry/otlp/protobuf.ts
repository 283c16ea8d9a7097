import type { Attributes, AttributeValue, InstrumentationScope, Span } from '../model.ts';
import { MAX_VALUE_DEPTH, OtlpDecodeError, tooDeep } from './errors.ts';
import {
  droppedCounts,
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
import { Reader, Resource, InstrumentationScope as ScopeMessage, Span as SpanType } from './proto.ts';

type WireReader = ReturnType<typeof Reader.create>;

/** The wire type of embedded messages, strings and bytes. */
const EMBEDDED = 2;

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
interface EventMessage {
  timeUnixNano: Long;
  name: string;
  attributes: KeyValueMessage[];
  droppedAttributesCount: number;
}
interface LinkMessage {
  traceId: Buffer;
  spanId: Buffer;
  traceState: string;
  attributes: KeyValueMessage[];
  droppedAttributesCount: number;
}
interface ScopeFields {
  name: string;
  version: string;
  attributes: KeyValueMessage[];
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
  droppedAttributesCount: number;
  events: EventMessage[];
  droppedEventsCount: number;
  links: LinkMessage[];
  droppedLinksCount: number;
  status: { message: string; code: number } | null;
  flags: number;
}

/**
 * Reads an ExportTraceServiceRequest in protobuf. Spans of one resource share its object, those of one scope too.
 *
 * The three outer messages are walked here and protobufjs decodes one span at a time: decoded as a whole, a hostile
 * body of 16 MiB became 1.7 GB of small messages.
 */
export function decodeProtobuf(body: Uint8Array, rejections: Rejections): Span[] {
  const reader = Reader.create(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  reader.discardUnknown = true;
  try {
    return readRequest(reader, rejections);
  } catch (error) {
    if (error instanceof OtlpDecodeError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new OtlpDecodeError(`The body is not an OTLP trace request in protobuf: ${detail}.`);
  }
}

function readRequest(reader: WireReader, rejections: Rejections): Span[] {
  const spans: Span[] = [];
  eachField(reader, reader.len, { 1: (end) => readResourceSpans(reader, end, spans, rejections) });
  return spans;
}

function readResourceSpans(reader: WireReader, end: number, spans: Span[], rejections: Rejections): void {
  // Filled where it is read: a sender may write the resource behind its spans.
  const resource: Attributes = {};
  eachField(reader, end, {
    1: (until) => {
      const message = Resource.decode(reader, until - reader.pos) as unknown as {
        attributes: KeyValueMessage[];
      };
      addAttributes(resource, message.attributes, 0);
    },
    2: (until) => readScopeSpans(reader, until, resource, spans, rejections),
  });
}

function readScopeSpans(
  reader: WireReader,
  end: number,
  resource: Attributes,
  spans: Span[],
  rejections: Rejections,
): void {
  const scope: InstrumentationScope = { name: '' };
  eachField(reader, end, {
    1: (until) => {
      const message = ScopeMessage.decode(reader, until - reader.pos) as unknown as ScopeFields;
      scope.name = message.name;
      if (message.version) scope.version = message.version;
      if (message.attributes.length > 0) scope.attributes = attributesOf(message.attributes, 0);
    },
    2: (until) => {
      const message = SpanType.decode(reader, until - reader.pos) as unknown as SpanMessage;
      const span = spanOf(message, resource, scope, rejections);
      if (span) spans.push(span);
    },
  });
}

/** Calls the handler of each embedded message up to `end`, with where that message ends, and skips the rest. */
function eachField(
  reader: WireReader,
  end: number,
  handlers: { [field: number]: (end: number) => void },
): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const handle = handlers[tag >>> 3];
    if (!handle || (tag & 7) !== EMBEDDED) {
      reader.skipType(tag & 7, 0, tag >>> 3);
      continue;
    }
    const until = reader.uint32() + reader.pos;
    if (until > end) throw new RangeError('a message is longer than what holds it');
    handle(until);
  }
  if (reader.pos !== end) throw new RangeError('a field is longer than what holds it');
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
      ...(event.droppedAttributesCount > 0 && { droppedAttributes: event.droppedAttributesCount }),
    })),
    links: message.links.map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: attributesOf(link.attributes, 0),
      ...(link.traceState && { traceState: link.traceState }),
      ...(link.droppedAttributesCount > 0 && { droppedAttributes: link.droppedAttributesCount }),
    })),
    resource,
    scope,
  };
  if (message.status?.message) span.status.message = message.status.message;
  if (!isNoParent(parentSpanId)) span.parentSpanId = parentSpanId;
  if (message.traceState) span.traceState = message.traceState;
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = message;
  const dropped = droppedCounts(droppedAttributesCount, droppedEventsCount, droppedLinksCount);
  if (dropped) span.dropped = dropped;
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
  addAttributes(attributes, list, depth);
  return attributes;
}

function addAttributes(attributes: Attributes, list: KeyValueMessage[], depth: number): void {
  for (const entry of list) setAttribute(attributes, entry.key, readValue(entry.value, depth));
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
