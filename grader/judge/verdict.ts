import type { Finding, Mark } from './finding.ts';

export type CheckVerdict = 'pass' | 'fail' | 'blocked' | 'error';
export type ExerciseVerdict = 'pass' | 'fail' | 'blocked' | 'skipped' | 'error';

/** A trace to show under a failing check. */
export interface TraceView {
  /** `GET /feed, signed in as user 4711` */
  title: string;
  traceId: string;
  marks: Mark[];
}

/** What a failing check says: a finding with its marks put into the traces that they stand in. */
export interface Failure extends Omit<Finding, 'marks'> {
  views: TraceView[];
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
