import type { ExerciseDetail as AnsweredDetail, VerdictRecord } from '@workshop/grader/learn/shapes';
import type { ReportedExercise, ReportedTrace, ReportedView } from '@workshop/grader/report/shapes';

/**
 * What the learner's routes answer and the stream tells. The types are those of their schemas; of a verdict's traces
 * each span has its resource and scope here, as everywhere in the page.
 */
export type {
  CheckChange,
  ExerciseList,
  GradingEvent,
  GradingStep,
  Hints,
  ListedExercise,
  Question,
  SaveEvent,
  TroubleEvent,
  VerdictEvent,
} from '@workshop/grader/learn/shapes';
export type {
  ReportedCheck,
  ReportedFailure,
  ReportedSpan,
  ReportedTrace,
  ReportedView as View,
} from '@workshop/grader/report/shapes';

/** A trace that is shown, and where. */
export interface Before {
  view: ReportedView;
  trace: ReportedTrace;
}

export type Verdict = Omit<VerdictRecord, 'exercise' | 'before'> & {
  exercise: ReportedExercise;
  /** after a pass: the trace of the last verdict before it */
  before: Before | null;
};

export type ExerciseDetail = Omit<AnsweredDetail, 'verdict'> & { verdict: Verdict | null };
