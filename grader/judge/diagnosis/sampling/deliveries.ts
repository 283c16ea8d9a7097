import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { leadsTo, type SampledMessage, serverSpanOf, standingFor } from '../../joins/index.ts';
import { counted, missingHere, requestName } from '../../sentences.ts';

const WORKER_FOLLOWS = 'exercises/13-sampling/README.md, "The worker follows, too"';

/** One span that stands for several messages, of which some were kept and some were dropped; null: none does. */
export function diagnoseSharedSpan(
  messages: readonly SampledMessage[],
  consumers: readonly EvidenceSpan[],
): Finding | null {
  for (const span of consumers) {
    const its = messages.filter(({ traceId }) => traceId !== null && leadsTo(span, traceId));
    const kept = its.filter((message) => message.kept).length;
    if (its.length < 2 || kept === its.length) continue;
    return {
      reason: 'trace-torn',
      saw: `"${span.name}" stands for ${its.length} messages and was kept. Of their publishes ${kept} ${kept === 1 ? 'was' : 'were'} kept and ${its.length - kept} dropped.`,
      wanted: 'a CONSUMER span for each message, so that each can follow its own publish.',
      look: WORKER_FOLLOWS,
      marks: [markOn(span, `STANDS FOR ${its.length} messages`)],
      seen: [{ kind: 'messages', text: `${kept} of ${its.length} kept`, spanId: span.spanId }],
    };
  }
  return null;
}

/** The work for a message whose publish was dropped, and of which the worker kept something; null: it kept nothing. */
export function diagnoseKeptWork(
  messages: readonly SampledMessage[],
  spans: readonly EvidenceSpan[],
  consumers: readonly EvidenceSpan[],
): Finding | null {
  const dropped = messages
    .filter(({ kept }) => !kept)
    .map((message) => ({ message, spans: spansFor(message, spans, consumers) }));
  const [first, ...others] = dropped.filter((one) => one.spans.length > 0);
  if (!first) return null;
  const [shown] = first.spans as [EvidenceSpan, ...EvidenceSpan[]];
  const all = [first, ...others];
  // A die that was thrown anew may fall on a failure, too. Then it drops some of those that were kept.
  const failed =
    all.every((one) => one.spans.some(({ status }) => status.code === 'ERROR')) &&
    droppedOf(messages, consumers).length === 0;
  return {
    reason: 'trace-torn',
    saw: `${requestName(first.message.publish)} left message ${first.message.id}, and ${first.message.by} had dropped its trace. The worker kept ${counted(first.spans.length, 'span')} of the work for it. So it did with ${all.length} of ${counted(dropped.length, 'such message')}${failed ? ', all from tries that failed' : ''}.`,
    wanted: 'no span of the work for a message whose publish was dropped: as a child or by a link.',
    look: failed
      ? 'exercises/13-sampling/README.md, "Errors and slow ones". Who knew that it would fail when the trace was dropped?'
      : WORKER_FOLLOWS,
    marks: [markOn(shown, 'KEPT, though the publish was dropped')],
    seen: [{ kind: 'span', text: shown.name, spanId: shown.spanId }],
  };
}

/** What stands for the message, and the rest of the worker's spans in the trace of its publish. */
function spansFor(
  message: SampledMessage,
  spans: readonly EvidenceSpan[],
  consumers: readonly EvidenceSpan[],
): EvidenceSpan[] {
  const standing = standingFor(message, consumers);
  return [
    ...standing,
    ...spans.filter((span) => span.traceId === message.traceId && !standing.includes(span)),
  ];
}

/** Those whose publish was kept, and to whose trace no work leads. */
function droppedOf(
  messages: readonly SampledMessage[],
  consumers: readonly EvidenceSpan[],
): SampledMessage[] {
  return messages.filter(
    ({ kept, traceId }) => kept && !consumers.some((span) => traceId !== null && leadsTo(span, traceId)),
  );
}

/**
 * The work for a message whose publish was kept, and that the worker dropped; null: all of it is there.
 * @param spans of the worker
 * @param astray a span that stands for the message and leads elsewhere: why that is so
 */
export function diagnoseDroppedWork(
  evidence: Evidence,
  messages: readonly SampledMessage[],
  spans: readonly EvidenceSpan[],
  consumers: readonly EvidenceSpan[],
  astray: (message: SampledMessage, span: EvidenceSpan) => Finding | null,
): Finding | null {
  const kept = messages.filter((message) => message.kept);
  const lost = droppedOf(messages, consumers);
  const [first] = lost;
  if (!first) return null;
  const elsewhere = lost.flatMap((message) =>
    standingFor(message, consumers).flatMap((span) => astray(message, span) ?? []),
  )[0];
  if (elsewhere) return elsewhere;
  const other = spans.find((span) => first.traceId !== null && leadsTo(span, first.traceId));
  if (other) {
    return {
      reason: 'span-wrong-kind',
      saw: `"${other.name}" leads back to the publish of message ${first.id}, and is of kind ${other.kind}.`,
      wanted: 'a span of kind CONSUMER in the worker: the work that the message asks for.',
      look: 'the line that starts the span: what do you give it besides its name?',
      marks: [markOn(other, `KIND: ${other.kind}`)],
      seen: [{ kind: 'kind', text: other.kind, spanId: other.spanId }],
    };
  }
  const server = first.sent && serverSpanOf(evidence, first.sent);
  return {
    reason: 'trace-torn',
    saw: `${requestName(first.publish)} left message ${first.id}, and ${first.by} had kept its trace. The worker dropped its part. So it did with ${lost.length} of ${counted(kept.length, 'such message')}.`,
    wanted: 'a CONSUMER span for each message whose publish was kept, as its child or with a link to it.',
    look: WORKER_FOLLOWS,
    marks: server ? [missingHere(server, 'the work of the worker')] : [],
    seen: [{ kind: 'missing', text: `CONSUMER of message ${first.id}` }],
  };
}
