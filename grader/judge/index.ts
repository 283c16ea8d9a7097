export type { Finding, Mark, ResultTable, SeenItem } from './finding.ts';
export { type Judgement, judge, type LoadedChecks, loadChecks, warmUp } from './judge.ts';
export { isProgramReason, isReason, type Reason, reasonSentences } from './reasons.ts';
export {
  type CheckResult,
  type CheckVerdict,
  type ExerciseResult,
  type ExerciseVerdict,
  exerciseVerdict,
  type Failure,
  type TraceView,
} from './verdict.ts';
export { counterpartOf, mainView } from './views.ts';
