import type { Evidence, EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { ROUNDING_MS } from '../tolerances.ts';
import { oncePerEvidence } from './once.ts';
import { pageRequestsOf, pageSpansOf, readTraceparent } from './page.ts';

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
  by: 'the API' | 'the page' | 'the caller';
  ratio: number;
}

/** The loads of the page, in their order. */
export const sampledVisitsOf = oncePerEvidence((evidence) => {
  const noted = evidence.facts.visits;
  return Array.isArray(noted) ? (noted as SampledVisit[]) : [];
});

/** The decision about the trace of a span: that of whoever began the trace. */
export function decisionOf(evidence: Evidence, { traceId }: Pick<EvidenceSpan, 'traceId'>): Decision {
  const ratio = evidence.facts['api ratio'];
  return foreignDecisions(evidence).get(traceId) ?? { by: 'the API', ratio: Number(ratio ?? 1) };
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
