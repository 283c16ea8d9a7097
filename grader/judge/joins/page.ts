import { type AttributeValue, endMs } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import { BROWSER_CLOCK_MS, CLOCK_MS } from '../tolerances.ts';
import { oncePerEvidence } from './once.ts';
import { hasDriversAgent, serverSpansOf } from './server-spans.ts';

/** W3C Trace Context, level 1: version, trace id, parent id, flags; lower-case, ids not all zero. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** Reads a traceparent header; null when its format is wrong. */
export function readTraceparent(header: string | null): { traceId: string; spanId: string } | null {
  const [, traceId, spanId] = TRACEPARENT.exec(header ?? '') ?? [];
  return traceId && spanId ? { traceId, spanId } : null;
}

/** Spans that the learner's page made, whether the capture saw them or only the collector. */
export const pageSpansOf = oncePerEvidence((evidence) =>
  evidence.spans.filter(
    (span) => span.origin.process === 'page' || span.resource['telemetry.sdk.language'] === 'webjs',
  ),
);

const apiRecordsOf = oncePerEvidence((evidence) => {
  const origin = evidence.page?.url;
  return (evidence.headers ?? [])
    .filter((record) => record.at === 'api' && origin !== undefined && record.origin === origin)
    .sort((a, b) => a.atMs - b.atMs);
});

/** The browser's questions to the API before requests of the page. */
export const preflightsOf = oncePerEvidence((evidence) =>
  apiRecordsOf(evidence).filter(
    (record) =>
      record.method === 'OPTIONS' && record.requestHeaders['access-control-request-method'] !== undefined,
  ),
);

/** Requests of the page to the API in the order of their arrival, the browser's questions left out. */
export const pageRequestsOf = oncePerEvidence((evidence) =>
  apiRecordsOf(evidence).filter((record) => record.method !== 'OPTIONS'),
);

/**
 * When a request left the page: that of its address which left as the nth is the nth to arrive. By the time of its
 * arrival at the API where the page's own is not known.
 */
export function sentMsOf(evidence: Evidence, record: HeaderRecord): number {
  return sendings(evidence).get(record) ?? record.atMs;
}

const sendings = oncePerEvidence((evidence) => {
  const { apiUrl, sent = [] } = evidence.page ?? {};
  const leaving = Map.groupBy(sent, ({ method, url }) => `${method} ${url}`);
  const arriving = Map.groupBy(pageRequestsOf(evidence), ({ method, path }) => `${method} ${apiUrl}${path}`);
  return new Map(
    [...arriving].flatMap(([name, records]) => {
      const times = leaving.get(name) ?? [];
      // One that never arrived, or came from elsewhere: then nobody knows which is which.
      if (times.length !== records.length) return [];
      return records.map((record, at): [HeaderRecord, number] => [record, times[at]?.atMs ?? record.atMs]);
    }),
  );
});

/** The address that a span of a request stands for. */
export function urlOf(span: Pick<EvidenceSpan, 'attributes'>): string | undefined {
  const url: AttributeValue | undefined = span.attributes['url.full'] ?? span.attributes['http.url'];
  return typeof url === 'string' ? url : undefined;
}

/**
 * The CLIENT span of each request of the page to the API; undefined where it has none. A request is joined to the
 * span that its traceparent names, else to one of its own address that was open when it arrived.
 */
export const clientSpansOf = oncePerEvidence((evidence) => {
  const api = evidence.page?.apiUrl ?? '';
  const free = new Set(
    pageSpansOf(evidence)
      .filter((span) => span.kind === 'CLIENT')
      .sort((a, b) => a.startMs - b.startMs),
  );
  const joined = new Map<HeaderRecord, EvidenceSpan | undefined>();
  const take = (record: HeaderRecord, fits: (span: EvidenceSpan) => boolean): void => {
    if (joined.get(record)) return;
    const found = [...free].find(fits);
    joined.set(record, found);
    if (found) free.delete(found);
  };
  const records = pageRequestsOf(evidence);
  const open = (span: EvidenceSpan, atMs: number): boolean =>
    span.startMs <= atMs + BROWSER_CLOCK_MS && endMs(span) >= atMs - BROWSER_CLOCK_MS;
  for (const record of records) take(record, (span) => record.traceparent?.includes(span.spanId) ?? false);
  for (const record of records) {
    take(
      record,
      (span) =>
        open(span, record.atMs) &&
        urlOf(span) === `${api}${record.path}` &&
        (span.attributes['http.request.method'] ?? span.attributes['http.method']) === record.method,
    );
  }
  // A span that the learner wrote need not say the whole address.
  for (const record of records) {
    take(record, (span) => open(span, record.atMs) && !(urlOf(span) ?? '').includes('://'));
  }
  return joined;
});

/**
 * The API's SERVER span of a request of the page: the child of the span that its traceparent names, else the nearest
 * in time of that method and address which is no other request's.
 */
export function apiSpanOf(evidence: Evidence, record: HeaderRecord): EvidenceSpan | undefined {
  const nearest = (spans: EvidenceSpan[]): EvidenceSpan | undefined =>
    spans.sort((a, b) => Math.abs(a.startMs - record.atMs) - Math.abs(b.startMs - record.atMs))[0];
  const servers = serverSpansOf(evidence);
  const ofAddress = servers.filter((span) => isOfAddress(span, record));
  const parent = readTraceparent(record.traceparent);
  const isChild = (span: EvidenceSpan): boolean => parent !== null && span.parentSpanId === parent.spanId;
  const others = parentsInHeaders(evidence);
  return (
    nearest(ofAddress.filter(isChild)) ??
    nearest(servers.filter(isChild)) ??
    nearest(
      ofAddress.filter(
        (span) =>
          Math.abs(span.startMs - record.atMs) <= CLOCK_MS &&
          !(span.parentSpanId !== undefined && others.has(span.parentSpanId)),
      ),
    )
  );
}

/** The spans that the page's requests name as parents of what the API does for them. */
const parentsInHeaders = oncePerEvidence(
  (evidence) =>
    new Set(
      pageRequestsOf(evidence).flatMap(({ traceparent }) => readTraceparent(traceparent)?.spanId ?? []),
    ),
);

function isOfAddress(span: EvidenceSpan, record: HeaderRecord): boolean {
  const [path = '', query] = record.path.split('?');
  return (
    span.attributes['http.request.method'] === record.method &&
    span.attributes['url.path'] === path &&
    (query === undefined || String(span.attributes['url.query'] ?? '').includes(query)) &&
    !hasDriversAgent(span)
  );
}
