import type { ExerciseDetail as AnsweredDetail } from '@workshop/grader/learn/shapes';
import type { CompactTrace } from '@workshop/grader/report/shapes';
import { expandSpans } from '@workshop/telemetry/pure';
import type { ExerciseDetail, ReportedSpan, ReportedTrace } from './shapes';

/** The exercise of an answer: on the way each resource and scope is told once. */
export function exerciseOf({ verdict, ...detail }: AnsweredDetail): ExerciseDetail {
  if (!verdict) return { ...detail, verdict };
  const { exercise, before } = verdict;
  return {
    ...detail,
    verdict: {
      ...verdict,
      exercise: { ...exercise, traces: exercise.traces.map(traceOf) },
      before: before && { ...before, trace: traceOf(before.trace) },
    },
  };
}

function traceOf({ traceId, omitted, ...spans }: CompactTrace): ReportedTrace {
  return { traceId, omitted, spans: expandSpans<ReportedSpan>(spans) };
}
