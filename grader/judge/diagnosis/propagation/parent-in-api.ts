import type { Evidence, EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { readTraceparent, spanIndexOf } from '../../joins/index.ts';
import { missingHere, requestName } from '../../sentences.ts';

/** A request of the page reached the API, and the API made no SERVER span for it. */
export function diagnoseNoApiSpan(record: HeaderRecord, client?: EvidenceSpan): Finding {
  const name = requestName(record);
  return {
    reason: 'no-server-span',
    saw: `${name} of the page reached the API, and the API has no SERVER span for it.`,
    wanted: `a SERVER span of the API for ${name}${client ? ', below the CLIENT span of the page' : ''}.`,
    look: 'exercises/01-first-trace/README.md: does the API still make spans?',
    marks: client ? [missingHere(client, 'the API', { place: 'child' })] : [],
    seen: [{ kind: 'missing', text: `SERVER ${name}`, spanId: client?.spanId }],
  };
}

/** Why the API's SERVER span is not below the page's span of its request. */
export function diagnoseNotBelowPage(
  evidence: Evidence,
  record: HeaderRecord,
  client: EvidenceSpan,
  server: EvidenceSpan,
): Finding {
  const name = requestName(record);
  const trace = client.traceId.slice(0, 8);
  const named = readTraceparent(record.traceparent);
  const base = {
    wanted: `the SERVER span ${server.name} below the page's span, in trace ${trace}.`,
    seen: [{ kind: 'span', text: server.name, spanId: server.spanId }],
  };
  if (named && server.parentSpanId === named.spanId) {
    const other = spanIndexOf(evidence).find(named.traceId, named.spanId);
    const called = other ? `"${other.name}"` : `the span ${named.spanId}`;
    return {
      ...base,
      reason: 'traceparent-names-other-span',
      saw: `${name} came with a traceparent that names ${called}, not the CLIENT span of the request. The API put its SERVER span below that.`,
      look: 'who writes the header, and which span is active when it does? Is the span of the request there by then?',
      marks: [
        missingHere(client, `${server.name} of the API`, { place: 'child' }),
        markOn(server, `PARENT: ${other?.name ?? named.spanId}`),
      ],
    };
  }
  const isRoot = server.parentSpanId === undefined;
  return {
    ...base,
    reason: 'server-ignored-parent',
    saw: `${name} came with the traceparent of trace ${(named ?? client).traceId.slice(0, 8)}. The API ${isRoot ? `began trace ${server.traceId.slice(0, 8)}` : `put its SERVER span into trace ${server.traceId.slice(0, 8)}`} for it.`,
    ...(isRoot && { cause: 'The header arrived, and nothing in the API read it.' }),
    look: 'the set-up of the API: which propagator does it use, and which header does that one read?',
    marks: [
      missingHere(client, `${server.name} of the API`, { place: 'child' }),
      markOn(server, isRoot ? 'ROOT: it has no parent' : `PARENT: ${server.parentSpanId}`),
    ],
  };
}

/** The trace leads into the API and has no query: nothing watches the database any more. */
export function diagnoseNoQueries(record: HeaderRecord, server: EvidenceSpan): Finding {
  return {
    reason: 'instrumentation-missing',
    saw: `the trace of ${requestName(record)} leads from the page to the API, and there it ends: it has no queries.`,
    wanted: `the queries of ${requestName(record)} in the same trace.`,
    look: 'exercises/01-first-trace/README.md: what watches the database?',
    marks: [missingHere(server, 'a span for each query')],
    seen: [{ kind: 'missing', text: 'queries', spanId: server.spanId }],
  };
}
