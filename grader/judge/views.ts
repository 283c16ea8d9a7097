import type { Evidence } from '../evidence/index.ts';
import type { Mark } from './finding.ts';
import { clientSpansOf, pageSpansOf, requestOf } from './joins/index.ts';
import { requestName } from './sentences.ts';
import type { TraceView } from './verdict.ts';

/** The traces that the marks of a finding stand in, in the order of the marks, each with its title. */
export function viewsOf(evidence: Evidence, marks: readonly Mark[]): TraceView[] {
  const byTrace = Map.groupBy(marks, ({ traceId }) => traceId);
  const began = [...byTrace.keys()].map((traceId) => beganMs(evidence, traceId));
  return [...byTrace].map(([traceId, ofTrace], at) => {
    const title = titleOf(evidence, traceId);
    const later = Math.round((began[at] ?? Number.NaN) - (began[0] ?? Number.NaN));
    const after = at > 0 && later > 0 && !requestOf(evidence, { traceId }) ? `, ${later} ms later` : '';
    return { title: `${title}${after}`, traceId, marks: ofTrace };
  });
}

/**
 * The trace that stands for a whole scenario where no check speaks of one: of those of the driver's requests the one with
 * the most spans, else of all. Null without spans.
 */
export function mainView(evidence: Evidence): TraceView | null {
  const sizes = Map.groupBy(evidence.spans, ({ traceId }) => traceId);
  const requested = [...sizes].filter(([traceId]) => requestOf(evidence, { traceId }));
  const [largest] = (requested.length > 0 ? requested : [...sizes]).toSorted(
    ([, a], [, b]) => b.length - a.length,
  );
  if (!largest) return null;
  const [traceId] = largest;
  return { title: titleOf(evidence, traceId), traceId, marks: [] };
}

/** What a trace is about, in words: the request that it belongs to, or the name of its first span. */
function titleOf(evidence: Evidence, traceId: string): string {
  const sent = requestOf(evidence, { traceId });
  if (sent) {
    return `${sent.method} ${sent.path}${sent.userId ? `, signed in as user ${sent.userId}` : ', not signed in'}`;
  }
  const spans = [...evidence.spans, ...evidence.unended].filter((span) => span.traceId === traceId);
  const root = spans.find((span) => !spans.some(({ spanId }) => spanId === span.parentSpanId)) ?? spans[0];
  const fromPage = pageSpansOf(evidence).some((span) => span.traceId === traceId);
  const page = fromPage ? ' of the page' : '';
  for (const [record, client] of clientSpansOf(evidence)) {
    if (client && client.spanId === root?.spanId) return `${requestName(record)}${page}`;
  }
  return root ? `"${root.name}"${page}` : 'a trace';
}

function beganMs(evidence: Evidence, traceId: string): number {
  const spans = [...evidence.spans, ...evidence.unended].filter((span) => span.traceId === traceId);
  return Math.min(...spans.map(({ startMs }) => startMs));
}
