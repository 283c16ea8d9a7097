export { type Judgement, judge, warmUp } from './judge.ts';
export { isProgramReason, isReason, type Reason, reasonSentences } from './reasons.ts';
export {
  type CheckResult,
  type CheckVerdict,
  type ExerciseResult,
  type ExerciseVerdict,
  exerciseVerdict,
  type Failure,
  type Mark,
  type ResultTable,
  type SeenItem,
  type TraceView,
} from './verdict.ts';
