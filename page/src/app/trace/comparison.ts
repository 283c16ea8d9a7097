import { diffTraces, indexSpans, type Span, serviceOf } from '@workshop/telemetry/pure';
import { formatDuration } from '../text/time';

/** Two traces in one. */
export interface Comparison {
  /** all of this trace, and what only the other one has, where it would stand and when */
  spans: readonly Span[];
  /** ids of the spans that only the other one has */
  others: ReadonlySet<string>;
  /** words about a span, by its id */
  tags: ReadonlyMap<string, string>;
  /** what differs beside times, in sentences, the weightiest first */
  lines: readonly string[];
}

/** Two durations are called different from here on: below it, it is the machine that differs. */
const LEAST_MS = 1;
const LEAST_SHARE = 0.1;

/**
 * Lays another trace over this one. Spans are the same step when service, kind and name are, below steps that are the
 * same; of repeated ones the first is paired with the first. What is only in the other trace is put where it belongs, its
 * times counted from the beginning of the trace.
 */
export function compareTraces(own: readonly Span[], other: readonly Span[]): Comparison {
  const [a, b] = [indexSpans(own), indexSpans(other)];
  const [aId, bId] = [own[0]?.traceId ?? '', other[0]?.traceId ?? ''];
  const shiftMs = beginOf(own) - beginOf(other);
  const tags = new Map<string, string>();
  const added: Span[] = [];
  const take = (top: Span, parent: Span | undefined): void => {
    for (const span of [top, ...b.descendantsOf(top)]) {
      const { parentSpanId: _, ...rest } = span;
      const parentSpanId = span === top ? parent?.spanId : span.parentSpanId;
      added.push({
        ...rest,
        ...(parentSpanId !== undefined && { parentSpanId }),
        traceId: aId,
        startMs: span.startMs + shiftMs,
      });
    }
    tags.set(top.spanId, 'only in the other');
  };
  const open: { parent: Span | undefined; left: Span[]; right: Span[] }[] = [
    { parent: undefined, left: a.rootsOf(aId), right: b.rootsOf(bId) },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const right = groups(next.right);
    for (const [key, mine] of groups(next.left)) {
      const theirs = right.get(key) ?? [];
      right.delete(key);
      tag(tags, mine, theirs);
      for (const [i, span] of mine.entries()) {
        const twin = theirs[i];
        if (twin) open.push({ parent: span, left: a.childrenOf(span), right: b.childrenOf(twin) });
      }
    }
    for (const theirs of right.values()) for (const span of theirs) take(span, next.parent);
  }
  return {
    spans: [...own, ...added],
    others: new Set(added.map(({ spanId }) => spanId)),
    tags,
    lines: diffTraces(other, own, { labels: { a: 'the other trace', b: 'this one' } }).lines,
  };
}

/** By what makes two spans the same step, each group in the order given. */
function groups(spans: readonly Span[]): Map<string, Span[]> {
  const byStep = new Map<string, Span[]>();
  for (const span of spans) {
    const key = [serviceOf(span), span.kind, span.name].join('\0');
    const list = byStep.get(key);
    if (list) list.push(span);
    else byStep.set(key, [span]);
  }
  return byStep;
}

/** How many there are against how many; of one against one, how long. Of many the first says it, and so their fold. */
function tag(tags: Map<string, string>, mine: readonly Span[], theirs: readonly Span[]): void {
  const [first] = mine;
  const [twin] = theirs;
  if (!first) return;
  const say = (words: string): void => {
    tags.set(first.spanId, words);
    tags.set(`fold-${first.spanId}`, words);
  };
  if (!twin) {
    say('only here');
  } else if (mine.length !== theirs.length) {
    say(`${mine.length} here, ${theirs.length} in the other`);
  } else {
    const ms = sum(mine) - sum(theirs);
    if (Math.abs(ms) < LEAST_MS || Math.abs(ms) < sum(theirs) * LEAST_SHARE) return;
    say(`${ms > 0 ? '+' : '−'}${formatDuration(Math.abs(ms))}`);
  }
}

function sum(spans: readonly Span[]): number {
  return spans.reduce((total, { durationMs }) => total + durationMs, 0);
}

function beginOf(spans: readonly Span[]): number {
  return spans.reduce((first, { startMs }) => Math.min(first, startMs), Number.POSITIVE_INFINITY);
}
