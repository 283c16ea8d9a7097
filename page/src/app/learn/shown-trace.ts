import type { OpenSpan, Span } from '@workshop/telemetry/pure';
import type { ShownMark } from '../waterfall/rows';
import type { ReportedCheck, ReportedTrace, Verdict, View } from './shapes';

/** What of a trace is the solution's, laid over the learner's. */
export interface Beside {
  /** ids of the spans that only the solution has */
  others: ReadonlySet<string>;
  /** words about a span or a fold, by its id: `only yours`, `163 yours, 1 in the solution` */
  tags: ReadonlyMap<string, string>;
  /** what differs, in sentences */
  lines: readonly string[];
  /** how many spans each of them has */
  counts: { yours: number; solution: number };
}

/** One trace of a verdict, as the waterfall takes it. */
export interface ShownTrace {
  title: string;
  traceId: string;
  spans: Span[];
  unended: OpenSpan[];
  marks: ShownMark[];
  /** spans that the report left out */
  omitted: number;
  beside?: Beside;
}

/**
 * The traces that a check's message speaks of; for a check that speaks of none the one that stands for the exercise.
 * Ghosts come from the marks of a failed check and from nothing else.
 * @param check null: none is looked at
 */
export function tracesOf({ exercise }: Verdict, check: ReportedCheck | null): ShownTrace[] {
  const all = exercise.checks.flatMap(({ views }) => views);
  const own = check?.views ?? [];
  const other = exercise.shown ?? all[0];
  const views = own.length > 0 ? own : other ? [{ ...other, marks: [] }] : [];
  return views.flatMap((view) => {
    const trace = exercise.traces.find(({ traceId }) => traceId === view.traceId);
    return trace ? [shownTrace(view, trace)] : [];
  });
}

export function shownTrace(view: View, trace: ReportedTrace): ShownTrace {
  const spans: Span[] = [];
  const unended: OpenSpan[] = [];
  for (const { durationMs, process: _, received: __, ...span } of trace.spans) {
    if (durationMs === null) unended.push({ ...span, traceId: trace.traceId });
    else spans.push({ ...span, durationMs, traceId: trace.traceId });
  }
  return {
    title: view.title,
    traceId: trace.traceId,
    spans,
    unended,
    marks: view.marks.map(shownMark),
    omitted: trace.omitted,
  };
}

function shownMark({ spanId, text, place, interval, shows }: View['marks'][number]): ShownMark {
  return {
    text,
    missing: shows === 'missing',
    ...(spanId !== null && { spanId }),
    ...(place !== undefined && { place }),
    ...(interval && { interval }),
  };
}
