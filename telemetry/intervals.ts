/** A stretch of time, Unix epoch milliseconds. */
export interface Interval {
  startMs: number;
  endMs: number;
}

interface Timed {
  startMs: number;
  durationMs: number;
}

/** The epoch in a double has steps of 0.24 microseconds; anything shorter than a microsecond is rounding. */
const ROUNDING_MS = 0.001;

/** The parts of `span` that none of `children` covers, in order. Children's time outside the span does not count. */
export function uncoveredIntervals(span: Timed, children: Iterable<Timed>): Interval[] {
  const end = span.startMs + span.durationMs;
  const gaps: Interval[] = [];
  let covered = span.startMs;
  for (const interval of union(children)) {
    if (interval.startMs >= end) break;
    if (interval.startMs - covered > ROUNDING_MS) gaps.push({ startMs: covered, endMs: interval.startMs });
    if (interval.endMs > covered) covered = interval.endMs;
  }
  if (end - covered > ROUNDING_MS) gaps.push({ startMs: covered, endMs: end });
  return gaps;
}

/** Milliseconds of `span` that none of `children` covers: its own work, or work that has no span. */
export function selfTimeMs(span: Timed, children: Iterable<Timed>): number {
  let total = 0;
  for (const gap of uncoveredIntervals(span, children)) total += gap.endMs - gap.startMs;
  return total;
}

/** The times that at least one of `spans` covers, joined where they touch, in order. */
export function union(spans: Iterable<Timed>): Interval[] {
  const sorted: Interval[] = [];
  for (const span of spans) sorted.push({ startMs: span.startMs, endMs: span.startMs + span.durationMs });
  sorted.sort((a, b) => a.startMs - b.startMs);
  const joined: Interval[] = [];
  for (const interval of sorted) {
    const last = joined.at(-1);
    if (last && interval.startMs <= last.endMs) last.endMs = Math.max(last.endMs, interval.endMs);
    else joined.push(interval);
  }
  return joined;
}
