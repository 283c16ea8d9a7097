import type { Attributes, InstrumentationScope, Span, SpanEvent, SpanLink } from '../model.ts';
import { OtlpDecodeError } from './errors.ts';
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
  TRACE_FLAGS_MASK,
} from './fields.ts';
import { readKeyValue, readKeyValues } from './protobuf-attributes.ts';
import {
  atEnd,
  EMBEDDED,
  FIRST,
  FIXED32,
  FIXED64,
  field,
  SECOND,
  VARINT,
  WireReader,
} from './wire-reader.ts';

const SCOPE = { name: field(1, EMBEDDED), version: field(2, EMBEDDED), attributes: field(3, EMBEDDED) };
const SPAN = {
  traceId: field(1, EMBEDDED),
  spanId: field(2, EMBEDDED),
  traceState: field(3, EMBEDDED),
  parentSpanId: field(4, EMBEDDED),
  name: field(5, EMBEDDED),
  kind: field(6, VARINT),
  start: field(7, FIXED64),
  end: field(8, FIXED64),
  attributes: field(9, EMBEDDED),
  droppedAttributes: field(10, VARINT),
  events: field(11, EMBEDDED),
  droppedEvents: field(12, VARINT),
  links: field(13, EMBEDDED),
  droppedLinks: field(14, VARINT),
  status: field(15, EMBEDDED),
  flags: field(16, FIXED32),
};
const EVENT = {
  time: field(1, FIXED64),
  name: field(2, EMBEDDED),
  attributes: field(3, EMBEDDED),
  droppedAttributes: field(4, VARINT),
};
const LINK = {
  traceId: field(1, EMBEDDED),
  spanId: field(2, EMBEDDED),
  traceState: field(3, EMBEDDED),
  attributes: field(4, EMBEDDED),
  droppedAttributes: field(5, VARINT),
};
const STATUS = { message: field(2, EMBEDDED), code: field(3, VARINT) };

/**
 * Reads an ExportTraceServiceRequest in protobuf. Spans of one resource share its object, those of one scope too.
 *
 * The wire becomes spans with no messages in between: a hostile body of 16 MiB became 1.7 GB of small ones.
 * Source: https://github.com/open-telemetry/opentelemetry-proto, trace/v1/trace.proto and common/v1/common.proto
 */
export function decodeProtobuf(body: Uint8Array, rejections: Rejections): Span[] {
  try {
    return readRequest(new WireReader(body), rejections);
  } catch (error) {
    if (error instanceof OtlpDecodeError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new OtlpDecodeError(`The body is not an OTLP trace request in protobuf: ${detail}.`);
  }
}

function readRequest(reader: WireReader, rejections: Rejections): Span[] {
  const spans: Span[] = [];
  const end = reader.length;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === FIRST) readResourceSpans(reader, reader.until(end), spans, rejections);
    else reader.skip(tag);
  }
  atEnd(reader, end);
  return spans;
}

function readResourceSpans(reader: WireReader, end: number, spans: Span[], rejections: Rejections): void {
  // Filled where it is read: a sender may write the resource behind its spans.
  const resource: Attributes = {};
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === FIRST) readKeyValues(reader, reader.until(end), resource, 0);
    else if (tag === SECOND) readScopeSpans(reader, reader.until(end), resource, spans, rejections);
    else reader.skip(tag);
  }
  atEnd(reader, end);
}

function readScopeSpans(
  reader: WireReader,
  end: number,
  resource: Attributes,
  spans: Span[],
  rejections: Rejections,
): void {
  const scope: InstrumentationScope = { name: '' };
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === FIRST) readScope(reader, reader.until(end), scope);
    else if (tag === SECOND) {
      const span = readSpan(reader, reader.until(end), resource, scope, rejections);
      if (span) spans.push(span);
    } else reader.skip(tag);
  }
  atEnd(reader, end);
}

function readScope(reader: WireReader, end: number, scope: InstrumentationScope): void {
  while (reader.pos < end) {
    const tag = reader.tag();
    switch (tag) {
      case SCOPE.name:
        scope.name = reader.text();
        break;
      case SCOPE.version:
        scope.version = reader.text();
        break;
      case SCOPE.attributes:
        scope.attributes ??= {};
        readKeyValue(reader, reader.until(end), scope.attributes, 0);
        break;
      default:
        reader.skip(tag);
    }
  }
  atEnd(reader, end);
  if (!scope.version) delete scope.version;
}

function readSpan(
  reader: WireReader,
  end: number,
  resource: Attributes,
  scope: InstrumentationScope,
  rejections: Rejections,
): Span | null {
  let [traceId, spanId, parentSpanId, traceState, name] = ['', '', '', '', ''];
  let [kind, startHigh, startLow, endHigh, endLow, flags] = [0, 0, 0, 0, 0, 0];
  let [droppedAttributes, droppedEvents, droppedLinks] = [0, 0, 0];
  const status: Span['status'] = { code: 'UNSET' };
  const attributes: Attributes = {};
  const events: SpanEvent[] = [];
  const links: SpanLink[] = [];
  while (reader.pos < end) {
    const tag = reader.tag();
    switch (tag) {
      case SPAN.traceId:
        traceId = reader.hex();
        break;
      case SPAN.spanId:
        spanId = reader.hex();
        break;
      case SPAN.traceState:
        traceState = reader.text();
        break;
      case SPAN.parentSpanId:
        parentSpanId = reader.hex();
        break;
      case SPAN.name:
        name = reader.text();
        break;
      case SPAN.kind:
        kind = reader.int64Low();
        break;
      case SPAN.start:
        startLow = reader.fixed64Low();
        startHigh = reader.high >>> 0;
        break;
      case SPAN.end:
        endLow = reader.fixed64Low();
        endHigh = reader.high >>> 0;
        break;
      case SPAN.attributes:
        readKeyValue(reader, reader.until(end), attributes, 0);
        break;
      case SPAN.droppedAttributes:
        droppedAttributes = reader.uint32();
        break;
      case SPAN.events:
        events.push(readEvent(reader, reader.until(end)));
        break;
      case SPAN.droppedEvents:
        droppedEvents = reader.uint32();
        break;
      case SPAN.links:
        links.push(readLink(reader, reader.until(end)));
        break;
      case SPAN.droppedLinks:
        droppedLinks = reader.uint32();
        break;
      case SPAN.status:
        readStatus(reader, reader.until(end), status);
        break;
      case SPAN.flags:
        flags = reader.fixed32();
        break;
      default:
        reader.skip(tag);
    }
  }
  atEnd(reader, end);
  const fault = idFault(traceId, spanId, parentSpanId);
  if (fault) {
    rejections.add(fault);
    return null;
  }
  const span: Span = {
    traceId,
    spanId,
    name,
    kind: KINDS[kind] ?? 'INTERNAL',
    startMs: millisecondsOf(startHigh, startLow),
    durationMs: durationOf(startHigh, startLow, endHigh, endLow),
    status,
    attributes,
    events,
    links,
    resource,
    scope,
  };
  if (!isNoParent(parentSpanId)) span.parentSpanId = parentSpanId;
  if (traceState) span.traceState = traceState;
  const dropped = droppedCounts(droppedAttributes, droppedEvents, droppedLinks);
  if (dropped) span.dropped = dropped;
  if (flags) {
    span.traceFlags = flags & TRACE_FLAGS_MASK;
    if (flags & HAS_IS_REMOTE) span.parentIsRemote = (flags & IS_REMOTE) !== 0;
  }
  return span;
}

function readStatus(reader: WireReader, end: number, status: Span['status']): void {
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === STATUS.message) {
      const message = reader.text();
      if (message) status.message = message;
      else delete status.message;
    } else if (tag === STATUS.code) status.code = STATUS_CODES[reader.int64Low()] ?? 'UNSET';
    else reader.skip(tag);
  }
  atEnd(reader, end);
}

function readEvent(reader: WireReader, end: number): SpanEvent {
  const event: SpanEvent = { name: '', timeMs: 0, attributes: {} };
  while (reader.pos < end) {
    const tag = reader.tag();
    switch (tag) {
      case EVENT.time: {
        const low = reader.fixed64Low();
        event.timeMs = millisecondsOf(reader.high >>> 0, low);
        break;
      }
      case EVENT.name:
        event.name = reader.text();
        break;
      case EVENT.attributes:
        readKeyValue(reader, reader.until(end), event.attributes, 0);
        break;
      case EVENT.droppedAttributes:
        event.droppedAttributes = reader.uint32();
        break;
      default:
        reader.skip(tag);
    }
  }
  atEnd(reader, end);
  if (event.droppedAttributes === 0) delete event.droppedAttributes;
  return event;
}

function readLink(reader: WireReader, end: number): SpanLink {
  const link: SpanLink = { traceId: '', spanId: '', attributes: {} };
  while (reader.pos < end) {
    const tag = reader.tag();
    switch (tag) {
      case LINK.traceId:
        link.traceId = reader.hex();
        break;
      case LINK.spanId:
        link.spanId = reader.hex();
        break;
      case LINK.traceState:
        link.traceState = reader.text();
        break;
      case LINK.attributes:
        readKeyValue(reader, reader.until(end), link.attributes, 0);
        break;
      case LINK.droppedAttributes:
        link.droppedAttributes = reader.uint32();
        break;
      default:
        reader.skip(tag);
    }
  }
  atEnd(reader, end);
  if (link.traceState === '') delete link.traceState;
  if (link.droppedAttributes === 0) delete link.droppedAttributes;
  return link;
}
