import type { Evidence, EvidenceSpan, HeaderRecord, SentRequest } from '../../evidence/index.ts';
import { ROUNDING_MS } from '../tolerances.ts';
import { type Delivery, type Message, messagesOf, rowsOf } from './messages.ts';
import { oncePerEvidence } from './once.ts';
import { apiSpanOf, pageRequestsOf, sentMsOf } from './page.ts';
import { serverSpanOf } from './requests.ts';

/** Which layout the page has: the key of an entry of baggage, and of an attribute. */
export const UI_VARIANT = 'murmur.ui.variant';

export type Variant = 'A' | 'B';

/** One load of the page in one of its layouts. */
export interface VariantVisit {
  variant: Variant;
  /** Unix epoch milliseconds */
  fromMs: number;
  /** the post that the visitor published in it; null: it never came to that */
  postId: string | null;
}

/** A message whose request had a variant, or had none. */
export interface VariantMessage extends Pick<Message, 'id' | 'postId' | 'row' | 'followers'> {
  variant: Variant | null;
  /** of the request that left it; undefined: it has none */
  server: EvidenceSpan | undefined;
  /** `POST /posts of the page`, `POST /posts of user 0412` */
  request: string;
}

/**
 * The entries of a baggage header: keys and values, decoded, without their properties. What is no entry is left out.
 * Format: W3C Baggage, "Header content".
 */
export function baggageEntries(header: string | null | undefined): Map<string, string> {
  const entries = (header ?? '').split(',').flatMap((member) => {
    const [, key = '', value = ''] = /^\s*([^\s=;]+)\s*=\s*([^;]*?)\s*(?:;.*)?$/s.exec(member) ?? [];
    try {
      return key === '' ? [] : [[decodeURIComponent(key), decodeURIComponent(value)] as const];
    } catch {
      return [];
    }
  });
  return new Map(entries);
}

/** The variant that a header says, null where it says none of Murmur's. */
export function variantIn(header: string | null | undefined): Variant | null {
  const value = baggageEntries(header).get(UI_VARIANT);
  return value === 'A' || value === 'B' ? value : null;
}

/** The variant in the baggage of a request of the driver. */
export function variantOfRequest({ requestHeaders }: SentRequest): Variant | null {
  return variantIn(requestHeaders.baggage);
}

/** The loads of the page, in their order. */
export const variantVisitsOf = oncePerEvidence((evidence): VariantVisit[] => {
  const noted = evidence.facts.visits;
  return Array.isArray(noted) ? (noted as unknown as VariantVisit[]) : [];
});

/** The load of the page that a request of its belongs to; undefined for one before the first. */
export function visitOf(evidence: Evidence, record: HeaderRecord): VariantVisit | undefined {
  const sentMs = sentMsOf(evidence, record);
  return variantVisitsOf(evidence).findLast(({ fromMs }) => fromMs <= sentMs + ROUNDING_MS);
}

/** The messages of this part, oldest first: those that the driver's requests left, and those of the page's. */
export function variantMessagesOf(evidence: Evidence, part: Delivery): VariantMessage[] {
  const ofDriver = messagesOf(evidence, part).map(({ request, ...message }) => ({
    ...message,
    variant: variantOfRequest(request),
    server: serverSpanOf(evidence, request),
    request: `POST /posts of user ${request.userId}`,
  }));
  const told = evidence.facts.told;
  const ofPage = variantVisitsOf(evidence).flatMap(({ postId }): VariantMessage[] => {
    const row = rowsOf(evidence).find((one) => one.postId === postId);
    const record = publishOf(evidence, postId);
    if (!row || !record || !part.postIds.includes(row.postId)) return [];
    const followers = (Array.isArray(told) ? (told as { postId?: string; wanted?: number }[]) : []).find(
      (one) => one?.postId === postId,
    );
    return [
      {
        ...row,
        variant: variantIn(record.baggage),
        server: apiSpanOf(evidence, record),
        followers: followers?.wanted ?? 0,
        request: 'POST /posts of the page',
      },
    ];
  });
  return [...ofDriver, ...ofPage];
}

/** The page's request that published this post: one in each of its loads. */
function publishOf(evidence: Evidence, postId: string | null): HeaderRecord | undefined {
  return pageRequestsOf(evidence).find(
    (record) =>
      record.method === 'POST' &&
      record.path === '/posts' &&
      postId !== null &&
      visitOf(evidence, record)?.postId === postId,
  );
}

/**
 * What a span says of the variant. The page has one for as long as it is loaded, so there the resource may say it: to
 * whoever queries, that is on each span.
 */
export function variantOn(span: EvidenceSpan): unknown {
  return span.attributes[UI_VARIANT] ?? span.resource[UI_VARIANT];
}
