import type { Reason } from './reasons.ts';

export type CheckVerdict = 'pass' | 'fail' | 'blocked' | 'error';
export type ExerciseVerdict = 'pass' | 'fail' | 'blocked' | 'skipped' | 'error';

/** Where a mark stands in a waterfall: on a span's row, or at the end of the trace. */
export interface Mark {
  /** null: at the end of the trace */
  spanId: string | null;
  /** words, without the leading `>>>` */
  text: string;
  /** before or after the span's row (after is the default), behind all below it, or there as a child would stand */
  place?: 'before' | 'after' | 'after-children' | 'child';
  /** drawn as a bar beside the words; Unix epoch milliseconds */
  interval?: { startMs: number; endMs: number };
}

/** A trace to show under a failing check. */
export interface TraceView {
  /** `GET /feed, signed in as user 4711` */
  title: string;
  traceId: string;
  marks: Mark[];
}

/** Some rows of a query's result. */
export interface ResultTable {
  title: string;
  columns: string[];
  rows: string[][];
}

/** What a failing check says. Every sentence is for the learner; the report fits them into the slots. */
export interface Failure {
  reason: Reason;
  /** what was seen, with its values */
  saw: string;
  /** what a right system would show here */
  wanted: string;
  /** only when the cause was diagnosed */
  cause?: string;
  /** a place or a question, never the fix */
  look: string;
  /** lines of the learner's own process output */
  output?: string[];
  views?: TraceView[];
  /** results of queries, in place of traces */
  tables?: ResultTable[];
  /** short proof for programs: what was seen, and on which span */
  seen?: SeenItem[];
}

export interface SeenItem {
  kind: string;
  text: string;
  spanId?: string;
}

export interface CheckResult {
  id: string;
  /** `03.2` */
  number: string;
  title: string;
  verdict: CheckVerdict;
  failure: Failure | null;
  /** ids of the checks that this one waits for and that did not pass */
  blockedBy: string[];
  /** the grader's own trouble, when the verdict is `error` */
  trouble: string | null;
}

export interface ExerciseResult {
  id: string;
  verdict: ExerciseVerdict;
  checks: CheckResult[];
  /** numbers of this run for done.md, by name */
  told: Record<string, string | number>;
  /** milliseconds of driving and judging */
  ms: number;
  evidence: string | null;
  /** the grader's own trouble with the whole exercise */
  trouble: string | null;
}

/** An exercise passes when all its checks pass; one error is the grader's, so it outweighs a failure. */
export function exerciseVerdict(checks: readonly CheckResult[]): ExerciseVerdict {
  if (checks.some((check) => check.verdict === 'error')) return 'error';
  if (checks.some((check) => check.verdict === 'fail')) return 'fail';
  if (checks.some((check) => check.verdict === 'blocked')) return 'blocked';
  return 'pass';
}
