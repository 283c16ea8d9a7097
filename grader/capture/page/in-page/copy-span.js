// @ts-check
/** From a span of the learner's SDK to the plain span of the telemetry model; public fields only. */
import { tell } from './channel.js';

const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'];
const MAX_STRING = 64 * 1024;
/** @type {Map<string, number>} */
const resources = new Map();
const text = JSON.stringify;

/** @param {[number, number] | undefined} time */
function milliseconds(time) {
  return time ? time[0] * 1000 + time[1] / 1e6 : 0;
}

/** @param {any} value @param {number} depth @returns {any} */
function copyValue(value, depth = 0) {
  if (typeof value === 'string') {
    return value.length <= MAX_STRING
      ? value
      : `${value.slice(0, MAX_STRING)}... [cut: ${value.length} characters]`;
  }
  if (typeof value === 'boolean' || value === null) return value;
  // JSON has no NaN and no infinities; -0 is 0, as in OTLP.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : { $number: String(value) };
  if (value === undefined) return null;
  if (typeof value !== 'object' || depth > 5) return String(value);
  if (Array.isArray(value)) return value.map((item) => copyValue(item, depth + 1));
  return copyAttributes(value, depth + 1);
}

/** @param {any} attributes @param {number} depth */
function copyAttributes(attributes, depth = 0) {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).map(([key, value]) => [key, copyValue(value, depth)]),
  );
}

/** All spans of a provider share one resource, so it travels once. @param {any} resource */
function resourceNumber(resource) {
  const attributes = copyAttributes(resource?.attributes);
  const key = text(attributes);
  let number = resources.get(key);
  if (number === undefined) {
    number = resources.size;
    resources.set(key, number);
    tell({ t: 'resource', number, attributes });
  }
  return number;
}

/** @param {any} span */
export function copyBeginning(span) {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const scope = span.instrumentationScope ?? span.instrumentationLibrary ?? {};
  return {
    traceId,
    spanId,
    traceFlags,
    traceState: traceState?.serialize?.() || undefined,
    parentSpanId: span.parentSpanContext?.spanId ?? span.parentSpanId,
    parentIsRemote: span.parentSpanContext?.isRemote,
    name: String(span.name),
    kind: KINDS[span.kind] ?? 'INTERNAL',
    startMs: milliseconds(span.startTime),
    attributes: copyAttributes(span.attributes),
    scope: { name: String(scope.name ?? ''), version: scope.version },
  };
}

/** @param {any} span */
export function copySpan(span) {
  return {
    ...copyBeginning(span),
    resource: resourceNumber(span.resource),
    durationMs: milliseconds(span.duration),
    status: { code: STATUS_CODES[span.status?.code] ?? 'UNSET', message: span.status?.message },
    events: (span.events ?? []).map((/** @type {any} */ event) => ({
      name: String(event.name),
      timeMs: milliseconds(event.time),
      attributes: copyAttributes(event.attributes),
    })),
    links: (span.links ?? []).map((/** @type {any} */ link) => ({
      traceId: link.context?.traceId ?? '',
      spanId: link.context?.spanId ?? '',
      attributes: copyAttributes(link.attributes),
    })),
  };
}
