import { endMs, indexSpans } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { CLOCK_MS } from '../tolerances.ts';
import { oncePerEvidence } from './once.ts';
import { hasDriversAgent, serverSpansOf } from './server-spans.ts';

/** All spans of the evidence with their relations: parents, children, traces. */
export const spanIndexOf = oncePerEvidence((evidence) => indexSpans<EvidenceSpan>(evidence.spans));

const serversByUserAgent = oncePerEvidence((evidence) =>
  Map.groupBy(serverSpansOf(evidence), (span) => span.attributes['user_agent.original']),
);

/**
 * The SERVER span of a request that the driver sent: the one with the User-Agent that only this request had, else by
 * method, path and time. Undefined when there is none.
 */
export function serverSpanOf(evidence: Evidence, sent: SentRequest): EvidenceSpan | undefined {
  const [byAgent] = serversByUserAgent(evidence).get(sent.userAgent) ?? [];
  if (byAgent) return byAgent;
  const inTime = serverSpansOf(evidence).filter((span) => overlaps(span, sent));
  return (
    inTime.find((span) => isOf(span, sent)) ??
    (inTime.length === 1 && !hasDriversAgent(inTime[0]) ? inTime[0] : undefined)
  );
}

/** Every span of the request: its SERVER span's whole trace, or without one all spans that began during it. */
export function spansOf(evidence: Evidence, sent: SentRequest): EvidenceSpan[] {
  const server = serverSpanOf(evidence, sent);
  if (server) return spanIndexOf(evidence).trace(server.traceId);
  return evidence.spans.filter((span) => span.origin.phase === 'run' && overlaps(span, sent));
}

const requestByTrace = oncePerEvidence(
  (evidence) =>
    new Map(
      evidence.requests.flatMap((sent) => {
        const server = serverSpanOf(evidence, sent);
        return server ? [[server.traceId, sent] as const] : [];
      }),
    ),
);

/** The driver's request that a span's trace belongs to, undefined where it is no request's, or one of the page's. */
export function requestOf(evidence: Evidence, span: { traceId: string }): SentRequest | undefined {
  return requestByTrace(evidence).get(span.traceId);
}

/** True when something began while the request was open. */
export function isDuring(startMs: number, sent: Pick<SentRequest, 'startMs' | 'durationMs'>): boolean {
  return startMs >= sent.startMs - CLOCK_MS && startMs <= sent.startMs + sent.durationMs + CLOCK_MS;
}

function overlaps(span: EvidenceSpan, sent: SentRequest): boolean {
  return isDuring(span.startMs, sent) && endMs(span) >= sent.startMs;
}

function isOf(span: EvidenceSpan, sent: SentRequest): boolean {
  const method = span.attributes['http.request.method'] ?? span.attributes['http.method'];
  const path = span.attributes['url.path'] ?? span.attributes['http.target'] ?? span.attributes['http.route'];
  if (hasDriversAgent(span)) return false;
  return (
    method === sent.method && (path === undefined || String(path).split('?')[0] === sent.path.split('?')[0])
  );
}
