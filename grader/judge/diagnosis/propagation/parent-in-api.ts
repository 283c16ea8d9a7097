import type { EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { requestName } from '../../sentences.ts';

/** A request of the page reached the API, and the API made no SERVER span for it. */
export function diagnoseNoApiSpan(record: HeaderRecord, client?: EvidenceSpan): Finding {
  const name = requestName(record);
  return {
    reason: 'no-server-span',
    saw: `${name} of the page reached the API, and the API has no SERVER span for it.`,
    wanted: `a SERVER span of the API for ${name}${client ? ', below the CLIENT span of the page' : ''}.`,
    look: 'exercises/01-first-trace/README.md: does the API still make spans?',
    marks: client ? [markOn(client, 'MISSING HERE: the API', { place: 'child' })] : [],
    seen: [{ kind: 'missing', text: `SERVER ${name}`, spanId: client?.spanId }],
  };
}

/** Why the API's SERVER span is not the child of the page's span, though the header said so. */
export function diagnoseIgnoredParent(
  record: HeaderRecord,
  client: EvidenceSpan,
  server: EvidenceSpan,
): Finding {
  const trace = client.traceId.slice(0, 8);
  return {
    reason: 'server-ignored-parent',
    saw: `${requestName(record)} came with the traceparent of trace ${trace}. The API began trace ${server.traceId.slice(0, 8)} for it.`,
    wanted: `the SERVER span ${server.name} below the page's span, in trace ${trace}.`,
    cause: 'The header arrived, and nothing in the API read it.',
    look: 'the set-up of the API: which propagator does it use, and which header does that one read?',
    marks: [
      markOn(client, `MISSING HERE: ${server.name} of the API`, { place: 'child' }),
      markOn(server, 'ROOT: it has no parent'),
    ],
    seen: [{ kind: 'span', text: server.name, spanId: server.spanId }],
  };
}

/** The trace leads into the API and has no query: nothing watches the database any more. */
export function diagnoseNoQueries(record: HeaderRecord, server: EvidenceSpan): Finding {
  return {
    reason: 'instrumentation-missing',
    saw: `the trace of ${requestName(record)} leads from the page to the API, and there it ends: it has no queries.`,
    wanted: `the queries of ${requestName(record)} in the same trace.`,
    look: 'exercises/01-first-trace/README.md: what watches the database?',
    marks: [markOn(server, 'MISSING HERE: a span for each query')],
    seen: [{ kind: 'missing', text: 'queries', spanId: server.spanId }],
  };
}
