import type { EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import type { Failure, TraceView } from '../../verdict.ts';

/** W3C Trace Context, level 1: version, trace id, parent id, flags; lower-case, ids not all zero. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

export interface TraceParent {
  traceId: string;
  spanId: string;
}

/** Reads a traceparent header; null when its format is wrong. */
export function readTraceparent(header: string): TraceParent | null {
  const [, traceId, spanId] = TRACEPARENT.exec(header) ?? [];
  return traceId && spanId ? { traceId, spanId } : null;
}

/** Why a request of the page does not carry the traceparent of its own span; null when it does. */
export function diagnoseTraceparent(
  record: HeaderRecord,
  client: EvidenceSpan | undefined,
  known: (spanId: string) => boolean,
): Failure | null {
  const title = `${record.method} ${record.path.split('?')[0]}`;
  const wanted = `${title} with a traceparent that names its own CLIENT span in the page.`;
  const views: TraceView[] = client
    ? [
        {
          title: `${title}, as the page saw it`,
          traceId: client.traceId,
          marks: [
            { spanId: client.spanId, text: 'ENDS HERE: nothing tells the API which trace it belongs to' },
          ],
        },
      ]
    : [];
  if (record.traceparent === null) {
    return {
      reason: 'traceparent-not-sent',
      saw: `${title} came to the API from ${record.origin}, without a traceparent header.`,
      wanted,
      look: 'which addresses may get trace headers? The page and the API are of different origins, so somebody must opt in. A text in the list must be the whole address. In Codespaces they share one, and it works without.',
      views,
      seen: [{ kind: 'header', text: 'no traceparent' }],
    };
  }
  const parent = readTraceparent(record.traceparent);
  const seen = [{ kind: 'header', text: `traceparent: ${record.traceparent.slice(0, 80)}` }];
  if (!parent) {
    return {
      reason: 'traceparent-malformed',
      saw: `${title} came with traceparent: ${record.traceparent.slice(0, 80)}.`,
      wanted:
        '00-<32 digits>-<16 digits>-<2 digits>, hexadecimal in lower case: version, trace, span, flags.',
      look: 'who writes the header? The SDK has a propagator for it.',
      views,
      seen,
    };
  }
  if (known(parent.spanId)) return null;
  return {
    reason: 'traceparent-malformed',
    saw: `${title} came with a traceparent that names span ${parent.spanId}. The page made no such span.`,
    wanted,
    look: 'who writes the header, and from where does it take the ids?',
    views,
    seen,
  };
}

/** Why the API's SERVER span is not the child of the page's span, though the header said so. */
export function diagnoseIgnoredParent(
  record: HeaderRecord,
  client: EvidenceSpan,
  server: EvidenceSpan,
): Failure {
  const title = `${record.method} ${record.path.split('?')[0]}`;
  return {
    reason: 'server-ignored-parent',
    saw: `${title} came with the traceparent of trace ${client.traceId.slice(0, 8)}. The API began trace ${server.traceId.slice(0, 8)} for it.`,
    wanted: `the SERVER span ${server.name} below the page's span, in trace ${client.traceId.slice(0, 8)}.`,
    cause: 'The header arrived, and nothing in the API read it.',
    look: 'the set-up of the API: which propagator does it use, and which header does that one read?',
    views: [
      {
        title: `${title}, as the page saw it`,
        traceId: client.traceId,
        marks: [{ spanId: client.spanId, text: `MISSING HERE: ${server.name} of the API`, place: 'child' }],
      },
      {
        title: `${title}, as the API saw it`,
        traceId: server.traceId,
        marks: [{ spanId: server.spanId, text: 'ROOT: it has no parent' }],
      },
    ],
    seen: [{ kind: 'span', text: server.name, spanId: server.spanId }],
  };
}
