import type { ExerciseResult } from '../../judge/index.ts';
import type { ReportedExercise } from '../../report/index.ts';

/** What the live grader asks of its grading process. */
export type GradingOrder =
  /**
   * root: the folder that holds the learner's app-backend, answers.json and so on. settled: its files stand still; if
   * not, what can be done before is done, and nothing is driven until `settled` says so
   */
  | { kind: 'grade'; order: number; exercise: string; seed: number; root: string; settled: boolean }
  /** the files of that order stand still now */
  | { kind: 'settled'; order: number }
  /** soon this exercise will be graded: load what that needs */
  | { kind: 'warm-up'; exercise: string; root: string }
  /** the grading that runs is of no use any more: end it as soon as may be */
  | { kind: 'drop' }
  /** end everything, and the process */
  | { kind: 'end' };

/** What the grading process tells. `order`: the number of the order that it is about. */
export type GradingNews =
  /** all that a grading needs is loaded */
  | { kind: 'ready' }
  | ({ kind: 'step'; order: number } & GradingStep)
  | ({ kind: 'graded'; order: number; memoryBytes: number } & Graded)
  /** it was dropped: nothing is known of these files */
  | { kind: 'dropped'; order: number }
  /** the grader's own trouble, or files that cannot be graded; a sentence or a few lines */
  | { kind: 'failed'; order: number; message: string };

/** Where a grading is. */
export interface GradingStep {
  /** 1 is the first */
  step: number;
  of: number;
  /** `starting your Murmur`: what is done now, in a few words */
  text: string;
}

/** One exercise, graded. */
export interface Graded {
  result: ExerciseResult;
  report: ReportedExercise;
  /** content hash of the files that were graded */
  tree: string;
  seed: number;
}
