import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markAtEnd, markOn } from '../../finding.ts';
import { counted, milliseconds, scopesOf } from '../../sentences.ts';

export const DOCUMENT_LOAD_WANTED =
  'a span for the loading of the page, which begins before its first script runs.';

/** The page made spans, and none is about its loading. */
export function diagnoseMissingDocumentLoad(spans: readonly EvidenceSpan[]): Finding {
  const made = counted(spans.length, 'span');
  return {
    reason: 'instrumentation-missing',
    saw: `the page made ${made}, and none is about loading it. They come from ${scopesOf(spans)}.`,
    wanted: DOCUMENT_LOAD_WANTED,
    look: 'the list of instrumentations: which one tells of the document and its scripts?',
    marks: spans
      .slice(0, 1)
      .map((span) => markAtEnd(span, 'MISSING HERE: the loading of the page', { missing: true })),
    seen: [{ kind: 'spans', text: `${made} of the page` }],
  };
}

/**
 * The spans about loading the page begin when its scripts ran already; null when those of each load begin before. Angular
 * builds scripts of type module, which run when the browser has read the document.
 */
export function diagnoseLateDocumentLoad(evidence: Evidence, spans: readonly EvidenceSpan[]): Finding | null {
  const loads = evidence.page?.telemetry.loads ?? [];
  for (const [at, { startedMs, angular }] of loads.entries()) {
    const nextMs = loads[at + 1]?.startedMs ?? Number.POSITIVE_INFINITY;
    const [first] = spans
      .filter((span) => span.startMs >= startedMs && span.startMs < nextMs)
      .toSorted((a, b) => a.startMs - b.startMs);
    const parsedMs = angular?.parsedMs;
    if (!first || typeof parsedMs !== 'number' || first.startMs < parsedMs) continue;
    return {
      reason: 'span-covers-too-little',
      saw: `"${first.name}" begins ${milliseconds(first.startMs - startedMs)} after the page was asked for. By then the browser had read the document, and the page's scripts ran.`,
      wanted: DOCUMENT_LOAD_WANTED,
      cause: 'What the browser did before, a script cannot see happen. The browser keeps the times of it.',
      look: 'the start of that span: where does the browser say when the loading of the page began?',
      marks: [markOn(first, 'begins too late')],
      seen: [{ kind: 'span', text: first.name, spanId: first.spanId }],
    };
  }
  return null;
}
