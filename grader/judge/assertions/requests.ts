import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnoseForgery } from '../diagnosis/forgery/forgery.ts';
import {
  diagnoseAnswer,
  diagnoseDrive,
  diagnoseEmptyList,
  diagnoseProcesses,
} from '../diagnosis/program/requests.ts';
import { diagnoseRoute } from '../diagnosis/sdk/route.ts';
import { diagnoseNoServerSpan } from '../diagnosis/sdk/silence.ts';
import { serverSpanOf, spansOf } from '../joins/index.ts';
import { fail, failOn } from './check.ts';
import { evidence } from './evidence.ts';

/**
 * The requests that the scenario sent under this label, in order. Fails the check with its cause when the scenario
 * could not get that far, or when a process of the learner's ended in the run: no verdict may pass over that.
 */
export function expectRequests(label: string): SentRequest[] {
  failOn(diagnoseProcesses(evidence()));
  const found = evidence().requests.filter((request) => request.label === label);
  if (found.length > 0) return found;
  failOn(diagnoseDrive(evidence()));
  throw new Error(`the scenario sent no request labelled "${label}"`);
}

/** The one request of that label. */
export function expectRequest(label: string): SentRequest {
  return expectRequests(label)[0] as SentRequest;
}

/** Fails with `request-failed` unless Murmur answered with one of these statuses. */
export function expectStatus(sent: SentRequest, ...expected: number[]): SentRequest {
  failOn(diagnoseAnswer(evidence(), sent, expected));
  return sent;
}

/** Fails unless the answer lists something: an emptied answer is not Murmur's, whatever its spans say. */
export function expectListed(sent: SentRequest): SentRequest {
  failOn(diagnoseEmptyList(sent));
  return sent;
}

/** The request's own SERVER span, undefined when there is none. */
export function findServerSpan(sent: SentRequest): EvidenceSpan | undefined {
  return serverSpanOf(evidence(), sent);
}

/** The request's own SERVER span. Fails the check, with the diagnosed cause, when there is none. */
export function expectServerSpan(sent: SentRequest): EvidenceSpan {
  const server = findServerSpan(sent);
  failOn(diagnoseForgery(evidence(), sent, server));
  return server ?? fail(diagnoseNoServerSpan(evidence(), sent));
}

/** Fails unless this `http.route` is on the request's SERVER span. Gives the span. */
export function expectRoute(sent: SentRequest, route: string): EvidenceSpan {
  const server = expectServerSpan(sent);
  failOn(diagnoseRoute(evidence(), server, route));
  return server;
}

/** Every span of the request: its SERVER span's whole trace, or without one all spans that began during it. */
export function findSpansOf(sent: SentRequest): EvidenceSpan[] {
  return spansOf(evidence(), sent);
}
