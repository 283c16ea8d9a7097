import type { Evidence, EvidenceSpan, HeaderRecord, UnendedSpan } from '../../evidence/index.ts';
import { requestName } from '../sentences.ts';
import { ROUNDING_MS } from '../tolerances.ts';
import { oncePerEvidence } from './once.ts';
import { clientSpansOf, pageRequestsOf, pageSpansOf } from './page.ts';
import { spanIndexOf } from './requests.ts';

/** One part of the run: posts published alone, at the same time, or in vain. Unix epoch milliseconds. */
export type Publishing = {
  what: string;
  texts: string[];
  fromMs: number;
  toMs: number;
};

/** A request of a publish, and the page's CLIENT span of it where it has one. */
export interface JourneyRequest {
  /** `GET /feed` */
  title: string;
  record: HeaderRecord;
  span: EvidenceSpan | undefined;
}

/** A request of a publish with the page's CLIENT span of it. */
export type TracedRequest = JourneyRequest & { span: EvidenceSpan };

/** What a publish asks the API for: saving, the feed again, the number of news. */
export const ASKED = ['POST /posts', 'GET /feed', 'GET /notifications'];

/** The parts of the run in which posts were published, in their order. */
export const publishingsOf = oncePerEvidence((evidence) => {
  const noted = evidence.facts.journeys;
  return Array.isArray(noted) ? (noted as Publishing[]) : [];
});

/** The requests of this part that publishing makes, in the order of their arrival. */
export function journeyRequestsOf(evidence: Evidence, part: Publishing): JourneyRequest[] {
  const clients = clientSpansOf(evidence);
  return pageRequestsOf(evidence)
    .filter((record) => isOf(evidence, part, record.atMs) && ASKED.includes(requestName(record)))
    .map((record) => ({ title: requestName(record), record, span: clients.get(record) }));
}

/** Spans of the page that are of this part: those above its posts' saving, and all others that began in it. */
export function journeySpansOf(evidence: Evidence, part: Publishing): EvidenceSpan[] {
  return pageSpansOf(evidence).filter((span) => {
    const ofSaving = partBySaving(evidence).get(span.spanId);
    return ofSaving === undefined ? isOf(evidence, part, span.startMs) : ofSaving === part.fromMs;
  });
}

/** Spans that began in this part and never ended. */
export function openJourneySpansOf(evidence: Evidence, part: Publishing): UnendedSpan[] {
  return evidence.unended.filter((span) => isOf(evidence, part, span.startMs));
}

/** Spans above the CLIENT span of a `POST /posts`, by id, with the beginning of the part in which that post was saved. */
const partBySaving = oncePerEvidence((evidence) => {
  const index = spanIndexOf(evidence);
  const parts = new Map<string, number>();
  for (const part of publishingsOf(evidence)) {
    for (const { title, span } of journeyRequestsOf(evidence, part)) {
      if (title !== ASKED[0] || !span) continue;
      for (const above of index.ancestorsOf(span)) {
        if (!parts.has(above.spanId)) parts.set(above.spanId, part.fromMs);
      }
    }
  }
  return parts;
});

/**
 * The parts follow each other, and between them the page was idle: what happened belongs to the last part that had
 * begun. A part is not widened, since the next click may come 50 ms after the last answer.
 */
function isOf(evidence: Evidence, part: Publishing, ms: number): boolean {
  return publishingsOf(evidence).findLast(({ fromMs }) => fromMs <= ms + ROUNDING_MS)?.fromMs === part.fromMs;
}
