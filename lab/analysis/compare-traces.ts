import { diffTraces, endMs, type PlacePair, pairPlaces, type Span } from '@workshop/telemetry';
import type { ComparedPlace, ComparedTrace, PlaceSide, TraceComparison } from '../api/index.ts';

/** Sentences about differences; more than these nobody reads. */
const MOST_SENTENCES = 100;

/**
 * Two traces side by side. Spans belong together when they stand at one place (same service, kind and name, below
 * spans that belong together), the first with the first, by their start. Times are told and not judged.
 * @param a the spans of one trace, at least one
 * @param b of the other
 */
export function compareTraces(a: readonly [Span, ...Span[]], b: readonly [Span, ...Span[]]): TraceComparison {
  const places = pairPlaces(a, b);
  const partnerOfA = new Map<string, string>();
  const pairs = places.flatMap((pair) => matched(pair, partnerOfA));
  const [pairedA, pairedB] = [new Set(pairs.map((pair) => pair.a)), new Set(pairs.map((pair) => pair.b))];
  const without = (spans: readonly Span[], paired: ReadonlySet<string>): string[] =>
    spans.flatMap(({ spanId }) => (paired.has(spanId) ? [] : [spanId]));
  return {
    a: whole(a),
    b: whole(b),
    pairs,
    onlyA: without(a, pairedA),
    onlyB: without(b, pairedB),
    places: places.map(comparedPlace),
    differences: diffTraces(a, b).lines.slice(0, MOST_SENTENCES),
  };
}

/** The pairs of spans at one place. Their parents are pairs already, since a place comes behind the one above it. */
function matched({ change, a, b }: PlacePair, partnerOfA: Map<string, string>): TraceComparison['pairs'] {
  if (!a || !b) return [];
  const pairs: TraceComparison['pairs'] = [];
  // Elsewhere in the other trace they have other parents: then only their order is left.
  const isMoved = change === 'moved';
  const rest = Map.groupBy(byStart(b.spans), (span) => (isMoved ? '' : (span.parentSpanId ?? '')));
  for (const span of byStart(a.spans)) {
    const parent = span.parentSpanId === undefined ? '' : partnerOfA.get(span.parentSpanId);
    const other = rest.get(isMoved ? '' : (parent ?? orphansOf(span, rest)))?.shift();
    if (!other) continue;
    partnerOfA.set(span.spanId, other.spanId);
    pairs.push({ a: span.spanId, b: other.spanId, moved: isMoved });
  }
  return pairs;
}

/** A parent that nobody has seen is no pair; what is below it in both traces may still be the same. */
function orphansOf(span: Span, rest: ReadonlyMap<string, Span[]>): string {
  return rest.size === 1 ? ([...rest.keys()][0] as string) : (span.parentSpanId ?? '');
}

function byStart(spans: readonly Span[]): Span[] {
  return [...spans].sort((x, y) => x.startMs - y.startMs);
}

function whole(spans: readonly [Span, ...Span[]]): ComparedTrace {
  const startMs = spans.reduce((least, span) => Math.min(least, span.startMs), Number.POSITIVE_INFINITY);
  const end = spans.reduce((most, span) => Math.max(most, endMs(span)), Number.NEGATIVE_INFINITY);
  const { traceId, name } = spans.find(({ parentSpanId }) => parentSpanId === undefined) ?? spans[0];
  return { traceId, name, startMs, durationMs: end - startMs, spanCount: spans.length };
}

function comparedPlace({ change, a, b }: PlacePair): ComparedPlace {
  return { change, a: a && side(a), b: b && side(b) };
}

function side({ place, spans }: NonNullable<PlacePair['a']>): PlaceSide {
  const { name, kind, service, below } = place;
  const durations = spans.map((span) => span.durationMs);
  return {
    name,
    kind,
    service,
    below,
    count: spans.length,
    totalMs: durations.reduce((sum, ms) => sum + ms, 0),
    longestMs: durations.reduce((most, ms) => Math.max(most, ms), 0),
    spanIds: spans.map(({ spanId }) => spanId),
  };
}
