import type { Evidence, EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { readTraceparent } from '../../joins/index.ts';
import { requestName } from '../../sentences.ts';
import { SAMPLER_OF_THE_PAGE } from '../page/page-silence.ts';

/** Why a request of the page does not carry the traceparent of a span of the page; null when it does. */
export function diagnoseTraceparent(
  evidence: Evidence,
  record: HeaderRecord,
  client: EvidenceSpan | undefined,
  pageSpanIds: ReadonlySet<string>,
): Finding | null {
  const name = requestName(record);
  const sent = record.traceparent?.slice(0, 80);
  const base = {
    wanted: `${name} with a traceparent that names its own CLIENT span in the page.`,
    marks: client ? [markOn(client, 'ENDS HERE: nothing tells the API which trace it belongs to')] : [],
    seen: [{ kind: 'header', text: sent === undefined ? 'no traceparent' : `traceparent: ${sent}` }],
  };
  if (sent === undefined) {
    return {
      ...base,
      reason: 'traceparent-not-sent',
      saw: `${name} came to the API from ${record.origin}, without a traceparent header.`,
      look: 'which addresses may get trace headers? The page and the API are of different origins, so somebody must opt in. A text in the list must be the whole address. In Codespaces they share one, and it works without.',
    };
  }
  const parent = readTraceparent(record.traceparent);
  if (!parent) {
    return {
      ...base,
      reason: 'traceparent-malformed',
      saw: `${name} came with traceparent: ${sent}.`,
      wanted:
        '00-<32 digits>-<16 digits>-<2 digits>, hexadecimal in lower case: version, trace, span, flags.',
      look: 'who writes the header? The SDK has a propagator for it.',
    };
  }
  if (pageSpanIds.has(parent.spanId)) return null;
  const { notSampled = 0, unsampled } = evidence.page?.telemetry ?? {};
  const isUnsampled = unsampled?.some(({ spanId }) => spanId === parent.spanId) ?? notSampled > 0;
  if (isUnsampled && sent.endsWith('-00')) {
    return {
      ...base,
      reason: 'not-sampled',
      saw: `${name} came with traceparent: ${sent}. The 00 at its end says that the sampler of the page dropped that span.`,
      wanted: `${name} with a traceparent that ends with 01, and its CLIENT span in the page.`,
      look: SAMPLER_OF_THE_PAGE,
    };
  }
  return {
    ...base,
    reason: 'traceparent-malformed',
    saw: `${name} came with a traceparent that names span ${parent.spanId}. The page made no such span.`,
    look: 'who writes the header, and from where does it take the ids?',
  };
}
