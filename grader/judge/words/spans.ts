import { endMs, select } from '@workshop/telemetry/pure';
import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import {
  diagnoseCoverage,
  diagnoseKind,
  diagnoseMissingSpan,
  diagnoseNotBelow,
  isOwnScope,
} from '../diagnosis/spans/spans.ts';
import { fail } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { findServerSpan, serverSpanOf, spansOf, titleOf, viewOf } from './requests.ts';

/** The learner's own spans of that name which belong to a request: in its trace, or begun during it. */
export function ownSpansNamed(sent: SentRequest, name: string): EvidenceSpan[] {
  const named = select(spanIndex())
    .name(name)
    .where('of an own tracer', (span) => isOwnScope(span))
    .all();
  const traceId = findServerSpan(sent)?.traceId;
  const inTrace = named.filter((span) => span.traceId === traceId);
  if (inTrace.length > 0) return inTrace;
  return named.filter(
    (span) => span.startMs >= sent.startMs - 5 && span.startMs <= sent.startMs + sent.durationMs + 5,
  );
}

/**
 * The one span of that name that the learner's code made for a request. Fails with the diagnosed cause when there is
 * none, or more than one.
 */
export function ownSpan(sent: SentRequest, name: string): EvidenceSpan {
  const server = serverSpanOf(sent);
  const found = ownSpansNamed(sent, name);
  if (found.length === 1) return found[0] as EvidenceSpan;
  return fail(
    diagnoseMissingSpan({
      evidence: evidence(),
      sent,
      server,
      name,
      found,
      spans: spansOf(sent),
      view: (marks) => viewOf(sent, marks),
    }),
  );
}

/** Fails unless the span's kind is INTERNAL: work inside the program. */
export function internalKind(span: EvidenceSpan, sent: SentRequest): void {
  const broken = diagnoseKind(span, (marks) => viewOf(sent, marks));
  if (broken) fail(broken);
}

/** Fails unless the span lies below the request's SERVER span, at whatever depth. */
export function insideRequest(span: EvidenceSpan, sent: SentRequest): void {
  const server = serverSpanOf(sent);
  if (spanIndex().isBelow(span, server)) return;
  const root = span.parentSpanId === undefined;
  fail({
    reason: 'span-root-not-child',
    saw: `"${span.name}" is ${root ? 'the root of a trace of its own' : 'in another trace'}, ${span.traceId.slice(0, 8)}. The request is trace ${server.traceId.slice(0, 8)}.`,
    wanted: `"${span.name}" below ${server.name}, in the request's trace.`,
    look: 'which span is active when yours starts? Did you ask for a new root, or lose the context?',
    views: [
      ...viewOf(sent, [{ spanId: server.spanId, text: `MISSING HERE: ${span.name}` }]),
      {
        title: `began ${Math.round(span.startMs - server.startMs)} ms after the request`,
        traceId: span.traceId,
        marks: [{ spanId: span.spanId, text: `ROOT: no parent, though ${server.name} was still open` }],
      },
    ],
    seen: [{ kind: 'span', text: span.name, spanId: span.spanId }],
  });
}

/**
 * Fails unless the span covers the work that it stands for.
 *
 * @param work spans that belong to the work, in any order
 * @param untilMs when the work is over at the latest, Unix epoch milliseconds: what no span covers in between belongs to it
 */
export function coversWork(
  span: EvidenceSpan,
  sent: SentRequest,
  work: readonly EvidenceSpan[],
  untilMs: number,
): void {
  const broken = diagnoseCoverage(span, work, untilMs, (marks) => viewOf(sent, marks));
  if (broken) fail(broken);
}

/** Fails unless every one of these spans is below `span`. `what` names them in the message: `queries`. */
export function areBelow(
  children: readonly EvidenceSpan[],
  span: EvidenceSpan,
  sent: SentRequest,
  what: string,
): void {
  const broken = diagnoseNotBelow(spanIndex(), children, span, what, (marks) => viewOf(sent, marks));
  if (broken) fail(broken);
}

/** Fails unless the request, which failed, left an ended span of that name. */
export function endedOnFailure(sent: SentRequest, name: string): EvidenceSpan {
  const found = ownSpansNamed(sent, name);
  if (found[0]) return found[0];
  const server = serverSpanOf(sent);
  const open = evidence().unended.find((span) => span.name === name && span.traceId === server.traceId);
  return fail({
    reason: 'span-not-ended-on-error',
    saw: `${titleOf(sent)} failed with ${sent.status}, and its "${name}" ${open ? 'was started and never ended' : 'is not there'}.`,
    wanted: `"${name}" ends on every way out, also when the work throws. What never ends is never exported.`,
    look: 'which lines of yours run when the work throws? Is the one that ends the span among them?',
    views: viewOf(sent, [{ spanId: server.spanId, text: `MISSING HERE: ${name}` }]),
    seen: [{ kind: open ? 'unended' : 'missing', text: name, spanId: open?.spanId ?? server.spanId }],
  });
}

/** Fails when a name of the learner's own spans in a request holds one of these values: it then differs each time. */
export function boundedNames(sent: SentRequest, values: readonly string[]): void {
  for (const span of spansOf(sent).filter(isOwnScope)) {
    const value = values.find((one) => one.length > 2 && span.name.includes(one));
    if (!value) continue;
    fail({
      reason: 'span-name-unbounded',
      saw: `a span is called "${span.name}": "${value}" is another one in the next request.`,
      wanted: 'one name for everyone. What differs from request to request is an attribute.',
      look: 'the line that names the span.',
      views: viewOf(sent, [{ spanId: span.spanId, text: 'THIS NAME differs from request to request' }]),
      seen: [{ kind: 'span', text: span.name, spanId: span.spanId }],
    });
  }
}

/** When the last of these spans ended, Unix epoch milliseconds. */
export function lastEndMs(spans: readonly EvidenceSpan[]): number {
  return Math.max(...spans.map(endMs));
}
