import type { Evidence, EvidenceSpan, HeaderRecord, UnendedSpan } from '../../evidence/index.ts';
import { requestName } from '../sentences.ts';
import { BROWSER_CLOCK_MS } from '../tolerances.ts';
import { clientSpansOf, pageRequestsOf, pageSpansOf } from './page.ts';

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

/** What a publish asks the API for: saving, the feed again, the number of news. */
export const ASKED = ['POST /posts', 'GET /feed', 'GET /notifications'];

/** The requests of this part that publishing makes, in the order of their arrival. */
export function journeyRequestsOf(evidence: Evidence, part: Publishing): JourneyRequest[] {
  const clients = clientSpansOf(evidence);
  return pageRequestsOf(evidence)
    .filter((record) => isWithin(part, record.atMs) && ASKED.includes(requestName(record)))
    .map((record) => ({ title: requestName(record), record, span: clients.get(record) }));
}

/** Spans of the page that began in this part. */
export function journeySpansOf(evidence: Evidence, part: Publishing): EvidenceSpan[] {
  return pageSpansOf(evidence).filter((span) => isWithin(part, span.startMs));
}

/** Spans that began in this part and never ended. */
export function openJourneySpansOf(evidence: Evidence, part: Publishing): UnendedSpan[] {
  return evidence.unended.filter((span) => isWithin(part, span.startMs));
}

function isWithin({ fromMs, toMs }: Publishing, ms: number): boolean {
  return ms >= fromMs - BROWSER_CLOCK_MS && ms <= toMs + BROWSER_CLOCK_MS;
}
