// @ts-check
'use strict';
/**
 * From a span of any OpenTelemetry SDK to the plain span of the telemetry model.
 *
 * Only public ReadableSpan fields are read; their names differ between SDK 1 and later ones
 * (`parentSpanId` and `instrumentationLibrary` became `parentSpanContext` and `instrumentationScope`).
 */

const KINDS = /** @type {const} */ (['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']);
const STATUS_CODES = /** @type {const} */ (['UNSET', 'OK', 'ERROR']);
/** Longest string of an attribute that is kept, in UTF-16 units. */
const MAX_STRING = 64 * 1024;
const MAX_DEPTH = 6;

/**
 * @typedef {any} SdkSpan a span of whichever SDK the learner loaded
 * @typedef {import('@workshop/telemetry').Attributes} Attributes
 * @typedef {import('@workshop/telemetry').AttributeValue} AttributeValue
 */

/** OpenTelemetry's [seconds, nanoseconds] as milliseconds. @param {[number, number]} time */
function milliseconds([seconds, nanoseconds]) {
  return seconds * 1000 + nanoseconds / 1e6;
}

/**
 * @param {unknown} value
 * @param {number} [depth]
 * @returns {AttributeValue}
 */
function copyValue(value, depth = 0) {
  if (typeof value === 'string') {
    if (value.length <= MAX_STRING) return value;
    return `${value.slice(0, MAX_STRING)}... [cut: ${value.length} characters]`;
  }
  if (typeof value === 'boolean' || value === null) return value;
  // JSON has no NaN and no infinities; -0 is 0, as in OTLP.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : { $number: String(value) };
  if (value === undefined) return null;
  if (typeof value !== 'object' || depth >= MAX_DEPTH) return String(value);
  if (Array.isArray(value)) return value.map((item) => copyValue(item, depth + 1));
  return copyAttributes(value, depth + 1);
}

/**
 * @param {object | undefined | null} attributes
 * @param {number} [depth]
 * @returns {Attributes}
 */
function copyAttributes(attributes, depth = 0) {
  /** @type {Attributes} */
  const copy = {};
  for (const [key, value] of Object.entries(attributes ?? {})) copy[key] = copyValue(value, depth);
  return copy;
}

/** @param {SdkSpan} span @returns {import('@workshop/telemetry').InstrumentationScope} */
function copyScope(span) {
  const scope = span.instrumentationScope ?? span.instrumentationLibrary ?? {};
  return { name: String(scope.name ?? ''), version: scope.version };
}

/** @param {SdkSpan} span @returns {string | undefined} */
function parentSpanId(span) {
  return span.parentSpanContext?.spanId ?? span.parentSpanId;
}

/**
 * Copies a span without its resource, which all spans of a provider share and which travels apart.
 * @param {SdkSpan} span
 * @returns {Omit<import('@workshop/telemetry').Span, 'resource'>}
 */
function copySpan(span) {
  const context = span.spanContext();
  const status = span.status ?? { code: 0 };
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    parentSpanId: parentSpanId(span),
    parentIsRemote: span.parentSpanContext?.isRemote,
    traceState: context.traceState?.serialize?.() || undefined,
    traceFlags: context.traceFlags,
    name: String(span.name),
    kind: KINDS[span.kind] ?? 'INTERNAL',
    startMs: milliseconds(span.startTime),
    durationMs: milliseconds(span.duration),
    status: { code: STATUS_CODES[status.code] ?? 'UNSET', message: status.message },
    attributes: copyAttributes(span.attributes),
    events: (span.events ?? []).map((/** @type {any} */ event) => ({
      name: String(event.name),
      timeMs: milliseconds(event.time),
      attributes: copyAttributes(event.attributes),
    })),
    links: (span.links ?? []).map((/** @type {any} */ link) => ({
      traceId: link.context?.traceId ?? '',
      spanId: link.context?.spanId ?? '',
      attributes: copyAttributes(link.attributes),
      traceState: link.context?.traceState?.serialize?.() || undefined,
    })),
    scope: copyScope(span),
  };
}

/**
 * Copies what is known of a span that has not ended.
 * @param {SdkSpan} span
 */
function copyOpenSpan(span) {
  const context = span.spanContext();
  return {
    name: String(span.name),
    traceId: context.traceId,
    spanId: context.spanId,
    parentSpanId: parentSpanId(span),
    kind: KINDS[span.kind] ?? 'INTERNAL',
    startMs: milliseconds(span.startTime),
    attributes: copyAttributes(span.attributes),
    scope: copyScope(span),
  };
}

module.exports = { copySpan, copyOpenSpan, copyAttributes, MAX_STRING };
