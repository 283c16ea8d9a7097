import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import {
  DOCUMENT_LOAD_WANTED,
  diagnoseLateDocumentLoad,
  diagnoseMissingDocumentLoad,
} from '../diagnosis/page/document-load.ts';
import { diagnoseKeyInPage } from '../diagnosis/page/key-in-page.ts';
import { diagnoseStartAfterAngular } from '../diagnosis/page/late-start.ts';
import { diagnosePageExport, diagnoseTracedExports, isOfExporter } from '../diagnosis/page/page-export.ts';
import { diagnosePageServiceName } from '../diagnosis/page/page-service-name.ts';
import { diagnosePageSilence } from '../diagnosis/page/page-silence.ts';
import { diagnosePageUnusable } from '../diagnosis/page/page-unusable.ts';
import { diagnoseUnseenApi, diagnoseUnseenRequest } from '../diagnosis/page/unseen-api.ts';
import { diagnoseUntraced } from '../diagnosis/page/untraced-request.ts';
import { clientSpansOf, pageRequestsOf, pageSpansOf, processOf, urlOf } from '../joins/index.ts';
import { fail, failOn } from './check.ts';
import { evidence } from './evidence.ts';

/** Document load is what the browser itself does before the first line of the page's code runs. */
const DOCUMENT_LOAD = /document.?load/i;

/** The page could be used as the scenario wanted; fails with the diagnosed cause when not. */
export function expectPageUsable(): void {
  failOn(diagnosePageUnusable(evidence()));
}

/** Requests of the page to the API in the order of their arrival, the browser's own questions left out. */
export function expectPageRequests(): HeaderRecord[] {
  const found = pageRequestsOf(evidence());
  if (found.length > 0) return found;
  expectPageUsable();
  if (processOf(evidence(), 'api')?.capture === null) fail(diagnoseUnseenApi());
  return fail(diagnoseUnseenRequest());
}

/** All spans that the page made. */
export function findPageSpans(): EvidenceSpan[] {
  return pageSpansOf(evidence());
}

/** The page's own CLIENT span of one of its requests. Fails with the diagnosed cause when there is none. */
export function expectClientSpan(record: HeaderRecord): EvidenceSpan {
  return clientSpansOf(evidence()).get(record) ?? fail(diagnoseUntraced(evidence(), record));
}

/** The CLIENT spans of all requests of the page to the API. Fails where one of them has none. */
export function expectClientSpans(): EvidenceSpan[] {
  expectPageUsable();
  return expectPageRequests().map(expectClientSpan);
}

/** Fails where Angular had begun to draw the page before it was traced. */
export function expectStartBeforeAngular(): void {
  const clients = [...clientSpansOf(evidence()).values()].filter((span) => span !== undefined);
  failOn(diagnoseStartAfterAngular(evidence(), clients));
}

/** Fails unless the page made a span for its own loading, and it begins before a script of the page runs. */
export function expectDocumentLoad(): EvidenceSpan[] {
  failOn(diagnosePageSilence(evidence(), DOCUMENT_LOAD_WANTED));
  const page = evidence().page?.url ?? '';
  const found = findPageSpans().filter(
    (span) =>
      (DOCUMENT_LOAD.test(span.scope.name) || DOCUMENT_LOAD.test(span.name)) &&
      (urlOf(span) ?? page).startsWith(page),
  );
  if (found.length === 0) fail(diagnoseMissingDocumentLoad(findPageSpans()));
  failOn(diagnoseLateDocumentLoad(evidence(), found));
  return found;
}

/** Fails unless all spans of the page say this service, and no other service says the same. */
export function expectPageServiceName(service: string): void {
  const spans = findPageSpans();
  const span = spans.find((one) => one.resource['service.name'] !== service) ?? spans[0];
  if (!span) throw new Error('the page made no spans: this check would pass without a reason');
  failOn(diagnosePageServiceName(evidence(), span, service));
}

/** Fails unless the collector got every span of the page that the capture saw. What exports made is left out. */
export function expectPageExport(): void {
  const spans = findPageSpans().filter((span) => !isOfExporter(evidence(), span));
  if (spans.length === 0) throw new Error('the page made no spans: this check would pass without a reason');
  failOn(diagnosePageExport(evidence(), spans));
}

/** Fails when requests to the collector are traced. The last export's span may still be open at the end. */
export function expectExporterUntraced(): void {
  const open = evidence().unended.filter((span) => span.origin.process === 'page');
  failOn(
    diagnoseTracedExports([...findPageSpans(), ...open].filter((span) => isOfExporter(evidence(), span))),
  );
}

/** Fails when a file of the built page holds what looks like a key. */
export function expectNoKeyInPage(): void {
  failOn(diagnoseKeyInPage(evidence().page ?? { keys: [] }));
}
