import { indexSpans, type Span, type SpanIndex, serviceOf } from '@workshop/telemetry/pure';
import { sharedName } from '../waterfall/rows';

/** What a trace has that the one before the save had not. */
export interface Arrivals {
  /** words about a span, by its id: `new`, `+ user.id` */
  tags: ReadonlyMap<string, string>;
  /** id of the span that now stands where another stood before, by that one's id */
  successors: ReadonlyMap<string, string>;
}

export const NOTHING_ARRIVED: Arrivals = { tags: new Map(), successors: new Map() };

/** A trace of more spans is not compared: nobody waits for that on a save. */
const MOST_SPANS = 2_000;

/**
 * Compares two traces of the same request, span by span: each has its counterpart in the one of the same names above it,
 * in the order of their begins.
 */
export function arrivals(before: readonly Span[], now: readonly Span[]): Arrivals {
  if (now.length === 0 || before.length + now.length > MOST_SPANS) return NOTHING_ARRIVED;
  const earlier = Map.groupBy(byPath(before), ({ path }) => path);
  const tags = new Map<string, string>();
  const successors = new Map<string, string>();
  const taken = new Map<string, number>();
  const isNew = new Set<string>();
  for (const { path, span } of byPath(now)) {
    const at = taken.get(path) ?? 0;
    taken.set(path, at + 1);
    const counterpart = earlier.get(path)?.[at]?.span;
    if (counterpart) {
      successors.set(counterpart.spanId, span.spanId);
      const more = Object.keys(span.attributes).filter((key) => !(key in counterpart.attributes));
      if (more.length > 0) tags.set(span.spanId, plus(more));
    } else if (!earlier.has(path)) {
      // Of a whole new branch its top is named.
      if (span.parentSpanId === undefined || !isNew.has(span.parentSpanId)) tags.set(span.spanId, 'new');
      isNew.add(span.spanId);
    }
  }
  return { tags, successors };
}

function plus([first = '', ...rest]: string[]): string {
  return rest.length === 0 ? `+ ${first}` : `+ ${first} and ${rest.length} more`;
}

function byPath(spans: readonly Span[]): { path: string; span: Span }[] {
  const index: SpanIndex<Span> = indexSpans(spans);
  const paths = new Map<Span, string>();
  return index.trace(spans[0]?.traceId ?? '').map((span) => {
    const parent = index.parentOf(span);
    const path = `${parent ? (paths.get(parent) ?? '') : ''}\n${serviceOf(span)} ${span.kind} ${stepName(span)}`;
    paths.set(span, path);
    return { path, span };
  });
}

/** Each graded tree has its own database, and instrumentation-pg puts its name behind the operation. */
function stepName(span: Span): string {
  return sharedName(span).replace(/^(pg\.query:\S+) .*$/s, '$1');
}
