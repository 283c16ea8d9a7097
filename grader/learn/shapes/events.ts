import type { ReportedExercise } from '../../report/shapes.ts';
import type { GradingStep } from './learn.ts';

/** Files were saved: from here on every earlier verdict is old. */
export interface SaveEvent {
  /** each save begins the next */
  generation: number;
  /** id of the exercise that a save is about; null: all are done */
  exercise: string | null;
  /** path of what was saved, from the learner's folder */
  file: string;
}

/** A grading goes on. */
export interface GradingEvent extends GradingStep {
  generation: number;
  exercise: string;
}

/** One check that is not as it was at the last verdict. */
export interface CheckChange {
  /** `03.2` */
  number: string;
  /** `passes now`: the end of a sentence that begins with the number */
  text: string;
}

/** There is a verdict, and /api/learn/:id has all of it. */
export interface VerdictEvent {
  generation: number;
  exercise: string;
  verdict: ReportedExercise['verdict'];
  passed: boolean;
  /** it passes and had not passed before */
  first: boolean;
  /** false: it was never graded before, so nothing can have changed */
  hadVerdict: boolean;
  changes: CheckChange[];
  /** id of the exercise to be worked on now; null: all are done */
  current: string | null;
  /** milliseconds from the save, or from the request to grade */
  ms: number;
}

/** No verdict: the grader's own trouble, or files that cannot be graded. */
export interface TroubleEvent {
  generation: number;
  exercise: string | null;
  message: string;
}

/** The solution of an exercise is driven. */
export interface SolutionEvent {
  exercise: string;
  /** what is done now, in a few words; null: it has ended, and /api/learn/:id/solution says how */
  step: string | null;
}

/** What the lab's stream tells of exercises, by the kind of event. */
export interface LearnEvents {
  save: SaveEvent;
  grading: GradingEvent;
  verdict: VerdictEvent;
  trouble: TroubleEvent;
  solution: SolutionEvent;
}
