import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import { diagnosePageExport } from '../diagnosis/page/export.ts';
import { diagnosePage } from '../diagnosis/page/page.ts';
import { pageRequestsOf } from '../diagnosis/page/requests.ts';
import {
  clientSpansOf,
  diagnosePageSilence,
  diagnoseUntraced,
  pageSpansOf,
  urlOf,
  viewOfPage,
} from '../diagnosis/page/spans.ts';
import { diagnoseServiceName } from '../diagnosis/sdk/resource.ts';
import { fail } from './check.ts';
import { evidence, processNamed } from './evidence.ts';

/** Document load is what the browser itself does before the first line of the page's code runs. */
const DOCUMENT_LOAD = /document.?load/i;

/** The page could be used as the scenario wanted; fails with the diagnosed cause when not. */
export function pageWorked(): void {
  const broken = diagnosePage(evidence());
  if (broken) fail(broken);
}

/** Requests of the page to the API in the order of their arrival, the browser's own questions left out. */
export function pageRequests(): HeaderRecord[] {
  const found = pageRequestsOf(evidence());
  if (found.length > 0) return found;
  pageWorked();
  if (processNamed('api')?.capture === null) {
    fail({
      reason: 'no-spans-from-process',
      saw: 'the API runs, but the grader could not look into it, so it does not know what the page asked for.',
      wanted: 'the API is started by its start script, with the environment that the grader gives it.',
      look: 'the start script of app-backend: does it replace NODE_OPTIONS or start node by its full path?',
    });
  }
  throw new Error('the page was used, and the API told of no request of it');
}

/** All spans that the page made. */
export function pageSpans(): EvidenceSpan[] {
  return pageSpansOf(evidence());
}

/** The page's own CLIENT span of one of its requests. Fails with the diagnosed cause when there is none. */
export function clientSpanOf(record: HeaderRecord): EvidenceSpan {
  const joined = clientSpansOf(evidence());
  for (const [one, span] of joined) if (same(one, record) && span) return span;
  return fail(diagnoseUntraced(evidence(), record, joined));
}

/** The CLIENT spans of all requests of the page to the API. Fails where one of them has none. */
export function clientSpans(): EvidenceSpan[] {
  pageWorked();
  return pageRequests().map(clientSpanOf);
}

/** Fails unless each time that the page was loaded left a span of that, begun before the first request. */
export function documentLoadTraced(): EvidenceSpan[] {
  const wanted = 'a span for the loading of the page, which begins before its first script runs.';
  const silence = diagnosePageSilence(evidence(), wanted);
  if (silence) fail(silence);
  const page = evidence().page?.url ?? '';
  const found = pageSpans().filter(
    (span) =>
      (DOCUMENT_LOAD.test(span.scope.name) || DOCUMENT_LOAD.test(span.name)) &&
      (urlOf(span) ?? page).startsWith(page),
  );
  if (found.length > 0) return found;
  return fail({
    reason: 'instrumentation-missing',
    saw: `the page made ${pageSpans().length} spans, and none is about loading it. They come from ${[...new Set(pageSpans().map((span) => span.scope.name))].slice(0, 3).join(', ')}.`,
    wanted,
    look: 'the list of instrumentations: which one tells of the document and its scripts?',
    views: viewOfPage(pageSpans(), 'the first spans of the page', [
      { spanId: null, text: 'MISSING HERE: the loading of the page' },
    ]),
    seen: [{ kind: 'spans', text: `${pageSpans().length} spans of the page` }],
  });
}

/** Fails unless all spans of the page say this service, and no other service says the same. */
export function pageNamedAs(service: string): void {
  const span = pageSpans().find((one) => one.resource['service.name'] !== service) ?? pageSpans()[0];
  if (!span) throw new Error('the page made no spans: this check would pass without a reason');
  const broken = diagnoseServiceName(evidence(), span, service);
  if (!broken) return;
  const given = span.resource['service.name'];
  const other = evidence().spans.find(
    (one) => one.resource['service.name'] === given && one.origin.process === 'api',
  );
  if (!other) fail({ ...broken, look: broken.look.replace('01-first-trace', '06-browser-spans') });
  fail({
    ...broken,
    reason: 'service-name-shared',
    saw: `the page says service.name = ${JSON.stringify(given)}, and so does the API.`,
    look: 'how would you tell the page from the API in a query? A service is what is deployed as one.',
  });
}

/** Fails unless the collector got every span of the page that the capture saw. What exports made is left out. */
export function pageSpansArrived(): void {
  const exports = new Set(exportSpans());
  const spans = pageSpans().filter((span) => !exports.has(span));
  if (spans.length === 0) throw new Error('the page made no spans: this check would pass without a reason');
  const broken = diagnosePageExport(evidence(), spans);
  if (broken) fail(broken);
}

/** Fails when requests to the collector are traced. The last export's span may still be open at the end. */
export function exporterUntraced(): void {
  const ended = exportSpans();
  const open = evidence().unended.filter(
    (span) => span.origin.process === 'page' && span.kind === 'CLIENT' && isCollectors(urlOf(span)),
  );
  const first = ended[0] ?? open[0];
  if (!first) return;
  const count = ended.length + open.length;
  fail({
    reason: 'exporter-traced-itself',
    saw: `${count === 1 ? 'a span' : `${count} spans`} of the page ${count === 1 ? 'stands' : 'stand'} for requests to the collector. Each export makes a span, which makes an export.`,
    wanted: 'no spans for the requests of the exporter.',
    look: 'what sends the spans, and which instrumentation sees that? It can be told to leave addresses out.',
    views: viewOfPage(ended, 'an export', [{ spanId: first.spanId, text: 'THE EXPORTER ITSELF' }]),
    seen: [{ kind: 'span', text: `${first.name} ${urlOf(first)}`, spanId: first.spanId }],
  });
}

/** Fails when a file of the built page holds what looks like a key. */
export function pageHoldsNoKey(): void {
  const key = evidence().page?.keys[0];
  if (!key) return;
  fail({
    reason: 'key-in-page',
    saw: `${key.file}, a file of the page, holds ${key.found}. Everybody who opens the page can read it.`,
    wanted: 'no key in the page. It sends to the collector, and the collector has the key.',
    look: 'headers and addresses of your exporter. Was it a real key? Then have it replaced: it is public now.',
    seen: [{ kind: 'file', text: key.file }],
  });
}

/** Spans of requests to the collector. */
function exportSpans(): EvidenceSpan[] {
  return pageSpans().filter((span) => span.kind === 'CLIENT' && isCollectors(urlOf(span)));
}

function isCollectors(url: string | undefined): boolean {
  const collector = evidence().page?.collectorUrl;
  return collector !== undefined && (url?.startsWith(collector) ?? false);
}

function same(a: HeaderRecord, b: HeaderRecord): boolean {
  return a.atMs === b.atMs && a.path === b.path && a.method === b.method;
}
