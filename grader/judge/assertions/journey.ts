import { select } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseDrive } from '../diagnosis/program/requests.ts';
import { diagnoseOrder } from '../diagnosis/spans/journey-order.ts';
import { diagnoseOutside, diagnoseUnasked } from '../diagnosis/spans/journey-requests.ts';
import {
  diagnoseEarlyJourney,
  diagnoseJourneyEnd,
  diagnoseMissingJourney,
  diagnoseOpenJourney,
} from '../diagnosis/spans/journey-span.ts';
import { diagnoseMixed } from '../diagnosis/spans/journeys-apart.ts';
import { diagnoseKind } from '../diagnosis/spans/kind.ts';
import { diagnoseUnnamedTracer, isOwnScope } from '../diagnosis/spans/own-scope.ts';
import {
  journeyRequestsOf,
  journeySpansOf,
  type Publishing,
  publishingsOf,
  type TracedRequest,
} from '../joins/index.ts';
import { fail, failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { expectClientSpan, expectPageUsable } from './page.ts';

/** The part of the run in which posts were published in this way. Fails with its cause when it never came that far. */
export function expectPublish(what: string): Publishing {
  expectPageUsable();
  const found = publishingsOf(evidence()).find((one) => one.what === what);
  if (found) return found;
  failOn(diagnoseDrive(evidence()));
  throw new Error(`the scenario published nothing "${what}"`);
}

/**
 * The one span of that name that the click made: INTERNAL, of a tracer with a name. Fails with the diagnosed cause when
 * there is none, or several.
 */
export function expectJourneySpan(name: string, publish: Publishing): EvidenceSpan {
  const found = findJourneySpans(name, publish);
  const [span] = found;
  if (!span || found.length > 1) return fail(diagnoseMissingJourney(evidence(), name, publish, found));
  failOn(diagnoseUnnamedTracer(span) ?? diagnoseKind(span));
  return span;
}

/** The publish's requests with their CLIENT spans. Fails with the cause unless all are below its span, in order. */
export function expectRequestsBelow(name: string, publish: Publishing): TracedRequest[] {
  const journey = expectJourneySpan(name, publish);
  failOn(diagnoseUnasked(journeyRequestsOf(evidence(), publish), publish.texts.length));
  const requests = findTracedRequests(publish);
  failOn(diagnoseOrder(requests, publish.texts.length));
  failOn(diagnoseOutside(spanIndex(), requests, journey));
  return requests;
}

/** Fails unless the span begins with the click and ends with the last answer. */
export function expectJourneyCovers(name: string, publish: Publishing): void {
  const journey = expectJourneySpan(name, publish);
  failOn(diagnoseEarlyJourney(journey, publish));
  failOn(diagnoseJourneyEnd(journey, expectRequestsBelow(name, publish)));
}

/** Fails unless each of several publishes at the same time has a span of its own, with its own requests below it. */
export function expectJourneysApart(name: string, publish: Publishing): void {
  const journeys = findJourneySpans(name, publish);
  const requests = findTracedRequests(publish);
  failOn(diagnoseMixed(evidence(), name, publish, journeys, requests));
  for (const journey of journeys) {
    const own = requests.filter(({ span }) => spanIndex().isBelow(span, journey));
    failOn(diagnoseJourneyEnd(journey, own));
  }
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

/** The publish's requests. Fails with the diagnosed cause when one of them has no CLIENT span. */
function findTracedRequests(publish: Publishing): TracedRequest[] {
  return journeyRequestsOf(evidence(), publish).map((one) => ({
    ...one,
    span: expectClientSpan(one.record),
  }));
}
