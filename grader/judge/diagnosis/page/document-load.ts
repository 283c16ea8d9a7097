import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markAtEnd } from '../../finding.ts';
import { counted, scopesOf } from '../../sentences.ts';

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
