import type { Evidence, EvidenceSpan, SentRequest, UnendedSpan } from '../../evidence/index.ts';
import { ROUNDING_MS } from '../tolerances.ts';
import { oncePerEvidence } from './once.ts';
import { serverSpanOf, spanIndexOf } from './requests.ts';

/** One part of the run: messages were left in the outbox, and the worker took them. Unix epoch milliseconds. */
export interface Delivery {
  what: string;
  postIds: string[];
  fromMs: number;
  toMs: number;
  /** false: a message still waited when the time was over */
  emptied: boolean;
}

/** A message about a post that somebody published. */
export interface Message {
  /** of its row in the outbox */
  id: string;
  postId: string;
  /** the row as JSON text */
  row: string;
  /** the request that published the post */
  request: SentRequest;
  /** so many followers were to be told */
  followers: number;
}

/** How a span leads to a trace: as a part of it, or by a link. Null: it does not. */
export type Way = 'parent' | 'link' | null;

export const deliveriesOf = oncePerEvidence((evidence) => listOf<Delivery>(evidence.facts.parts));

/** The messages of this part that a request of the run left, oldest first. */
export function messagesOf(evidence: Evidence, part: Delivery): Message[] {
  const told = listOf<{ postId: string; wanted: number }>(evidence.facts.told);
  return rowsOf(evidence).flatMap((message) => {
    const request = requestOfPost(evidence).get(message.postId);
    if (!request || !part.postIds.includes(message.postId)) return [];
    const followers = told.find(({ postId }) => postId === message.postId)?.wanted ?? 0;
    return [{ ...message, request, followers }];
  });
}

/** Every row of the outbox that the scenario saw. */
export function rowsOf(evidence: Evidence): { id: string; postId: string; row: string }[] {
  return listOf(evidence.facts.messages);
}

/** The driver's request that published each post, by the post's id. */
export const requestOfPost = oncePerEvidence((evidence) => {
  const published = evidence.requests.filter(
    ({ method, path, status }) => method === 'POST' && path === '/posts' && status === 201,
  );
  return new Map(
    published.flatMap((sent) => {
      const id = /"id"\s*:\s*"?(\d+)/.exec(sent.responseBody)?.[1];
      return id ? [[id, sent] as const] : [];
    }),
  );
});

/** A context as W3C writes it, wherever it stands in a row. */
const TRACEPARENT = /\b[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}\b/;

/** The context that the row of a message carries; null when it carries none. */
export function carriedIn(row: string): { traceId: string; spanId: string } | null {
  const [, traceId, spanId] = TRACEPARENT.exec(row) ?? [];
  return traceId && spanId ? { traceId, spanId } : null;
}

/** Spans of the worker that began in this part. */
export function workerSpansOf(evidence: Evidence, part: Delivery): EvidenceSpan[] {
  return evidence.spans.filter((span) => isOfWorker(span) && isOf(evidence, part, span.startMs));
}

/** Spans of the worker that began in this part and never ended. */
export function openWorkerSpansOf(evidence: Evidence, part: Delivery): UnendedSpan[] {
  return evidence.unended.filter((span) => isOfWorker(span) && isOf(evidence, part, span.startMs));
}

/** A worker without the capture is known from the wire alone, and may have no name that tells it. */
export function isOfWorker({ origin }: { origin: { process: string } }): boolean {
  return origin.process === 'worker' || origin.process === 'unknown';
}

/**
 * How a span of the worker leads to the request that published a post: what it names must be a span of that request.
 */
export function wayTo(evidence: Evidence, span: EvidenceSpan, sent: SentRequest): Way {
  const server = serverSpanOf(evidence, sent);
  return server ? wayToServer(evidence, span, server) : null;
}

/** The same, where the request is known by its SERVER span: it may be one of the page. */
export function wayToServer(evidence: Evidence, span: EvidenceSpan, server: EvidenceSpan): Way {
  if (span.traceId === server.traceId && spanIndexOf(evidence).isBelow(span, server)) return 'parent';
  return linksTo(evidence, span, server).length > 0 ? 'link' : null;
}

/** The links of a span to the spans of a request. */
export function linksTo(evidence: Evidence, span: EvidenceSpan, server: EvidenceSpan): EvidenceSpan['links'] {
  return span.links.filter(
    ({ traceId, spanId }) =>
      traceId === server.traceId &&
      (spanId === server.spanId || spanIndexOf(evidence).isBelow({ traceId, spanId }, server)),
  );
}

/** The parts follow each other, and between them the worker is idle: what began belongs to the last part that had begun. */
function isOf(evidence: Evidence, part: Delivery, ms: number): boolean {
  const idle = (evidence.facts.idle as { fromMs?: number } | undefined)?.fromMs;
  if (idle !== undefined && ms >= idle) return false;
  return deliveriesOf(evidence).findLast(({ fromMs }) => fromMs <= ms + ROUNDING_MS)?.fromMs === part.fromMs;
}

function listOf<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}
