/**
 * The model of a span that every room shares: flat, plain data, safe to write as JSON.
 * Names follow the OpenTelemetry specification; times are milliseconds, since people read milliseconds.
 */

export type SpanKind = 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
export type StatusCode = 'UNSET' | 'OK' | 'ERROR';

/** An attribute's value. Integers that a JavaScript number cannot hold exactly are decimal strings; bytes are base64. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | AttributeValue[]
  | { [key: string]: AttributeValue };

export type Attributes = { [key: string]: AttributeValue };

export interface SpanEvent {
  name: string;
  /** Unix epoch, milliseconds, fractional. */
  timeMs: number;
  attributes: Attributes;
  /** How many attributes its sender left out; absent for none. */
  droppedAttributes?: number;
}

export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
  traceState?: string;
  /** How many attributes its sender left out; absent for none. */
  droppedAttributes?: number;
}

export interface InstrumentationScope {
  name: string;
  version?: string;
  /** Absent for none. */
  attributes?: Attributes;
}

/** How much of a span its sender left out, since it was over a limit; each absent for none. */
export interface DroppedCounts {
  attributes?: number;
  events?: number;
  links?: number;
}

export interface Span {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits. */
  spanId: string;
  /** Absent on a root. */
  parentSpanId?: string;
  /** Whether the parent was in another process; absent when the sender did not say. */
  parentIsRemote?: boolean;
  traceState?: string;
  /** The W3C trace flags, 8 bits. */
  traceFlags?: number;
  name: string;
  kind: SpanKind;
  /** Unix epoch, milliseconds, fractional. */
  startMs: number;
  /** Milliseconds, never negative. */
  durationMs: number;
  status: { code: StatusCode; message?: string };
  attributes: Attributes;
  events: SpanEvent[];
  links: SpanLink[];
  /** Absent when nothing was. */
  dropped?: DroppedCounts;
  resource: Attributes;
  scope: InstrumentationScope;
}

/** Unix epoch milliseconds at which the span ended. */
export function endMs(span: { startMs: number; durationMs: number }): number {
  return span.startMs + span.durationMs;
}

/** The `service.name` of the span's resource, or '' when it has none. */
export function serviceOf(span: { resource: Attributes }): string {
  const name = span.resource['service.name'];
  return typeof name === 'string' ? name : '';
}
