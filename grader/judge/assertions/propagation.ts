import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import { diagnosePageSilence } from '../diagnosis/page/page-silence.ts';
import { diagnosePreflight } from '../diagnosis/page/preflight.ts';
import { diagnoseUntraced } from '../diagnosis/page/untraced-request.ts';
import { diagnoseThirdParty } from '../diagnosis/propagation/header-to-third-party.ts';
import { diagnoseOpenOrigin } from '../diagnosis/propagation/open-origin.ts';
import {
  diagnoseNoApiSpan,
  diagnoseNoQueries,
  diagnoseNotBelowPage,
} from '../diagnosis/propagation/parent-in-api.ts';
import { diagnoseTraceparent } from '../diagnosis/propagation/sent-traceparent.ts';
import { apiSpanOf, clientSpansOf, pageRequestsOf, preflightsOf } from '../joins/index.ts';
import { fail, failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { findQueriesBelow } from './libraries.ts';
import { expectClientSpan, expectPageRequests, expectPageUsable, findPageSpans } from './page.ts';

/**
 * Fails unless the page gives the API a traceparent with each request. Where the browser asked the API first and got
 * a no, having asked is enough: sending is not the page's fault then.
 */
export function expectTraceparents(): void {
  const records = pageRequestsOf(evidence());
  const refused = preflightsOf(evidence()).some((asked) =>
    (asked.requestHeaders['access-control-request-headers'] ?? '').split(/,\s*/).includes('traceparent'),
  );
  if (!refused) {
    const wanted = 'a CLIENT span of the page for each request, and its traceparent with the request.';
    failOn(diagnosePageSilence(evidence(), wanted));
  }
  if (records.length === 0 && !refused) expectPageRequests();
  const clients = clientSpansOf(evidence());
  const ids = new Set([...findPageSpans(), ...evidence().unended].map((span) => span.spanId));
  for (const record of records) {
    const client = clients.get(record);
    const wrong = diagnoseTraceparent(evidence(), record, client, ids);
    // Without any span there is nothing to tell the API of: that is the earlier exercise's matter.
    if (wrong && !client && record.traceparent === null) fail(diagnoseUntraced(evidence(), record));
    failOn(wrong);
  }
}

/** Fails when the API refused a request that the browser announced, or the page could not be used. */
export function expectPreflights(): void {
  failOn(diagnosePreflight(evidence()));
  expectPageUsable();
}

/** Fails when the API lets pages of other origins use it than the one that PAGE_ORIGIN names. */
export function expectOriginKept(): void {
  failOn(diagnoseOpenOrigin(evidence()));
}

/** Fails unless the request is one trace: the page's CLIENT span, below it the API's SERVER span. Gives the latter. */
export function expectOneTrace(record: HeaderRecord): EvidenceSpan {
  const client = expectClientSpan(record);
  const server = apiSpanOf(evidence(), record) ?? fail(diagnoseNoApiSpan(record, client));
  return spanIndex().isBelow(server, client)
    ? server
    : fail(diagnoseNotBelowPage(evidence(), record, client, server));
}

/** Fails unless the one trace of the request goes on to the database. */
export function expectQueriesBelow(record: HeaderRecord): EvidenceSpan[] {
  const server = expectOneTrace(record);
  const found = findQueriesBelow(server);
  return found.length > 0 ? found : fail(diagnoseNoQueries(record, server));
}

/**
 * Fails when a server of somebody else got a tracing header.
 * @throws Error when the page asked none: the check would pass without a reason
 */
export function expectNothingToThirdParty(): void {
  const records = (evidence().headers ?? []).filter((record) => record.at === 'third-party');
  if (records.length === 0) {
    expectPageUsable();
    throw new Error('the scenario had the page ask no third party');
  }
  failOn(diagnoseThirdParty(records, evidence().page?.thirdPartyUrl ?? 'another server'));
}
