import { select } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseMixed, diagnoseOutside } from '../diagnosis/spans/journey-requests.ts';
import {
  diagnoseEarlyEnd,
  diagnoseMissingJourney,
  diagnoseOpenJourney,
} from '../diagnosis/spans/journey-span.ts';
import { isOwnScope } from '../diagnosis/spans/own-scope.ts';
import { type JourneyRequest, journeyRequestsOf, journeySpansOf, type Publishing } from '../joins/index.ts';
import { fail, failOn } from './check.ts';
import { evidence, fact, spanIndex } from './evidence.ts';
import { expectClientSpan, expectPageRequests, expectPageUsable } from './page.ts';

/** A request of a publish with the page's CLIENT span of it. */
type TracedRequest = JourneyRequest & { span: EvidenceSpan };

/** The part of the run in which posts were published in this way. Fails with its cause when it never came that far. */
export function expectPublish(what: string): Publishing {
  expectPageUsable();
  const found = fact<Publishing[]>('journeys').find((one) => one.what === what);
  if (!found) throw new Error(`the scenario published nothing "${what}"`);
  return found;
}

/** The one span of that name that the click made. Fails with the diagnosed cause when there is none, or several. */
export function expectJourneySpan(name: string, publish: Publishing): EvidenceSpan {
  const found = findJourneySpans(name, publish);
  return found.length === 1 && found[0]
    ? found[0]
    : fail(diagnoseMissingJourney(evidence(), name, publish, found));
}

/** The publish's requests with their CLIENT spans. Fails with the diagnosed cause unless all are below its span. */
export function expectRequestsBelow(name: string, publish: Publishing): TracedRequest[] {
  const journey = expectJourneySpan(name, publish);
  const requests = expectTracedRequests(publish);
  failOn(diagnoseOutside(spanIndex(), requests, journey));
  return requests;
}

/** Fails unless the span ends behind the last answer. */
export function expectJourneyCovers(name: string, publish: Publishing): void {
  failOn(diagnoseEarlyEnd(expectJourneySpan(name, publish), expectRequestsBelow(name, publish)));
}

/** Fails unless each of several publishes at the same time has a span of its own, with its own requests below it. */
export function expectJourneysApart(name: string, publish: Publishing): void {
  const journeys = findJourneySpans(name, publish);
  failOn(diagnoseMixed(evidence(), name, publish, journeys, expectTracedRequests(publish)));
}

/** Fails unless the span of a publish that failed has ended. */
export function expectJourneyEndedOnFailure(name: string, publish: Publishing): EvidenceSpan {
  return findJourneySpans(name, publish)[0] ?? fail(diagnoseOpenJourney(evidence(), name, publish));
}

/** The learner's own spans of that name which began in this part of the run, the first one first. */
function findJourneySpans(name: string, publish: Publishing): EvidenceSpan[] {
  return select(journeySpansOf(evidence(), publish))
    .name(name)
    .where('of an own tracer', (span) => isOwnScope(span))
    .all()
    .sort((a, b) => a.startMs - b.startMs);
}

function expectTracedRequests(publish: Publishing): TracedRequest[] {
  expectPageRequests();
  const found = journeyRequestsOf(evidence(), publish);
  if (found.length === 0) throw new Error(`the page published ${publish.what}, and the API got no request`);
  return found.map((one) => ({ ...one, span: expectClientSpan(one.record) }));
}
