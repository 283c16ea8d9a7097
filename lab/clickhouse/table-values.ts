/** What the exporter's columns hold, as conditions and patterns that several statements need. */

/** A number as JSON writes it: what the exporter makes of a number. Texts of digits look the same. */
export const NUMBER = '^-?(0|[1-9][0-9]*)(\\\\.[0-9]+)?([eE][+-]?[0-9]+)?$';
export const FAILED = `StatusCode in ('Error', 'STATUS_CODE_ERROR')`;
export const INSTRUMENTATION = `match(ScopeName, '^(@opentelemetry/instrumentation|@honeycombio/)')`;
/** Probability sampling of OpenTelemetry, in a tracestate. */
export const THRESHOLD = `extract(TraceState, '(?:^|,)\\\\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?:[;,]|$)')`;
/** Attributes of an exception that its span gets, too. */
export const EXCEPTION_KEYS = ['type', 'message', 'stacktrace', 'escaped'].map((name) => `exception.${name}`);
