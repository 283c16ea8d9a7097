import { select } from '@workshop/telemetry/pure';
import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import { diagnosePreflight } from '../diagnosis/page/preflight.ts';
import { pageRequestsOf, preflightsOf } from '../diagnosis/page/requests.ts';
import { clientSpansOf, diagnosePageSilence, diagnoseUntraced } from '../diagnosis/page/spans.ts';
import { diagnoseThirdParty } from '../diagnosis/propagation/third-party.ts';
import {
  diagnoseIgnoredParent,
  diagnoseTraceparent,
  readTraceparent,
} from '../diagnosis/propagation/traceparent.ts';
import { fail } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { isQuery } from './libraries.ts';
import { clientSpanOf, pageRequests, pageSpans, pageWorked } from './page.ts';

/** Clocks of browser and API agree within this; a SERVER span is joined to its request by it, milliseconds. */
const TOLERANCE_MS = 25;

/**
 * Fails unless the page gives the API a traceparent with each request. Where the browser asked the API first and got
 * a no, having asked is enough: sending is not the page's fault then.
 */
export function sendsTraceparent(): void {
  const records = pageRequestsOf(evidence());
  const refused = preflightsOf(evidence()).some((asked) =>
    (asked.requestHeaders['access-control-request-headers'] ?? '').split(/,\s*/).includes('traceparent'),
  );
  if (!refused) {
    const wanted = 'a CLIENT span of the page for each request, and its traceparent with the request.';
    const silence = diagnosePageSilence(evidence(), wanted);
    if (silence) fail(silence);
  }
  if (records.length === 0 && !refused) pageRequests();
  const joined = clientSpansOf(evidence());
  const ids = new Set([...pageSpans(), ...evidence().unended].map((span) => span.spanId));
  for (const record of records) {
    const broken = diagnoseTraceparent(record, joined.get(record), (spanId) => ids.has(spanId));
    if (!broken) continue;
    // Without any span there is nothing to tell the API of: that is the earlier exercise's matter.
    if (!joined.get(record) && record.traceparent === null) {
      fail(diagnoseUntraced(evidence(), record, joined));
    }
    fail(broken);
  }
}

/** Fails when the API refused a request that the browser announced, or the page could not be used. */
export function preflightsPass(): void {
  const broken = diagnosePreflight(evidence());
  if (broken) fail(broken);
  pageWorked();
}

/** The API's SERVER span of a request of the page: the child of the page's span, else one of that path and time. */
export function findServerSpanOf(record: HeaderRecord): EvidenceSpan | undefined {
  const servers = evidence().spans.filter(
    (span) => span.kind === 'SERVER' && span.origin.process !== 'worker',
  );
  const parent = record.traceparent ? readTraceparent(record.traceparent) : null;
  const [path = '', query] = record.path.split('?');
  return (
    servers.find((span) => parent !== null && span.parentSpanId === parent.spanId) ??
    servers.find(
      (span) =>
        Math.abs(span.startMs - record.atMs) <= TOLERANCE_MS &&
        span.attributes['http.request.method'] === record.method &&
        span.attributes['url.path'] === path &&
        (query === undefined || String(span.attributes['url.query'] ?? '').includes(query)) &&
        !String(span.attributes['user_agent.original'] ?? '').startsWith('murmur-visitor/'),
    )
  );
}

/** Fails unless the request is one trace: the page's CLIENT span, below it the API's SERVER span. Gives the latter. */
export function oneTrace(record: HeaderRecord): EvidenceSpan {
  const client = clientSpanOf(record);
  const server = findServerSpanOf(record);
  const title = `${record.method} ${record.path.split('?')[0]}`;
  if (!server) {
    return fail({
      reason: 'no-server-span',
      saw: `${title} of the page reached the API, and the API has no SERVER span for it.`,
      wanted: 'a SERVER span below the CLIENT span of the page.',
      look: 'exercises/01-first-trace/README.md: does the API still make spans?',
      views: [
        {
          title: `${title}, as the page saw it`,
          traceId: client.traceId,
          marks: [{ spanId: client.spanId, text: 'MISSING HERE: the API', place: 'child' }],
        },
      ],
      seen: [{ kind: 'missing', text: `SERVER ${title}`, spanId: client.spanId }],
    });
  }
  if (spanIndex().isBelow(server, client)) return server;
  return fail(diagnoseIgnoredParent(record, client, server));
}

/** The queries below a span, at whatever depth and in whatever process. */
export function queriesBelow(span: EvidenceSpan): EvidenceSpan[] {
  return select(spanIndex()).below(span).where('a query', isQuery).all();
}

/**
 * Fails when a server of somebody else got a tracing header.
 * @throws Error when the page asked none: the check would pass without a reason
 */
export function nothingToThirdParty(): void {
  const records = (evidence().headers ?? []).filter((record) => record.at === 'third-party');
  if (records.length === 0) {
    pageWorked();
    throw new Error('the scenario had the page ask no third party');
  }
  const broken = diagnoseThirdParty(records, evidence().page?.thirdPartyUrl ?? 'another server');
  if (broken) fail(broken);
}
