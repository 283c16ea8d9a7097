import type { Exercise } from './manifest.ts';
import { currentExercise, type Progress } from './progress.ts';

/**
 * Where an exercise stands for a learner. `current`: the first that is neither passed nor skipped. `blocked`: it needs
 * one that is neither, and is not the current one.
 */
export type ExerciseState = 'passed' | 'current' | 'open' | 'blocked' | 'skipped';

export interface ListedExercise {
  exercise: Exercise;
  state: ExerciseState;
  /** ids of the exercises that a blocked one waits for */
  waitsFor: string[];
}

/** All exercises in order. One without checks is open for ever: nothing of it is graded. */
export function exerciseStates(exercises: readonly Exercise[], progress: Progress): ListedExercise[] {
  const current = currentExercise(exercises, progress);
  const isBehind = ({ id, hasChecks }: Exercise): boolean =>
    !hasChecks || id in progress.done || progress.skipped.includes(id);
  return exercises.map((exercise) => {
    const waitsFor = exercises
      .filter((one) => exercise.needs.includes(one.number) && !isBehind(one))
      .map(({ id }) => id);
    return { exercise, state: stateOf(exercise, waitsFor, current, progress), waitsFor };
  });
}

function stateOf(
  { id }: Exercise,
  waitsFor: readonly string[],
  current: Exercise | undefined,
  progress: Progress,
): ExerciseState {
  if (id in progress.done) return 'passed';
  if (progress.skipped.includes(id)) return 'skipped';
  if (id === current?.id) return 'current';
  return waitsFor.length > 0 ? 'blocked' : 'open';
}
