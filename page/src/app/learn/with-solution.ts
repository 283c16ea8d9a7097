import type { Solution, SolutionTrace } from '@workshop/grader/learn/shapes';
import type { ReportedSpan } from '@workshop/grader/report/shapes';
import { diffTraces, expandSpans, type PlacePair, pairPlaces, type Span } from '@workshop/telemetry/pure';
import type { ComparedPlace, PlaceSide } from '../lab/lab-api';
import { overlay } from '../waterfall/overlay';
import type { ShownTrace } from './shown-trace';

/** Each trace with the solution's of the same request; those that the solution has none of stay as they are. */
export function besideSolution(own: readonly ShownTrace[], solution: Solution): ShownTrace[] {
  if (solution.state !== 'ready') return [...own];
  const whole = solution.passed;
  if (own.length === 0) return solution.traces.map((theirs) => withSolution(null, theirs, whole));
  return own.map((trace) => {
    const theirs = solution.traces.find(({ of }) => of === trace.traceId);
    return theirs ? withSolution(trace, theirs, whole) : { ...trace, marks: [] };
  });
}

const WORDS = { here: 'yours', there: 'in the solution', times: false };
/** Whether a pool opens a connection or has one left is a matter of the moment. */
const OF_THE_MOMENT = /^(pg|pg-pool|tcp|tls)\.connect/;

/**
 * @param own the learner's trace of the same request; null: there is none
 * @param wholly false: structure alone is compared, since the rest of the solution's is not told
 */
function withSolution(own: ShownTrace | null, { trace, title }: SolutionTrace, wholly: boolean): ShownTrace {
  const { traceId, omitted, ...compact } = trace;
  const theirs = expandSpans<ReportedSpan>(compact)
    .filter(({ name }) => !OF_THE_MOMENT.test(name))
    .flatMap(({ durationMs, process: _, received: __, ...span }): Span[] =>
      durationMs === null ? [] : [{ ...span, durationMs, traceId }],
    );
  const spans = own?.spans ?? [];
  const steady = spans.filter(({ name }) => !OF_THE_MOMENT.test(name));
  const merged = overlay(spans, theirs, pairPlaces(steady, theirs).map(comparedPlace), WORDS);
  const compared = wholly ? [theirs, steady] : [theirs, steady].map((each) => each.map(structureOf));
  const [a = [], b = []] = compared;
  return {
    title: own?.title ?? title,
    traceId: own?.traceId ?? traceId,
    spans: [...merged.spans],
    unended: own?.unended ?? [],
    marks: [],
    omitted: (own?.omitted ?? 0) + omitted,
    beside: {
      others: merged.others,
      tags: merged.tags,
      lines: diffTraces(a, b, { labels: { a: 'the solution', b: 'yours' } }).lines,
      counts: { yours: steady.length, solution: theirs.length },
    },
  };
}

function structureOf(span: Span): Span {
  return { ...span, attributes: {}, events: [], links: [], status: { code: span.status.code } };
}

function comparedPlace({ change, a, b }: PlacePair): ComparedPlace {
  return { change, a: a && sideOf(a), b: b && sideOf(b) };
}

function sideOf({ place, spans }: NonNullable<PlacePair['a']>): PlaceSide {
  const { kind, service, below } = place;
  return {
    kind,
    service,
    below,
    count: spans.length,
    totalMs: spans.reduce((sum, { durationMs }) => sum + durationMs, 0),
    spanIds: spans.map(({ spanId }) => spanId),
  };
}
