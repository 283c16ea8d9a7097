import type { Attributes, AttributeValue, DroppedCounts, SpanKind, StatusCode } from '../model.ts';

/** What the two encodings of OTLP have in common: the meaning of their fields. */

/** By the number of opentelemetry.proto.trace.v1.Span.SpanKind; unspecified counts as internal, as the proto says. */
export const KINDS: readonly SpanKind[] = [
  'INTERNAL',
  'INTERNAL',
  'SERVER',
  'CLIENT',
  'PRODUCER',
  'CONSUMER',
];

/** By the number of opentelemetry.proto.trace.v1.Status.StatusCode. */
export const STATUS_CODES: readonly StatusCode[] = ['UNSET', 'OK', 'ERROR'];

/** SpanFlags: the W3C trace flags, and two bits for "the parent is remote": known, and true. */
export const TRACE_FLAGS_MASK = 0xff;
export const HAS_IS_REMOTE = 0x100;
export const IS_REMOTE = 0x200;

/** Milliseconds of a 64-bit count of nanoseconds given as two halves; exact to the last bit that a double has. */
export function millisecondsOf(high: number, low: number): number {
  // 2^32 = 4294 * 1e6 + 967296: whole milliseconds and the rest apart, each within a double's integers.
  const rest = high * 967296 + low;
  const whole = Math.floor(rest / 1e6);
  return high * 4294 + whole + (rest - whole * 1e6) / 1e6;
}

/** Milliseconds between two 64-bit counts of nanoseconds, exact for spans of up to 104 days; never negative. */
export function durationOf(startHigh: number, startLow: number, endHigh: number, endLow: number): number {
  const nanoseconds = (endHigh - startHigh) * 4294967296 + (endLow - startLow);
  return nanoseconds > 0 ? nanoseconds / 1e6 : 0;
}

/** Sets a key that a stranger chose: `__proto__` must become a key and not the object's prototype. */
export function setAttribute(attributes: Attributes, key: string, value: AttributeValue): void {
  if (key === '__proto__')
    Object.defineProperty(attributes, key, { value, enumerable: true, writable: true, configurable: true });
  else attributes[key] = value;
}

/** The counts above zero; undefined when there is none. */
export function droppedCounts(attributes: number, events: number, links: number): DroppedCounts | undefined {
  if (attributes <= 0 && events <= 0 && links <= 0) return undefined;
  return {
    ...(attributes > 0 && { attributes }),
    ...(events > 0 && { events }),
    ...(links > 0 && { links }),
  };
}

/** Counts refused spans and keeps the first reason, for the answer's partial success. */
export class Rejections {
  count = 0;
  #reason = '';

  add(reason: string): void {
    if (this.count++ === 0) this.#reason = reason;
  }

  result(): { count: number; reason: string } | null {
    if (this.count === 0) return null;
    return { count: this.count, reason: this.#reason };
  }
}

const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);

/** Why a span with these ids cannot be kept, or null. Ids are lower-case hex of whatever length was sent. */
export function idFault(traceId: string, spanId: string, parentSpanId: string): string | null {
  if (traceId.length !== 32) return `a trace id has ${traceId.length / 2} bytes instead of 16`;
  if (traceId === ZERO_TRACE) return 'a trace id is all zeros';
  if (spanId.length !== 16) return `a span id has ${spanId.length / 2} bytes instead of 8`;
  if (spanId === ZERO_SPAN) return 'a span id is all zeros';
  if (parentSpanId !== '' && parentSpanId.length !== 16)
    return `a parent span id has ${parentSpanId.length / 2} bytes instead of 8`;
  return null;
}

/** Whether the id of a parent says "no parent": some senders write zeros instead of nothing. */
export function isNoParent(parentSpanId: string): boolean {
  return parentSpanId === '' || parentSpanId === ZERO_SPAN;
}
