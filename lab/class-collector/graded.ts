import type { Span } from '@workshop/telemetry';
import { type ExportResult, type GradedMarks, sendMarkedSpans } from '../honeycomb/index.ts';
import { impersonal } from './impersonal.ts';
import type { ClassCollector } from './settings.ts';

/**
 * Sends the spans of a grading to the Collector of a class, after the verdict, marked as for Honeycomb. Never throws
 * for trouble on the way: a warning says it, and the exit code is left alone.
 */
export function sendGradedSpans(
  spans: readonly Span[],
  marks: GradedMarks,
  { endpoint, headers, name }: ClassCollector,
): Promise<ExportResult> {
  return sendMarkedSpans(
    spans.map((span) => impersonal(span)),
    marks,
    {
      target: { endpoint, headers, setting: 'OTEL_EXPORTER_OTLP_ENDPOINT' },
      learner: name,
      place: 'the Collector of the class',
      // Nobody waits for their verdict's end because a Collector is away.
      tries: 2,
    },
  );
}
