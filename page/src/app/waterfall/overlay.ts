import { indexSpans, type Span } from '@workshop/telemetry/pure';
import type { ComparedPlace } from '../lab/lab-api';
import { shownLine } from '../text/shown';
import { formatDuration } from '../text/time';

/** Two traces in one. */
export interface Overlay {
  /** all of this trace, and what only the other one has, where it would stand and when */
  spans: readonly Span[];
  /** ids of the spans that only the other one has, and of folds of them */
  others: ReadonlySet<string>;
  /** words about a span or a fold, by its id */
  tags: ReadonlyMap<string, string>;
}

/** Two durations are called different from here on: below it, it is the machine that differs. */
const LEAST_MS = 1;
const LEAST_SHARE = 0.1;

/** What this trace and the other one are called in a row. */
export interface OverlayWords {
  /** of this one: `here` */
  here: string;
  /** `in the other` */
  there: string;
  /** whether it is told how much longer this one took: of two runs of one machine it is mostly the machine */
  times: boolean;
}

export const TWO_TRACES: OverlayWords = { here: 'here', there: 'in the other', times: true };

/**
 * Lays another trace over this one, place by place: `a` is this one. What is only in the other is put below the
 * partner of its parent, its times counted from the beginning of the trace.
 */
export function overlay(
  own: readonly Span[],
  other: readonly Span[],
  places: readonly ComparedPlace[],
  words = TWO_TRACES,
): Overlay {
  const tags = new Map<string, string>();
  for (const place of places) tag(tags, place, words);
  const partners = new Map<string, string>();
  for (const { a, b } of places) {
    const [first] = a?.spanIds ?? [];
    if (first !== undefined) for (const spanId of b?.spanIds ?? []) partners.set(spanId, first);
  }
  const only = new Set(places.flatMap(({ change, b }) => (change === 'only-b' ? (b?.spanIds ?? []) : [])));
  const shiftMs = own.length === 0 ? 0 : beginOf(own) - beginOf(other);
  const traceId = own[0]?.traceId ?? other[0]?.traceId ?? '';
  const index = indexSpans(other);
  const added = other.flatMap((span) => {
    if (!only.has(span.spanId)) return [];
    const parent = index.parentOf(span);
    if (!parent || !only.has(parent.spanId)) tags.set(span.spanId, `only ${words.there}`);
    const { parentSpanId: _, ...rest } = span;
    const above = parent && (only.has(parent.spanId) ? parent.spanId : partners.get(parent.spanId));
    return [
      {
        ...rest,
        ...(above !== undefined && { parentSpanId: above }),
        traceId,
        startMs: span.startMs + shiftMs,
      },
    ];
  });
  const others = new Set(added.flatMap(({ spanId }) => [spanId, `fold-${spanId}`]));
  return { spans: [...own, ...added], others, tags };
}

/** Said at the first span of a place, and at the fold that it may be in. */
function tag(tags: Map<string, string>, { change, a, b }: ComparedPlace, names: OverlayWords): void {
  const [first] = a?.spanIds ?? [];
  if (!a || first === undefined) return;
  const words = wordsOf(change, a, b, names);
  if (words === '') return;
  tags.set(first, words);
  tags.set(`fold-${first}`, words);
}

function wordsOf(
  change: ComparedPlace['change'],
  a: NonNullable<ComparedPlace['a']>,
  b: ComparedPlace['b'],
  { here, there, times }: OverlayWords,
): string {
  if (!b) return `only ${here}`;
  if (change === 'moved')
    return b.below === '' ? `a root ${there}` : `below ${shownLine(b.below, 40)} ${there}`;
  if (a.count !== b.count) return `${a.count} ${here}, ${b.count} ${there}`;
  if (change === 'changed') return `${shownLine(b.service, 40)}, ${b.kind.toLowerCase()} ${there}`;
  if (!times) return '';
  const ms = a.totalMs - b.totalMs;
  if (Math.abs(ms) < Math.max(LEAST_MS, b.totalMs * LEAST_SHARE)) return '';
  return `${ms > 0 ? '+' : '−'}${formatDuration(Math.abs(ms))}`;
}

function beginOf(spans: readonly Span[]): number {
  return spans.reduce((first, { startMs }) => Math.min(first, startMs), Number.POSITIVE_INFINITY);
}
