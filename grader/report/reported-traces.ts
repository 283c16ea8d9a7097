import { type Attributes, type AttributeValue, indexSpans } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, UnendedSpan } from '../evidence/index.ts';
import type { TraceView } from '../judge/index.ts';
import type { ReportedSpan, ReportedTrace, ReportedView } from './shapes.ts';

/** Spans of one trace that a report carries: a page shows as many, and thousands of them make no reader wiser. */
const MOST_SPANS = 500;
/** Traces of one exercise. A finding marks four at most, and several findings mostly mark the same. */
const MOST_TRACES = 8;
const LONGEST_TEXT = 1_000;
const MOST_ATTRIBUTES = 64;
const MOST_ENTRIES = 20;

/** The view as it is reported. */
export function reportedView({ title, traceId, marks }: TraceView): ReportedView {
  return {
    title,
    traceId,
    marks: marks.map(({ traceId: _, missing, ...mark }) => ({
      ...mark,
      shows: missing ? 'missing' : 'seen',
    })),
  };
}

/** Traces of one exercise's evidence, in the order of the views, each once. */
export function reportedTraces(evidence: Evidence, views: readonly TraceView[]): ReportedTrace[] {
  const marked = Map.groupBy(
    views.flatMap(({ marks }) => marks),
    ({ traceId }) => traceId,
  );
  const ids = [...new Set(views.map(({ traceId }) => traceId))].slice(0, MOST_TRACES);
  return ids.map((traceId) => {
    const kept = new Set((marked.get(traceId) ?? []).flatMap(({ spanId }) => spanId ?? []));
    return reportedTrace(evidence, traceId, kept);
  });
}

function reportedTrace(evidence: Evidence, traceId: string, marked: ReadonlySet<string>): ReportedTrace {
  const index = indexSpans(evidence.spans.filter((span) => span.traceId === traceId));
  const spans = index.trace(traceId);
  const unended = evidence.unended.filter((span) => span.traceId === traceId);
  const needed = new Set<string>();
  for (const spanId of marked) {
    needed.add(spanId);
    const open = unended.find((span) => span.spanId === spanId)?.parentSpanId;
    if (open !== undefined) needed.add(open);
    for (const above of index.ancestorsOf({ traceId, spanId: open ?? spanId })) needed.add(above.spanId);
  }
  let room = MOST_SPANS - needed.size;
  const keep = (span: { spanId: string }): boolean => needed.has(span.spanId) || room-- > 0;
  // Open spans first: they are few, and what never ended is what a learner looks for.
  const open = unended.filter(keep).map(openSpan);
  const closed = spans.filter(keep).map(closedSpan);
  return {
    traceId,
    spans: [...closed, ...open],
    omitted: spans.length + unended.length - closed.length - open.length,
  };
}

function closedSpan(span: EvidenceSpan): ReportedSpan {
  const { spanId, parentSpanId, name, kind, startMs, durationMs, status, scope, origin } = span;
  return {
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name: cut(name),
    kind,
    startMs,
    durationMs,
    status: status.message === undefined ? status : { ...status, message: cut(status.message) },
    attributes: bounded(span.attributes),
    events: span.events
      .slice(0, MOST_ENTRIES)
      .map((event) => ({ ...event, name: cut(event.name), attributes: bounded(event.attributes) })),
    links: span.links
      .slice(0, MOST_ENTRIES)
      .map((link) => ({ ...link, attributes: bounded(link.attributes) })),
    resource: bounded(span.resource),
    scope,
    process: origin.process,
    received: origin.received,
  };
}

function openSpan({
  spanId,
  parentSpanId,
  name,
  kind,
  startMs,
  attributes,
  scope,
  origin,
}: UnendedSpan): ReportedSpan {
  return {
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name: cut(name),
    kind,
    startMs,
    durationMs: null,
    status: { code: 'UNSET' },
    attributes: bounded(attributes),
    events: [],
    links: [],
    resource: {},
    scope,
    process: origin.process,
    received: false,
  };
}

function bounded(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes)
      .slice(0, MOST_ATTRIBUTES)
      .map(([key, value]) => [cut(key), boundedValue(value)]),
  );
}

/** Lists and maps as they are while they are short, else as the beginning of their text. */
function boundedValue(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return cut(value);
  // JSON has no NaN: it would become null, which means another thing.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== 'object') return value;
  const text = JSON.stringify(value);
  return text.length > LONGEST_TEXT ? cut(text) : value;
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)` : text;
}
