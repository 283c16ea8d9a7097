import type { Screen } from '@workshop/base/terminal';
import { renderWaterfall } from '@workshop/telemetry/pure';
import type { Evidence } from '../evidence/index.ts';
import type { TraceView } from '../judge/index.ts';

/** The trace of a view as a text waterfall with its marks; bars, or numbered lines on a plain screen. */
export function waterfallLines(view: TraceView, evidence: Evidence | null, screen: Screen): string[] {
  if (!evidence) return [];
  const spans = evidence.spans.filter((span) => span.traceId === view.traceId);
  return renderWaterfall(spans, {
    width: Math.max(60, screen.width),
    title: view.title,
    plain: screen.plain,
    unended: evidence.unended.filter((span) => span.traceId === view.traceId),
    annotations: view.marks.map(({ spanId, text, place, interval }) => ({
      text,
      traceId: view.traceId,
      ...(spanId === null ? { place: 'after' as const } : { spanId, place }),
      ...(interval ? { interval } : {}),
    })),
  }).split('\n');
}
