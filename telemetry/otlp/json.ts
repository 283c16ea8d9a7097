import type { Attributes, AttributeValue, InstrumentationScope, Span, SpanLink } from '../model.ts';
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

/**
 * OTLP/JSON: the protobuf JSON mapping, but ids are hex and not base64, keys are lowerCamelCase only and enums
 * are numbers. Names of enums are taken too, since hand-written senders use them. Unknown keys are ignored.
 */

type Json = { [key: string]: unknown };

/** Reads an ExportTraceServiceRequest in JSON. */
export function decodeJson(body: Uint8Array, rejections: Rejections): Span[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new OtlpDecodeError('The body is not JSON.');
  }
  const request = object(parsed, 'the body');
  const spans: Span[] = [];
  for (const resourceSpans of objects(request.resourceSpans, 'resourceSpans')) {
    const resource = attributes(
      optional(resourceSpans.resource, 'resource').attributes,
      'resource.attributes',
      0,
    );
    for (const scopeSpans of objects(resourceSpans.scopeSpans, 'scopeSpans')) {
      const named = optional(scopeSpans.scope, 'scope');
      const scope: InstrumentationScope = { name: text(named.name, 'scope.name') };
      const version = text(named.version, 'scope.version');
      if (version) scope.version = version;
      const ofScope = attributes(named.attributes, 'scope.attributes', 0);
      if (Object.keys(ofScope).length > 0) scope.attributes = ofScope;
      for (const message of objects(scopeSpans.spans, 'spans')) {
        const span = spanOf(message, resource, scope, rejections);
        if (span) spans.push(span);
      }
    }
  }
  return spans;
}

function spanOf(
  message: Json,
  resource: Attributes,
  scope: InstrumentationScope,
  rejections: Rejections,
): Span | null {
  const traceId = text(message.traceId, 'traceId').toLowerCase();
  const spanId = text(message.spanId, 'spanId').toLowerCase();
  const parentSpanId = text(message.parentSpanId, 'parentSpanId').toLowerCase();
  const fault = notHex(traceId, spanId, parentSpanId) ?? idFault(traceId, spanId, parentSpanId);
  if (fault) {
    rejections.add(fault);
    return null;
  }
  const start = nanoseconds(message.startTimeUnixNano, 'startTimeUnixNano');
  const end = nanoseconds(message.endTimeUnixNano, 'endTimeUnixNano');
  const status = optional(message.status, 'status');
  const span: Span = {
    traceId,
    spanId,
    name: text(message.name, 'name'),
    kind: KINDS[enumNumber(message.kind, KIND_NAMES, 'kind')] ?? 'INTERNAL',
    startMs: millisecondsOf(start.high, start.low),
    durationMs: durationOf(start.high, start.low, end.high, end.low),
    status: { code: STATUS_CODES[enumNumber(status.code, STATUS_NAMES, 'status.code')] ?? 'UNSET' },
    attributes: attributes(message.attributes, 'attributes', 0),
    events: objects(message.events, 'events').map((event) => {
      const time = nanoseconds(event.timeUnixNano, 'timeUnixNano');
      return {
        name: text(event.name, 'event.name'),
        timeMs: millisecondsOf(time.high, time.low),
        attributes: attributes(event.attributes, 'event.attributes', 0),
        ...droppedAttributes(event),
      };
    }),
    links: objects(message.links, 'links').map(linkOf),
    resource,
    scope,
  };
  const statusMessage = text(status.message, 'status.message');
  if (statusMessage) span.status.message = statusMessage;
  if (!isNoParent(parentSpanId)) span.parentSpanId = parentSpanId;
  const traceState = text(message.traceState, 'traceState');
  if (traceState) span.traceState = traceState;
  const dropped = droppedCounts(
    integer(message.droppedAttributesCount, 'droppedAttributesCount'),
    integer(message.droppedEventsCount, 'droppedEventsCount'),
    integer(message.droppedLinksCount, 'droppedLinksCount'),
  );
  if (dropped) span.dropped = dropped;
  const flags = integer(message.flags, 'flags');
  if (flags) {
    span.traceFlags = flags & TRACE_FLAGS_MASK;
    if (flags & HAS_IS_REMOTE) span.parentIsRemote = (flags & IS_REMOTE) !== 0;
  }
  return span;
}

function linkOf(message: Json): SpanLink {
  const link: SpanLink = {
    traceId: text(message.traceId, 'link.traceId').toLowerCase(),
    spanId: text(message.spanId, 'link.spanId').toLowerCase(),
    attributes: attributes(message.attributes, 'link.attributes', 0),
    ...droppedAttributes(message),
  };
  const traceState = text(message.traceState, 'link.traceState');
  if (traceState) link.traceState = traceState;
  return link;
}

/** Of an event or a link. */
function droppedAttributes(message: Json): { droppedAttributes?: number } {
  const count = integer(message.droppedAttributesCount, 'droppedAttributesCount');
  return count > 0 ? { droppedAttributes: count } : {};
}

const HEX = /^[0-9a-f]*$/;

function notHex(...ids: string[]): string | null {
  return ids.every((id) => HEX.test(id)) ? null : 'an id is not hexadecimal, as OTLP/JSON wants ids';
}

function attributes(list: unknown, where: string, depth: number): Attributes {
  const result: Attributes = {};
  for (const entry of objects(list, where))
    setAttribute(result, text(entry.key, `a key in ${where}`), value(entry.value, where, depth));
  return result;
}

function value(any: unknown, where: string, depth: number): AttributeValue {
  if (any === undefined || any === null) return null;
  const message = object(any, `a value in ${where}`);
  if (given(message.stringValue)) return text(message.stringValue, where);
  if (given(message.intValue)) return int64(message.intValue, where);
  if (given(message.boolValue)) {
    if (typeof message.boolValue !== 'boolean') throw wrong(where, 'a boolValue that is true or false');
    return message.boolValue;
  }
  if (given(message.doubleValue)) return double(message.doubleValue, where);
  if (given(message.bytesValue)) return text(message.bytesValue, where);
  if (depth >= MAX_VALUE_DEPTH) throw tooDeep();
  if (given(message.arrayValue)) {
    const values = object(message.arrayValue, where).values;
    return array(values, where).map((each) => value(each, where, depth + 1));
  }
  if (given(message.kvlistValue))
    return attributes(object(message.kvlistValue, where).values, where, depth + 1);
  return null;
}

function int64(given: unknown, where: string): AttributeValue {
  if (typeof given === 'number' && Number.isInteger(given)) return given;
  if (typeof given !== 'string' || !/^-?\d{1,20}$/.test(given)) throw wrong(where, 'a whole number');
  const number = Number(given);
  // -0 is what Number makes of "-0"; an integer has no such value.
  return Number.isSafeInteger(number) ? number + 0 : BigInt(given).toString();
}

function double(given: unknown, where: string): number {
  if (typeof given === 'number') return given;
  if (given === 'NaN' || given === 'Infinity' || given === '-Infinity') return Number(given);
  if (typeof given === 'string' && given.trim() !== '' && !Number.isNaN(Number(given))) return Number(given);
  throw wrong(where, 'a number');
}

function integer(given: unknown, where: string): number {
  if (given === undefined || given === null) return 0;
  const number = typeof given === 'string' ? Number(given) : given;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw wrong(where, 'a whole number');
  return number;
}

/** A fixed64 as two halves. A JSON number has lost its last digits already; it is taken as it is. */
function nanoseconds(given: unknown, where: string): { high: number; low: number } {
  if (given === undefined || given === null) return { high: 0, low: 0 };
  let digits: string;
  if (typeof given === 'string' && /^\d{1,20}$/.test(given)) digits = given;
  else if (typeof given === 'number' && given >= 0 && given < 2 ** 64)
    digits = BigInt(Math.round(given)).toString();
  else throw wrong(where, 'nanoseconds since 1970 as a whole number or a string of digits');
  const all = BigInt(digits);
  if (all >= 1n << 64n) throw wrong(where, 'at most 64 bits');
  return { high: Number(all >> 32n), low: Number(all & 0xffffffffn) };
}

const KIND_NAMES: { [name: string]: number } = {
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
};
const STATUS_NAMES: { [name: string]: number } = {
  STATUS_CODE_UNSET: 0,
  STATUS_CODE_OK: 1,
  STATUS_CODE_ERROR: 2,
};

function enumNumber(given: unknown, names: { [name: string]: number }, where: string): number {
  if (given === undefined || given === null) return 0;
  if (typeof given === 'number') return given;
  if (typeof given === 'string' && Object.hasOwn(names, given)) return names[given]!;
  throw wrong(where, `a number or one of ${Object.keys(names).join(', ')}`);
}

function given(member: unknown): boolean {
  return member !== undefined && member !== null;
}

function text(member: unknown, where: string): string {
  if (member === undefined || member === null) return '';
  if (typeof member !== 'string') throw wrong(where, 'a string');
  return member;
}

function object(member: unknown, where: string): Json {
  if (typeof member !== 'object' || member === null || Array.isArray(member)) throw wrong(where, 'an object');
  return member as Json;
}

function optional(member: unknown, where: string): Json {
  return member === undefined || member === null ? {} : object(member, where);
}

function array(member: unknown, where: string): unknown[] {
  if (member === undefined || member === null) return [];
  if (!Array.isArray(member)) throw wrong(where, 'a list');
  return member;
}

function objects(member: unknown, where: string): Json[] {
  return array(member, where).map((each) => object(each, `an entry of ${where}`));
}

function wrong(where: string, wanted: string): OtlpDecodeError {
  return new OtlpDecodeError(`The body is not an OTLP trace request in JSON: ${where} must be ${wanted}.`);
}
