import {
  endMs,
  indexSpans,
  type OpenSpan,
  type Span,
  type SpanIndex,
  selfTimeMs,
  serviceOf,
} from '@workshop/telemetry/pure';
import { serviceColours } from './service-colours';

/** One trace, ready to be shown: who is below whom, from when to when, in which colours. */
export interface TraceModel {
  readonly index: SpanIndex<Span>;
  readonly spans: readonly Span[];
  /** Unix epoch milliseconds */
  readonly startMs: number;
  readonly endMs: number;
  /** number of a colour by service, in the order of their first spans */
  readonly services: ReadonlyMap<string, number>;
  /** spans that were started and had not ended when they were collected */
  readonly unended: ReadonlySet<string>;
  find(spanId: string): Span | undefined;
  /** milliseconds of a span that no child covers */
  selfMs(span: Span): number;
  isError(span: Span): boolean;
  /** ids of the spans above, the root first */
  above(span: Span): string[];
}

/** Views and their parts ask for the same spans' model: it is made once. */
const KEPT = new WeakMap<readonly Span[], TraceModel>();

/** @param spans of one trace; of several with one id the first counts */
export function traceModel(spans: readonly Span[], unended: readonly OpenSpan[] = []): TraceModel {
  if (unended.length > 0) return made(spans, unended);
  let model = KEPT.get(spans);
  if (!model) {
    model = made(spans, []);
    KEPT.set(spans, model);
  }
  return model;
}

function made(spans: readonly Span[], unended: readonly OpenSpan[]): TraceModel {
  const ended = new Set(spans.map(({ spanId }) => spanId));
  const open = new Set(unended.map(({ spanId }) => spanId).filter((spanId) => !ended.has(spanId)));
  const all = [...spans, ...unended.filter(({ spanId }) => open.has(spanId)).map(asSpan)];
  const index = indexSpans(all);
  const traceId = all[0]?.traceId ?? '';
  const services = new Set<string>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const span of index.spans) {
    first = Math.min(first, span.startMs);
    last = Math.max(last, endMs(span));
    services.add(serviceOf(span));
  }
  // Nobody knows when an open span ends: it reaches to the end of the trace.
  for (const span of index.spans) if (open.has(span.spanId)) span.durationMs = last - span.startMs;
  const selves = new Map<Span, number>();
  return {
    index,
    spans: index.spans,
    startMs: index.spans.length > 0 ? first : 0,
    endMs: index.spans.length > 0 ? last : 0,
    services: serviceColours(services),
    unended: open,
    find: (spanId) => index.find(traceId, spanId),
    selfMs(span) {
      let self = selves.get(span);
      if (self === undefined) {
        self = selfTimeMs(span, index.childrenOf(span));
        selves.set(span, self);
      }
      return self;
    },
    isError: (span) => span.status.code === 'ERROR',
    above: (span) =>
      index
        .ancestorsOf(span)
        .map(({ spanId }) => spanId)
        .reverse(),
  };
}

function asSpan(open: OpenSpan): Span {
  return {
    attributes: {},
    resource: {},
    scope: { name: '' },
    ...open,
    durationMs: 0,
    status: { code: 'UNSET' },
    events: [],
    links: [],
  };
}
