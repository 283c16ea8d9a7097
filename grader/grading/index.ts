export { type CheckChange, changesBetween } from './changes.ts';
export { driveTree, type Grading, gradeTree, judgeEvidence, scenarioOf } from './grading.ts';
export {
  type LiveEvent,
  LiveGrader,
  type LiveGraderOptions,
  type LiveState,
  type LiveVerdict,
} from './live/live-grader.ts';
export type { GradingStep } from './live/messages.ts';
export { STEP_OF_JUDGING } from './live/steps.ts';
export { rememberPasses } from './remember.ts';
export { keptEvidence, type NearestSolution, nearestSolution, treeOfSolution } from './solution.ts';
export { SolutionProcess } from './solution-process.ts';
export { isAnswerLeft, keepVerdict, readVerdict, type VerdictRecord } from './verdict-record.ts';
