import { select } from '@workshop/telemetry/pure';
import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import { diagnosePageSilence } from '../diagnosis/page/spans.ts';
import {
  diagnoseEarlyEnd,
  diagnoseMissingJourney,
  diagnoseMixed,
  diagnoseOpenAfterFailure,
  diagnoseOutside,
  type JourneyRequest,
  type Publishing,
} from '../diagnosis/spans/journey.ts';
import { isOwnScope } from '../diagnosis/spans/spans.ts';
import { fail } from './check.ts';
import { evidence, fact, spanIndex } from './evidence.ts';
import { clientSpanOf, pageRequests, pageSpans, pageWorked } from './page.ts';

/** The page's clock and the driver's are of one machine; a span may seem to begin this much before its click. */
const TOLERANCE_MS = 50;

/** What a publish asks the API for: saving, the feed again, the number of news. */
const ASKED = ['POST /posts', 'GET /feed', 'GET /notifications'];

/** The part of the run in which posts were published in this way. Fails with its cause when it never came that far. */
export function publishing(what: string): Publishing {
  pageWorked();
  const found = fact<Publishing[]>('journeys').find((one) => one.what === what);
  if (!found) throw new Error(`the scenario published nothing "${what}"`);
  return { ...found, author: fact<string>('author') };
}

/** The one span of that name that the click made. Fails with the diagnosed cause when there is none, or several. */
export function journeySpan(part: Publishing, name: string): EvidenceSpan {
  const [found, ...more] = journeySpans(part, name);
  if (found && more.length === 0) return found;
  const silence = diagnosePageSilence(evidence(), `one span named "${name}" for the whole publish.`);
  if (silence) fail(silence);
  return fail(diagnoseMissingJourney(evidence(), part, name, journeySpans(part, name), spansOf(part)));
}

/** The publish's requests with their CLIENT spans. Fails with the diagnosed cause unless all are below its span. */
export function requestsBelow(part: Publishing, name: string): JourneyRequest[] {
  const journey = journeySpan(part, name);
  const requests = requestsOf(part);
  const broken = diagnoseOutside(spanIndex(), part, journey, requests);
  if (broken) fail(broken);
  return requests;
}

/** Fails unless the span ends behind the last answer. */
export function journeyCovers(part: Publishing, name: string): void {
  const broken = diagnoseEarlyEnd(part, journeySpan(part, name), requestsBelow(part, name));
  if (broken) fail(broken);
}

/** Fails unless each of several publishes at the same time has a span of its own, with its own requests below it. */
export function journeysApart(part: Publishing, name: string): void {
  const unended = evidence().unended.filter((span) => span.name === name && isWithin(part, span.startMs));
  const broken = diagnoseMixed(
    spanIndex(),
    part,
    name,
    journeySpans(part, name),
    unended,
    requestsOf(part),
    ASKED,
  );
  if (broken) fail(broken);
}

/** Fails unless the span of a publish that failed has ended. */
export function journeyEndedOnFailure(part: Publishing, name: string): EvidenceSpan {
  const [found] = journeySpans(part, name);
  if (found) return found;
  const open = evidence().unended.find((span) => span.name === name && isWithin(part, span.startMs));
  return fail(diagnoseOpenAfterFailure(part, name, open, requestsOf(part)));
}

/** The learner's own spans of that name which began in this part of the run, the first one first. */
function journeySpans(part: Publishing, name: string): EvidenceSpan[] {
  return select(spansOf(part))
    .name(name)
    .where('of an own tracer', (span) => isOwnScope(span))
    .all()
    .sort((a, b) => a.startMs - b.startMs);
}

/** The requests of this part that publishing makes, in the order of their arrival. */
function requestsOf(part: Publishing): JourneyRequest[] {
  const found = pageRequests().filter(
    (record) => isWithin(part, record.atMs) && ASKED.includes(titleOf(record)),
  );
  if (found.length === 0) throw new Error(`the page published ${part.what}, and the API got no request`);
  return found.map((record) => ({ title: titleOf(record), record, span: clientSpanOf(record) }));
}

function spansOf(part: Publishing): EvidenceSpan[] {
  return pageSpans().filter((span) => isWithin(part, span.startMs));
}

function isWithin({ fromMs, toMs }: Publishing, ms: number): boolean {
  return ms >= fromMs - TOLERANCE_MS && ms <= toMs + TOLERANCE_MS;
}

function titleOf({ method, path }: HeaderRecord): string {
  return `${method} ${path.split('?')[0]}`;
}
