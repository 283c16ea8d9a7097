import type { Attributes, Span, SpanEvent, SpanLink } from '@workshop/telemetry/pure';

/** Shapes of what the learner's routes give, as their schemas say (see /api/openapi.json). */
export interface ListedExercise {
  /** `03`, or `03b` of an optional part */
  id: string;
  /** `03-custom-span` */
  slug: string;
  title: string;
  minutes: number;
  state: 'passed' | 'current' | 'open' | 'blocked' | 'skipped';
  /** ids that a blocked one needs */
  waitsFor: string[];
  /** nobody needs to do it */
  optional: boolean;
}

export interface GradingStep {
  /** 1 is the first */
  step: number;
  of: number;
  /** `starting your Murmur` */
  text: string;
}

export interface ExerciseList {
  exercises: ListedExercise[];
  /** null: all are passed or skipped */
  current: string | null;
  live: {
    phase: 'idle' | 'pending' | 'grading';
    generation: number;
    exercise: string | null;
    step: GradingStep | null;
  };
}

export interface Mark {
  /** null: it is about the trace */
  spanId: string | null;
  text: string;
  place?: 'before' | 'after' | 'after-children' | 'child';
  interval?: { startMs: number; endMs: number };
  /** missing: nothing is there and something should be */
  shows: 'missing' | 'seen';
}

export interface View {
  /** `GET /feed, signed in as user 4711` */
  title: string;
  traceId: string;
  marks: Mark[];
}

export interface ReportedSpan extends Pick<Span, 'spanId' | 'parentSpanId' | 'name' | 'kind' | 'startMs'> {
  /** null: it never ended */
  durationMs: number | null;
  status: Span['status'];
  attributes: Attributes;
  events: SpanEvent[];
  links: SpanLink[];
  resource: Attributes;
  scope: Span['scope'];
  process: string;
  /** true: it arrived at the collector */
  received: boolean;
}

export interface ReportedTrace {
  traceId: string;
  spans: ReportedSpan[];
  /** spans that were left out */
  omitted: number;
}

export interface ReportedFailure {
  /** the reason as a sentence */
  summary: string;
  saw: string;
  wanted: string;
  cause: string | null;
  /** a place or a question, never the fix */
  look: string;
  /** lines of the learner's own process */
  output: string[];
  tables: { title: string; columns: string[]; rows: string[][] }[];
}

export interface ReportedCheck {
  /** a slug */
  id: string;
  /** `03.2` */
  number: string;
  title: string;
  verdict: 'pass' | 'fail' | 'blocked' | 'error';
  reason: string | null;
  /** ids of checks */
  blockedBy: string[];
  message: string;
  failure: ReportedFailure | null;
  seen: { kind: string; text: string; spanId?: string }[];
  views: View[];
}

export interface Verdict {
  /** ISO 8601 */
  at: string;
  seed: number;
  /** the files are not those that were graded */
  stale: boolean;
  exercise: {
    id: string;
    verdict: 'pass' | 'fail' | 'blocked' | 'skipped' | 'error';
    ms: number;
    /** the grader's own trouble */
    trouble: string | null;
    checks: ReportedCheck[];
    /** the trace to show where no check has a view */
    shown: View | null;
    traces: ReportedTrace[];
  };
  /** after a pass: the trace of the last verdict before it */
  before: { view: View; trace: ReportedTrace } | null;
}

export interface Hints {
  shown: { heading: string; html: string }[];
  total: number;
}

export interface Question {
  text: string;
  slots: { key: string; value: unknown }[];
  /** why answers.json cannot be read */
  problem: string | null;
}

export interface ExerciseDetail extends ListedExercise {
  /** links: `#term-NAME`, `#open=PATH`, `/learn/NN`, or out */
  html: string;
  terms: Record<string, { name: string; html: string }>;
  /** what must be true, also before anything was graded */
  checks: { number: string; title: string }[];
  hints: Hints;
  /** html; null until it passes */
  done: string | null;
  question: Question | null;
  verdict: Verdict | null;
}

/** What happens, as the lab's stream tells it. */
export interface SaveEvent {
  generation: number;
  exercise: string | null;
  file: string;
}

export interface GradingEvent extends GradingStep {
  generation: number;
  exercise: string;
}

export interface CheckChange {
  number: string;
  /** `passes now`: the end of a sentence that begins with the number */
  text: string;
}

export interface VerdictEvent {
  generation: number;
  exercise: string;
  verdict: Verdict['exercise']['verdict'];
  passed: boolean;
  /** it passes and had not passed before */
  first: boolean;
  hadVerdict: boolean;
  changes: CheckChange[];
  current: string | null;
  ms: number;
}

export interface TroubleEvent {
  generation: number;
  exercise: string;
  message: string;
}
