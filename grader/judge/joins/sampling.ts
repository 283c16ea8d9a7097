import type { Evidence, EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { ROUNDING_MS } from '../tolerances.ts';
import { isOfWorker } from './messages.ts';
import { oncePerEvidence } from './once.ts';
import { pageRequestsOf, pageSpansOf, readTraceparent } from './page.ts';
import { spanIndexOf } from './requests.ts';

/** One load of the page: the share that config.json told it to keep, and the word in the addresses that it asked for. */
export type SampledVisit = {
  ratio: number;
  word: string;
  requests: number;
  /** Unix epoch milliseconds */
  fromMs: number;
};

/** Who decided whether a trace is kept, and the share of its traces that it keeps. A caller of the driver's says none. */
export interface Decision {
  by: 'the API' | 'the page' | 'the worker' | 'the caller';
  ratio: number;
}

/** The loads of the page, in their order. */
export const sampledVisitsOf = oncePerEvidence((evidence) => {
  const noted = evidence.facts.visits;
  return Array.isArray(noted) ? (noted as SampledVisit[]) : [];
});

/**
 * The decision about the trace of a span: that of whoever began the trace. A trace that the worker began for a message,
 * with a link to its publish, follows the decision about that one.
 */
export function decisionOf(evidence: Evidence, span: EvidenceSpan): Decision {
  if (isOfReplica(evidence, span)) return { by: 'the API', ratio: 1 };
  // API and worker are told the same share.
  const ratio = Number(evidence.facts['api ratio'] ?? 1);
  const foreign = foreignDecisions(evidence);
  const decided = ({ traceId }: { traceId: string }): Decision | undefined =>
    foreign.get(traceId) ?? (isOfApi(evidence, traceId) ? { by: 'the API', ratio } : undefined);
  const own = decided(span);
  if (own || !isOfWorker(span)) return own ?? { by: 'the API', ratio };
  const linked = [span, ...spanIndexOf(evidence).ancestorsOf(span)].find(
    ({ kind, links }) => kind === 'CONSUMER' && links.length > 0,
  )?.links[0];
  return linked ? (decided(linked) ?? { by: 'the API', ratio }) : { by: 'the worker', ratio };
}

/** Another instance of the API is told no share, so it keeps all. */
function isOfReplica({ stops }: Evidence, { origin }: EvidenceSpan): boolean {
  return (stops ?? []).some(({ process }) => process === origin.process);
}

function isOfApi(evidence: Evidence, traceId: string): boolean {
  return spanIndexOf(evidence)
    .trace(traceId)
    .some(({ origin }) => origin.process === 'api');
}

/** By trace id, of all traces that began outside of the API. */
const foreignDecisions = oncePerEvidence((evidence) => {
  const found = new Map<string, Decision>();
  for (const sent of evidence.requests) {
    const caller = callerOf(sent);
    if (caller) found.set(caller.traceId, { by: 'the caller', ratio: 1 });
  }
  const ofPage = [
    ...pageSpansOf(evidence).map(({ traceId, startMs }) => ({ traceId, atMs: startMs })),
    ...pageRequestsOf(evidence).flatMap(({ traceparent, atMs }) => {
      const parent = readTraceparent(traceparent);
      return parent ? [{ traceId: parent.traceId, atMs }] : [];
    }),
  ].sort((a, b) => a.atMs - b.atMs);
  for (const { traceId, atMs } of ofPage) {
    const visit = sampledVisitsOf(evidence).findLast(({ fromMs }) => fromMs <= atMs + ROUNDING_MS);
    if (!found.has(traceId)) found.set(traceId, { by: 'the page', ratio: visit?.ratio ?? 1 });
  }
  return found;
});

/** The span that a request of the driver named as its parent, and whether its caller had kept the trace. Null: none. */
export function callerOf({ requestHeaders }: SentRequest): ParentInHeader | null {
  return parentInHeader(requestHeaders.traceparent ?? null);
}

export interface ParentInHeader {
  traceId: string;
  spanId: string;
  sampled: boolean;
}

/** Reads a traceparent header with its flags; null where it is missing or malformed. */
export function parentInHeader(header: string | null): ParentInHeader | null {
  const parent = readTraceparent(header);
  return parent && { ...parent, sampled: (Number.parseInt(header?.slice(-2) ?? '', 16) & 1) === 1 };
}
