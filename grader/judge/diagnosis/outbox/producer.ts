import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { isDuring, requestOf, spanIndexOf } from '../../joins/index.ts';
import { missingHere, neverEnded, requestName } from '../../sentences.ts';
import { isOwnScope } from '../spans/own-scope.ts';
import { diagnoseOutsideRequest } from '../spans/placement.ts';

/** The query that puts a message into the outbox. */
const INTO_OUTBOX = /insert\s+into\s+"?outbox"?/i;

/** What a span's query says, the empty text where it is none. */
export function queryText({ attributes }: EvidenceSpan): string {
  return String(attributes['db.query.text'] ?? attributes['db.statement'] ?? '');
}

/** The learner's own PRODUCER spans of a request: in its trace, or begun in the API while it was open. */
export function producersOf(evidence: Evidence, sent: SentRequest, server: EvidenceSpan): EvidenceSpan[] {
  const own = evidence.spans.filter(
    (span) => span.kind === 'PRODUCER' && isOwnScope(span) && span.origin.process !== 'worker',
  );
  const inTrace = own.filter(({ traceId }) => traceId === server.traceId);
  if (inTrace.length > 0) return inTrace;
  // Nothing but time joins a span of another trace with its request, and the request before may have ended at once
  // before this one: a single one is this request's, the first that began after it.
  const outside = own
    .filter((span) => isDuring(span.startMs, sent) && !requestOf(evidence, span))
    .sort((a, b) => a.startMs - b.startMs);
  const one = outside.find(({ startMs }) => startMs >= sent.startMs) ?? outside.at(-1);
  return one ? [one] : [];
}

/** Why a publish has not one PRODUCER span inside its request; null when it has. */
export function diagnoseProducer(
  evidence: Evidence,
  sent: SentRequest,
  server: EvidenceSpan,
  found: readonly EvidenceSpan[],
): Finding | null {
  const [first] = found;
  const wanted = `one span of kind PRODUCER below ${server.name}: the message that the request leaves.`;
  if (first && found.length > 1) {
    return {
      reason: found.length > 3 ? 'span-per-item' : 'span-duplicated',
      saw: `${requestName(sent)} has ${found.length} PRODUCER spans, and it leaves one message.`,
      wanted,
      look: 'how often does the line that starts it run for one message?',
      marks: [markOn(first, `THE FIRST of ${found.length}`)],
      seen: [{ kind: 'count', text: String(found.length), spanId: first.spanId }],
    };
  }
  if (first) return diagnoseOutsideRequest(spanIndexOf(evidence), first, server);
  return (
    openProducer(evidence, server, wanted) ??
    otherKind(evidence, server, wanted) ??
    nowhere(sent, server, wanted)
  );
}

/** The publish failed: its message was never written, and the span of it must end all the same. Null when it did. */
export function diagnoseOpenProducer(
  evidence: Evidence,
  sent: SentRequest,
  server: EvidenceSpan,
): Finding | null {
  if (producersOf(evidence, sent, server).some(({ traceId }) => traceId === server.traceId)) return null;
  const open = evidence.unended.find(
    ({ kind, traceId }) => kind === 'PRODUCER' && traceId === server.traceId,
  );
  return {
    reason: 'span-not-ended-on-error',
    saw: `${requestName(sent)} failed with ${sent.status} while it wrote to the outbox, and its PRODUCER span ${open ? 'was started and never ended' : 'is not there'}.`,
    wanted: 'it ends on every way out, also when writing fails. What never ends is never exported.',
    look: 'which lines of yours run when the query throws? Is the one that ends the span among them?',
    marks: [missingHere(server, 'the PRODUCER span')],
    seen: [{ kind: open ? 'unended' : 'missing', text: open?.name ?? 'PRODUCER', spanId: server.spanId }],
  };
}

function openProducer(evidence: Evidence, server: EvidenceSpan, wanted: string): Finding | null {
  const open = evidence.unended.find(
    (span) => span.traceId === server.traceId && isOwnScope(span) && span.kind === 'PRODUCER',
  );
  if (!open) return null;
  return {
    reason: 'span-never-ended',
    saw: neverEnded(`"${open.name}"`),
    wanted,
    look: 'is there a line that ends the span, and does every way through your code pass it?',
    marks: [missingHere(server, open.name)],
    seen: [{ kind: 'unended', text: open.name, spanId: open.spanId }],
  };
}

/** A span of the learner's around the writing, or named as what it does, of another kind. */
function otherKind(evidence: Evidence, server: EvidenceSpan, wanted: string): Finding | null {
  const index = spanIndexOf(evidence);
  const trace = index.trace(server.traceId);
  const writing = trace.find((span) => INTO_OUTBOX.test(queryText(span)));
  const around = writing && index.ancestorsOf(writing).find(isOwnScope);
  const other =
    around ??
    trace.find(
      (span) =>
        isOwnScope(span) &&
        span.origin.process !== 'worker' &&
        /outbox|message|produce|enqueue|\bsend\b/i.test(span.name),
    );
  if (!other) return null;
  return {
    reason: 'span-wrong-kind',
    saw: `"${other.name}" is of kind ${other.kind}, so it is no message to anybody who reads the trace.`,
    wanted,
    look: 'the line that starts the span: what do you give it besides its name?',
    marks: [markOn(other, `KIND: ${other.kind}`)],
    seen: [{ kind: 'kind', text: other.kind, spanId: other.spanId }],
  };
}

function nowhere(sent: SentRequest, server: EvidenceSpan, wanted: string): Finding {
  return {
    reason: 'span-missing',
    saw: `${requestName(sent)} has no span of kind PRODUCER: its trace does not say that it left a message.`,
    wanted,
    look: 'the line that writes to the outbox. Does your span start there, and does that line run?',
    marks: [missingHere(server, 'a PRODUCER span')],
    seen: [{ kind: 'missing', text: 'PRODUCER', spanId: server.spanId }],
  };
}
