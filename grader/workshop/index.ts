export { type GivenAnswer, giveAnswers } from './answers.ts';
export { examine, type Finding } from './doctor/index.ts';
export { progressAtStartOf } from './exercise-start.ts';
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
export type { MoveOptions } from './move-history.ts';
export { type Plan, resetPlan, undoPlan } from './move-plans.ts';
export { goTo, reset, restore, skip, type Undone, undo } from './moves.ts';
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
export { chooseTrack, type Track, type TrackState, trackState, tracksOf } from './tracks.ts';
