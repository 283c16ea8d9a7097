import {
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanKind,
  setAttribute,
} from '@workshop/telemetry';
import type { WideEvent } from '../store/index.ts';

/** Honeycomb's limits for one event. */
const MOST_FIELDS = 2_000;
const MOST_BYTES = 1_000_000;

/** An event as Honeycomb's API takes it, with what its headers or its batch say of it. */
export interface SentEvent {
  data: unknown;
  /** RFC 3339, or Unix time in seconds or finer; absent: now */
  time?: unknown;
  samplerate?: unknown;
}

/** A span, when the event is one; else a row of its own. */
export type ReadEvent = { span: Span } | { event: WideEvent } | { fault: string };

/** Fields that the model of a span holds, and which are no attributes of it. */
const OF_SPAN = new Set([
  'trace.trace_id',
  'trace.span_id',
  'trace.parent_id',
  'name',
  'duration_ms',
  'span.kind',
  'status_code',
  'status_message',
  'library.name',
  'library.version',
]);
const KINDS: readonly SpanKind[] = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

/**
 * What becomes of an event. One with the ids of a span, and no annotation of another, is a span; every other one is a
 * row. A dataset is a service: an event that names none is of the service that the dataset is called after.
 */
export function readEvent({ data, time, samplerate }: SentEvent, dataset: string, nowMs: number): ReadEvent {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return { fault: 'Event data should be an object.' };
  const names = Object.keys(data);
  if (names.length === 0) return { fault: 'Request body should not be empty.' };
  if (names.length > MOST_FIELDS) return { fault: 'Event has too many columns.' };
  if (JSON.stringify(data).length > MOST_BYTES) return { fault: 'Event is too large.' };
  const timeMs = time === undefined || time === null || time === '' ? nowMs : eventTimeMs(time);
  if (timeMs === null) return { fault: 'Event has an invalid timestamp.' };
  const sampleRate = sampleRateOf(samplerate);
  if (sampleRate === null) return { fault: 'Event has an invalid sample rate.' };
  const fields = flat(data);
  const { 'service.name': service = dataset, ...own } = fields;
  const resource = { 'service.name': service };
  const traceId = hexId(fields['trace.trace_id'], 32);
  const spanId = hexId(fields['trace.span_id'], 16);
  if (traceId && spanId && fields['meta.annotation_type'] === undefined)
    return { span: spanOf(own, { traceId, spanId, resource, startMs: timeMs, sampleRate }) };
  return { event: { timeMs, sampleRate, fields: annotated(own, traceId), resource } };
}

/** Unix milliseconds of a time; null when it is none. Numbers are seconds, or finer by their size. */
export function eventTimeMs(time: unknown): number | null {
  const number = typeof time === 'number' ? time : Number(time);
  if (Number.isFinite(number) && number > 0) {
    if (number < 1e11) return number * 1_000;
    if (number < 1e14) return number;
    return number < 1e17 ? number / 1e3 : number / 1e6;
  }
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

/** How many events this one stands for; null when that is no number. */
function sampleRateOf(rate: unknown): number | null {
  if (rate === undefined || rate === null || rate === '') return 1;
  const number = Number(rate);
  if (!Number.isFinite(number)) return null;
  return Math.min(Math.max(1, Math.round(number)), 2_147_483_647);
}

/** Nested values become JSON, as in a dataset of Honeycomb that expands none. */
function flat(data: object): Attributes {
  const fields: Attributes = {};
  for (const [name, value] of Object.entries(data)) {
    if (value !== null) setAttribute(fields, name, typeof value === 'object' ? JSON.stringify(value) : value);
  }
  return fields;
}

/** An id as OpenTelemetry has it; Honeycomb's older libraries send UUIDs and short trace ids. */
function hexId(value: AttributeValue | undefined, digits: 32 | 16): string | null {
  if (typeof value !== 'string') return null;
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
  const id = (uuid ? value.replaceAll('-', '') : value).toLowerCase();
  const isId = id.length === digits || (digits === 32 && id.length === 16);
  return isId && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id) ? id.padStart(digits, '0') : null;
}

function spanOf(
  fields: Attributes,
  ids: { traceId: string; spanId: string; resource: Attributes; startMs: number; sampleRate: number },
): Span {
  const { sampleRate, ...known } = ids;
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return value === undefined ? undefined : String(value);
  };
  const duration = Number(fields.duration_ms ?? 0);
  const kind = text('span.kind')?.toUpperCase() as SpanKind;
  const failed = fields.status_code === 2 || fields.error === true;
  const message = text('status_message');
  const parent = hexId(fields['trace.parent_id'], 16);
  const attributes = Object.entries(fields).filter(([name]) => !OF_SPAN.has(name));
  return {
    ...known,
    ...(parent && { parentSpanId: parent }),
    name: text('name') ?? '',
    kind: KINDS.includes(kind) ? kind : 'INTERNAL',
    durationMs: Number.isFinite(duration) ? Math.max(0, duration) : 0,
    status: {
      code: failed ? 'ERROR' : fields.status_code === 1 ? 'OK' : 'UNSET',
      ...(message !== undefined && { message }),
    },
    attributes: { ...Object.fromEntries(attributes), ...(sampleRate > 1 && { sampleRate }) },
    events: [],
    links: [],
    scope: { name: text('library.name') ?? '', version: text('library.version') },
  };
}

/** What belongs to a trace and is no span of it is an annotation: the span's events are, and so is a log line. */
function annotated(fields: Attributes, traceId: string | null): Attributes {
  const { 'meta.annotation_type': type, ...rest } = fields;
  if (rest['trace.trace_id'] === undefined) return rest;
  const isLink = type === 'link' && 'trace.link.trace_id' in rest && 'trace.link.span_id' in rest;
  const parent = hexId(rest['trace.parent_id'], 16);
  return {
    ...rest,
    ...(traceId && { 'trace.trace_id': traceId }),
    ...(parent && { 'trace.parent_id': parent }),
    'meta.annotation_type': isLink ? 'link' : 'span_event',
  };
}
