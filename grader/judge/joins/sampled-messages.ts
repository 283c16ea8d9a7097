import type { Evidence, EvidenceSpan, HeaderRecord, SentRequest } from '../../evidence/index.ts';
import { carriedIn, requestOfPost, rowsOf } from './messages.ts';
import { oncePerEvidence } from './once.ts';
import { pageRequestsOf } from './page.ts';
import { serverSpanOf } from './requests.ts';
import { callerOf, parentInHeader } from './sampling.ts';

/** A message, and what was decided about the trace of the publish that left it. */
export interface SampledMessage {
  /** of its row in the outbox */
  id: string;
  row: string;
  /** the request that published the post */
  publish: Pick<SentRequest, 'method' | 'path'>;
  /** the same, where the driver sent it */
  sent: SentRequest | null;
  /** who decided about the trace of the publish */
  by: 'the API' | 'the page' | 'its caller';
  kept: boolean;
  /** of the publish; null: it was dropped, and its row does not say which one it was */
  traceId: string | null;
}

/** The messages of the run of which it is known what was decided about their publish, oldest first. */
export const sampledMessagesOf = oncePerEvidence((evidence): SampledMessage[] =>
  rowsOf(evidence).flatMap(({ id, postId, row }): SampledMessage[] => {
    const sent = requestOfPost(evidence).get(postId);
    if (sent) return [{ id, row, publish: sent, sent, ...decidedOf(evidence, sent, row) }];
    const record = pagePublishOf(evidence, row);
    const parent = record && parentInHeader(record.traceparent);
    if (!record || !parent) return [];
    const { traceId, sampled } = parent;
    return [{ id, row, publish: record, sent: null, by: 'the page', kept: sampled, traceId }];
  }),
);

/**
 * The CONSUMER spans that stand for a message: those that lead to the trace of its publish, as a part of it or by a link,
 * and those that say its id.
 */
export function standingFor(
  { id, traceId }: SampledMessage,
  consumers: readonly EvidenceSpan[],
): EvidenceSpan[] {
  return consumers.filter(
    (span) =>
      (traceId !== null && leadsTo(span, traceId)) || String(span.attributes['messaging.message.id']) === id,
  );
}

/** Whether a span of the worker is part of this trace, or linked to it. */
export function leadsTo({ traceId: own, links }: EvidenceSpan, traceId: string): boolean {
  return own === traceId || links.some((link) => link.traceId === traceId);
}

/** Those that began while one message was under way, and no other. Unix epoch milliseconds. */
export function consumersBetween(
  consumers: readonly EvidenceSpan[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): EvidenceSpan[] {
  return consumers.filter(({ startMs }) => startMs >= fromMs && startMs <= toMs);
}

function decidedOf(
  evidence: Evidence,
  sent: SentRequest,
  row: string,
): Pick<SampledMessage, 'by' | 'kept' | 'traceId'> {
  const caller = callerOf(sent);
  if (caller) return { by: 'its caller', kept: caller.sampled, traceId: caller.traceId };
  const server = serverSpanOf(evidence, sent);
  const traceId = server?.traceId ?? carriedIn(row)?.traceId ?? null;
  return { by: 'the API', kept: server !== undefined, traceId };
}

/** Nothing but the trace in its row says which request of the page left a message. */
function pagePublishOf(evidence: Evidence, row: string): HeaderRecord | undefined {
  const carried = carriedIn(row);
  return pageRequestsOf(evidence).find(
    ({ method, path, traceparent }) =>
      method === 'POST' &&
      path === '/posts' &&
      carried !== null &&
      parentInHeader(traceparent)?.traceId === carried.traceId,
  );
}
