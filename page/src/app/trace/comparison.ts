import { indexSpans, type Span } from '@workshop/telemetry/pure';
import type { ComparedPlace, TraceComparison } from '../lab/lab-api';
import { shownLine } from '../text/shown';
import { formatDuration } from '../text/time';

/** Two traces in one. */
export interface Overlay {
  /** all of this trace, and what only the other one has, where it would stand and when */
  spans: readonly Span[];
  /** ids of the spans that only the other one has */
  others: ReadonlySet<string>;
  /** words about a span or a fold, by its id */
  tags: ReadonlyMap<string, string>;
}

/** Two durations are called different from here on: below it, it is the machine that differs. */
const LEAST_MS = 1;
const LEAST_SHARE = 0.1;

/**
 * Lays another trace over this one, as the lab compared them: `a` is this one. What is only in the other is put below the
 * partner of its parent, its times counted from the beginning of the trace.
 */
export function overlay(own: readonly Span[], other: readonly Span[], compared: TraceComparison): Overlay {
  const tags = new Map<string, string>();
  for (const place of compared.places) tag(tags, place);
  const partners = new Map<string, string>();
  for (const { a, b } of compared.places) {
    const [first] = a?.spanIds ?? [];
    if (first !== undefined) for (const spanId of b?.spanIds ?? []) partners.set(spanId, first);
  }
  const only = new Set(
    compared.places.flatMap(({ change, b }) => (change === 'only-b' ? (b?.spanIds ?? []) : [])),
  );
  const shiftMs = beginOf(own) - beginOf(other);
  const index = indexSpans(other);
  const added = other.flatMap((span) => {
    if (!only.has(span.spanId)) return [];
    const parent = index.parentOf(span);
    if (!parent || !only.has(parent.spanId)) tags.set(span.spanId, 'only in the other');
    const { parentSpanId: _, ...rest } = span;
    const above = parent && (only.has(parent.spanId) ? parent.spanId : partners.get(parent.spanId));
    return [
      {
        ...rest,
        ...(above !== undefined && { parentSpanId: above }),
        traceId: compared.a.traceId,
        startMs: span.startMs + shiftMs,
      },
    ];
  });
  return { spans: [...own, ...added], others: new Set(added.map(({ spanId }) => spanId)), tags };
}

/** Said at the first span of a place, and at the fold that it may be in. */
function tag(tags: Map<string, string>, { change, a, b }: ComparedPlace): void {
  const [first] = a?.spanIds ?? [];
  if (!a || first === undefined) return;
  const words = wordsOf(change, a, b);
  if (words === '') return;
  tags.set(first, words);
  tags.set(`fold-${first}`, words);
}

function wordsOf(
  change: ComparedPlace['change'],
  a: NonNullable<ComparedPlace['a']>,
  b: ComparedPlace['b'],
): string {
  if (!b) return 'only here';
  if (change === 'moved')
    return b.below === '' ? 'a root in the other' : `below ${shownLine(b.below, 40)} in the other`;
  if (a.count !== b.count) return `${a.count} here, ${b.count} in the other`;
  if (change === 'changed') return `${shownLine(b.service, 40)}, ${b.kind.toLowerCase()} in the other`;
  const ms = a.totalMs - b.totalMs;
  if (Math.abs(ms) < Math.max(LEAST_MS, b.totalMs * LEAST_SHARE)) return '';
  return `${ms > 0 ? '+' : '−'}${formatDuration(Math.abs(ms))}`;
}

function beginOf(spans: readonly Span[]): number {
  return spans.reduce((first, { startMs }) => Math.min(first, startMs), Number.POSITIVE_INFINITY);
}
