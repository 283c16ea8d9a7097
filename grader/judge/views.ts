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

/**
 * The trace of the same request in another run of the same seed: of the request that the driver sent, else the one that is
 * about the same in words, the first with the first. Null: there is none.
 */
export function counterpartOf(evidence: Evidence, traceId: string, other: Evidence): TraceView | null {
  const sent = requestOf(evidence, { traceId });
  const title = titleOf(evidence, traceId);
  const candidates = sent
    ? traceIdsOf(other).filter((each) => requestOf(other, { traceId: each })?.id === sent.id)
    : traceIdsOf(other).filter((each) => titleOf(other, each) === title);
  const alike = sent ? [traceId] : traceIdsOf(evidence).filter((each) => titleOf(evidence, each) === title);
  const found = candidates[alike.indexOf(traceId)];
  return found === undefined ? null : { title: titleOf(other, found), traceId: found, marks: [] };
}

/** Every trace once, in the order of their begins. */
function traceIdsOf(evidence: Evidence): string[] {
  const spans = evidence.spans.toSorted((a, b) => a.startMs - b.startMs);
  return [...new Set(spans.map(({ traceId }) => traceId))];
}

/** What a trace is about, in words: the request that it belongs to, or the name of its first span. */
function titleOf(evidence: Evidence, traceId: string): string {
  const sent = requestOf(evidence, { traceId });
  if (sent) {
    return `${sent.method} ${withoutLongValues(sent.path)}${sent.userId ? `, signed in as user ${sent.userId}` : ', not signed in'}`;
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

/** A value of the query that is as long as a token is cut: a title tells the request, and not what opens it. */
function withoutLongValues(path: string): string {
  return path.replace(/([?&][^=&]*=[^&]{4})[^&]{12,}/g, '$1[cut]');
}

function beganMs(evidence: Evidence, traceId: string): number {
  const spans = [...evidence.spans, ...evidence.unended].filter((span) => span.traceId === traceId);
  return Math.min(...spans.map(({ startMs }) => startMs));
}
