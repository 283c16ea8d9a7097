import type { Reason } from './reasons.ts';

/** A place in a trace that a message speaks of. The assertion shows the traces of a finding's marks. */
export interface Mark {
  traceId: string;
  /** null: at the end of the trace */
  spanId: string | null;
  /** words, without the leading `>>>` */
  text: string;
  /** before or after the span's row (after is the default), behind all below it, or there as a child would stand */
  place?: 'before' | 'after' | 'after-children' | 'child';
  /** nothing is there and something should be; absent: a remark on what is there */
  missing?: true;
  /** drawn as a bar beside the words; Unix epoch milliseconds */
  interval?: { startMs: number; endMs: number };
}

/** Some rows of a query's result. */
export interface ResultTable {
  title: string;
  columns: string[];
  rows: string[][];
}

/** Short proof for programs: what was seen, and on which span. */
export interface SeenItem {
  kind: string;
  text: string;
  spanId?: string;
}

/**
 * What diagnosis found wrong: a reason with its values. Every sentence is for the learner; the report fits them into
 * the slots of a message.
 */
export interface Finding {
  reason: Reason;
  /** what was seen, with its values */
  saw: string;
  /** what a right system would show here */
  wanted: string;
  /** only when the evidence proves it */
  cause?: string;
  /** a place or a question, never the fix */
  look: string;
  /** places in traces, the most important trace first; without any, no trace is shown */
  marks?: Mark[];
  /** lines of the learner's own process output */
  output?: string[];
  /** results of queries, in place of traces */
  tables?: ResultTable[];
  seen?: SeenItem[];
}

type MarkMore = Pick<Mark, 'place' | 'interval' | 'missing'>;
type MarkedSpan = { traceId: string; spanId: string };

/** A mark on a span that ended, or on one that never did. */
export function markOn(span: MarkedSpan, text: string, more: MarkMore = {}): Mark {
  return { traceId: span.traceId, spanId: span.spanId, text, ...more };
}

/** A mark at the end of a span's trace: for what stands nowhere in it. */
export function markAtEnd(span: { traceId: string }, text: string, more: Pick<Mark, 'missing'> = {}): Mark {
  return { traceId: span.traceId, spanId: null, text, ...more };
}
