export { chooseExercises, type Exercise, loadManifest, ManifestError } from './manifest.ts';
export { currentExercise, type Progress, progressAfter, readProgress, writeProgress } from './progress.ts';
