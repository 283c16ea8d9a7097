import { evidence, span } from '@workshop/grader/test/evidence';
import type { Evidence, EvidenceSpan, HeaderRecord, PageRecord } from '../../../evidence/index.ts';

export const PAGE_URL = 'http://localhost:4200';
export const API_URL = 'http://localhost:3000';

/** A page that was used, with a tracer provider. */
export function pageRecord(given: Partial<PageRecord> = {}): PageRecord {
  return {
    url: PAGE_URL,
    apiUrl: API_URL,
    collectorUrl: 'http://localhost:4318',
    thirdPartyUrl: 'http://localhost:9999',
    browser: { source: 'test', version: '1' },
    build: { ok: true, ms: 1, cached: true, output: '' },
    state: 'usable',
    visibleText: 'Feed',
    console: [],
    errors: [],
    failedRequests: [],
    scripts: [],
    keys: [],
    ...given,
    telemetry: {
      apiVersions: ['1.9.1'],
      providers: ['WebTracerProvider'],
      exporters: [],
      spansStarted: 1,
      spansEnded: 1,
      notSampled: 0,
      setAfterEnd: [],
      duplicateRegistrations: 0,
      diagMessages: [],
      warnings: [],
      ...given.telemetry,
    },
  };
}

/** A span of the page: CLIENT, of the fetch instrumentation, unless said otherwise. */
export function pageSpan(name: string, given: Partial<EvidenceSpan> = {}): EvidenceSpan {
  const made = span(name, {
    kind: 'CLIENT',
    resource: { 'service.name': 'murmur-web' },
    scope: { name: '@opentelemetry/instrumentation-fetch' },
    ...given,
  });
  return { ...made, origin: { ...made.origin, process: 'page', ...given.origin } };
}

/** A request of the page as the API got it. */
export function header(given: Partial<HeaderRecord> = {}): HeaderRecord {
  return {
    at: 'api',
    method: 'GET',
    path: '/feed',
    origin: PAGE_URL,
    traceparent: null,
    baggage: null,
    requestHeaders: {},
    responseHeaders: {},
    status: 200,
    atMs: 1000,
    durationMs: 20,
    ...given,
  };
}

/** Ids as they stand in a traceparent, from a small number. */
export function ids(trace: number, own: number): { traceId: string; spanId: string } {
  return { traceId: `${trace}`.padStart(32, '0'), spanId: `${own}`.padStart(16, '0') };
}

/** A request of the page with its CLIENT span, joined by the traceparent that the page sent. */
export function traced(
  record: Partial<HeaderRecord>,
  client: Partial<EvidenceSpan> & { traceId: string; spanId: string },
): { record: HeaderRecord; client: EvidenceSpan } {
  const { method = 'GET', path = '/feed' } = record;
  const startMs = client.startMs ?? 1000;
  return {
    record: header({
      traceparent: `00-${client.traceId}-${client.spanId}-01`,
      atMs: startMs + 2,
      ...record,
    }),
    client: pageSpan(method, {
      startMs,
      durationMs: 30,
      attributes: { 'url.full': `${API_URL}${path}`, 'http.request.method': method },
      ...client,
    }),
  };
}

/** Evidence of a visit to the page. */
export function visit(given: Partial<Evidence> = {}): Evidence {
  return evidence({ page: pageRecord(), headers: [], requests: [], ...given });
}
