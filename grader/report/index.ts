export { compactExercise, compactTrace } from './compact.ts';
export {
  answersLine,
  compareTraces,
  queryLines,
  type TraceComparison,
  traceLines,
} from './comparison.ts';
export { exerciseListLines } from './exercise-list.ts';
export { failureLines, failureText } from './failure.ts';
export { findingLines, findingsSummary } from './findings.ts';
export { type Grading, gradingLines } from './grading.ts';
export { hintLines } from './hint.ts';
export { htmlReport } from './html/document.ts';
export { type JsonReport, jsonReport, reportedExercise } from './json.ts';
export { junitReport } from './junit.ts';
export { changeLines, type SaidChange } from './live.ts';
export { markdownLines } from './markdown.ts';
export {
  movedLines,
  refusalLines,
  restoredLines,
  skippedLines,
  snapshotLines,
  undoneLines,
} from './moves.ts';
export { reportedTraces } from './reported-traces.ts';
export type {
  CompactExercise,
  CompactTrace,
  ReportedCheck,
  ReportedExercise,
  ReportedFailure,
  ReportedSpan,
  ReportedTrace,
  ReportedView,
} from './shapes.ts';
export { markdownSummary } from './summary.ts';
export { trackLines, trackListLines } from './tracks.ts';
export { exerciseLines } from './verdicts.ts';

/** Code beside the solution's. Loaded only when it is asked for: it brings TypeScript's parser with it. */
export const codeComparison = (): Promise<typeof import('./code-comparison.ts')> =>
  import('./code-comparison.ts');
