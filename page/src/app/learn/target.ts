import type { ReportedCheck, ReportedTrace } from './shapes';

/** Where a check's message points to. */
export interface Target {
  /** number of the view in the check's list */
  view: number;
  spanId: string;
  /** of the attribute that it is about */
  key: string | null;
}

/** A dotted name, as attributes have: `user.id`. */
const KEY = /[a-z][\w-]*(?:\.[\w-]+)+/gi;

/** The span that a check speaks of first: where something is missing, else where something was seen. */
export function targetOf(check: ReportedCheck, traces: readonly ReportedTrace[]): Target | null {
  const places = check.views.flatMap(({ traceId, marks }, view) =>
    marks.flatMap(({ spanId, shows, text }) =>
      spanId === null ? [] : [{ traceId, view, spanId, shows, text }],
    ),
  );
  const first = places.find(({ shows }) => shows === 'missing') ?? places[0];
  if (!first) return null;
  const span = traces
    .find(({ traceId }) => traceId === first.traceId)
    ?.spans.find(({ spanId }) => spanId === first.spanId);
  const named = [first.text, ...check.seen.map(({ text }) => text), check.failure?.wanted ?? ''].flatMap(
    (text) => text.match(KEY) ?? [],
  );
  const here = named.find((key) => span !== undefined && key in span.attributes);
  const missing = first.shows === 'missing' ? first.text.match(KEY)?.[0] : undefined;
  return { view: first.view, spanId: first.spanId, key: missing ?? here ?? null };
}
