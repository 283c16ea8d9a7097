import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import type { ParentInHeader } from '../../joins/index.ts';
import { counted, listed } from '../../sentences.ts';

const WHO_DECIDES = 'exercises/13-sampling/README.md, "One decision for a whole trace"';

/** A request whose caller had decided about its trace. */
export interface DecidedRequest {
  /** `GET /feed` */
  name: string;
  /** with its query */
  path: string;
  /** `the page` */
  caller: string;
  parent: ParentInHeader;
  status: number | null;
  durationMs: number | null;
  /** the API's SERVER span of it */
  server: EvidenceSpan | undefined;
  /** the spans of its trace, and of the trace that the API began for it */
  spans: readonly EvidenceSpan[];
}

/** A request of a trace that was dropped above, and of which the API kept something; null: it kept nothing. */
export function diagnoseKeptAgain(requests: readonly DecidedRequest[]): Finding | null {
  const dropped = requests.filter(({ parent }) => !parent.sampled);
  const [first, ...others] = dropped.filter(({ spans }) => spans.length > 0);
  if (!first) return null;
  const { name, caller, parent, spans, server } = first;
  const shown = server ?? spans[0];
  const failed = [first, ...others].every(({ status }) => status !== null && status >= 500);
  const all = [first, ...others].length;
  return {
    reason: 'trace-torn',
    saw: `${name} came with traceparent 00-${parent.traceId.slice(0, 8)}...-00: ${caller} had dropped its trace. The API kept ${counted(spans.length, 'span')} of it${server && server.traceId !== parent.traceId ? ', in a trace of their own' : ''}. So it did with ${all} of ${dropped.length} such requests${failed ? ', those that ended in an error' : ''}.`,
    wanted: 'no span of a trace that was dropped: a trace is kept whole, or not at all.',
    look: failed
      ? 'exercises/13-sampling/README.md, "Errors and slow ones". Who knew that it would fail when the trace was dropped?'
      : WHO_DECIDES,
    marks: shown ? [markOn(shown, 'KEPT, though its trace was dropped')] : [],
    seen: [{ kind: 'span', text: shown?.name ?? '', spanId: shown?.spanId }],
  };
}

/** A request of a trace that was kept above, and that the API dropped or put elsewhere; null when it did as it was told. */
export function diagnoseDroppedAgain(
  requests: readonly DecidedRequest[],
  client: (request: DecidedRequest) => EvidenceSpan | undefined,
): Finding | null {
  const kept = requests.filter(({ parent }) => parent.sampled);
  const [first, ...others] = kept.filter(({ server, parent }) => server?.traceId !== parent.traceId);
  if (!first) return null;
  const { name, caller, parent, server } = first;
  const above = client(first);
  const all = [first, ...others].length;
  const base = {
    wanted: `the SERVER span of ${name} in trace ${parent.traceId.slice(0, 8)}: a trace is kept whole, or not at all.`,
    marks: [
      ...(above ? [markOn(above, `MISSING HERE: ${name} of the API`, { place: 'child' as const })] : []),
      ...(server ? [markOn(server, 'HERE: in a trace of its own')] : []),
    ],
    seen: [{ kind: 'missing', text: `SERVER ${name} in ${parent.traceId}` }],
  };
  if (server) {
    return {
      ...base,
      reason: 'server-ignored-parent',
      saw: `${name} came with the traceparent of trace ${parent.traceId.slice(0, 8)}. The API put its SERVER span into trace ${server.traceId.slice(0, 8)}.`,
      look: 'the set-up of the API: which propagator does it use, and what else begins a trace?',
    };
  }
  return {
    ...base,
    reason: 'trace-torn',
    saw: `${name.split(' ')[0]} ${first.path} came with traceparent 00-${parent.traceId.slice(0, 8)}...-01: ${caller} had kept its trace. The API dropped its part. So it did with ${all} of ${kept.length} such requests.`,
    look: [first, ...others].every(({ path }) => /health/.test(path))
      ? 'which requests does the API ignore, and by what does it know them?'
      : WHO_DECIDES,
  };
}

/**
 * A span in a kept trace whose parent is nowhere, or that has lost what was below it; null: none has.
 * @param bare spans without a query below them, each with what it stands for: `GET /feed`
 */
export function diagnoseHoles(
  evidence: Evidence,
  orphans: readonly EvidenceSpan[],
  bare: readonly { span: EvidenceSpan; name: string }[],
): Finding | null {
  const [orphan] = orphans;
  if (orphan) {
    return {
      reason: 'trace-torn',
      saw: `"${orphan.name}" names the span ${orphan.parentSpanId} as its parent, and nobody kept that one. ${counted(orphans.length, 'span')} of ${evidence.spans.length} ${orphans.length === 1 ? 'hangs' : 'hang'} in the air like this.`,
      wanted: 'a trace is kept whole, or not at all: every span of it, with its parent.',
      look: 'what decides about a span that has a parent?',
      marks: [markOn(orphan, 'ITS PARENT WAS NOT KEPT')],
      seen: [{ kind: 'orphan', text: orphan.name, spanId: orphan.spanId }],
    };
  }
  const [empty] = bare;
  if (!empty) return null;
  return {
    reason: 'trace-torn',
    saw: `the trace of ${empty.name} was kept, and ${empty.span.kind === 'CONSUMER' ? 'the worker' : 'the API'} kept its ${empty.span.kind} span alone: no query is below it.`,
    wanted: 'a trace is kept whole, or not at all: the queries, too.',
    look: 'what decides about a span that has a parent?',
    marks: [markOn(empty.span, 'MISSING HERE: a span for each query')],
    seen: [{ kind: 'missing', text: 'queries', spanId: empty.span.spanId }],
  };
}

/**
 * Spans of a program that were kept, and did not arrive while others of their trace did; null: all came.
 * @param who `the API`
 */
export function diagnoseLostParts(who: string, spans: readonly EvidenceSpan[]): Finding | null {
  const arrived = new Set(spans.filter(({ origin }) => origin.received).map(({ traceId }) => traceId));
  const lost = spans.filter((span) => !span.origin.received && arrived.has(span.traceId));
  const [first] = lost;
  if (!first) return null;
  const names = [...new Set(lost.map(({ name }) => name))].slice(0, 3);
  return {
    reason: 'trace-torn',
    saw: `${who} made ${counted(spans.length, 'span')} of kept traces, and ${lost.length} of them never came to the collector, though others of their trace did: ${listed(names)}.`,
    wanted: 'a trace is kept whole, or not at all. What was kept arrives.',
    look: 'what stands between the end of a span and the exporter? What does it leave out?',
    marks: [markOn(first, 'NOT AT THE COLLECTOR')],
    seen: [{ kind: 'lost', text: first.name, spanId: first.spanId }],
  };
}
