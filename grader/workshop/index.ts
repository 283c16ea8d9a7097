export { type GivenAnswer, giveAnswers } from './answers.ts';
export { examine, type Finding } from './doctor/index.ts';
export { type ExerciseState, exerciseStates, type ListedExercise } from './exercise-states.ts';
export { type Hint, type NextHint, nextHint, parseHints, readHints } from './hints.ts';
export {
  chooseExercises,
  commandWord,
  type Exercise,
  loadManifest,
  numberOf,
  solutionBefore,
} from './manifest.ts';
export {
  goTo,
  type MoveOptions,
  type Plan,
  progressAtStartOf,
  reset,
  resetPlan,
  restore,
  skip,
  type Undone,
  undo,
  undoPlan,
} from './moves.ts';
export {
  type AfterGrading,
  currentExercise,
  type Progress,
  parseProgress,
  progressAfter,
  progressText,
  readProgress,
  workedOn,
  writeProgress,
} from './progress.ts';
