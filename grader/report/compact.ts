import { compactSpans } from '@workshop/telemetry/pure';
import type { CompactExercise, CompactTrace, ReportedExercise, ReportedTrace } from './shapes.ts';

/** For what is kept and sent: half of a report's text is that each span repeats its resource. */
export function compactExercise(exercise: ReportedExercise): CompactExercise {
  return { ...exercise, traces: exercise.traces.map(compactTrace) };
}

export function compactTrace({ spans, ...trace }: ReportedTrace): CompactTrace {
  return { ...trace, ...compactSpans(spans) };
}
