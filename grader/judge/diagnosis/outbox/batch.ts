import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { type Message, serverSpanOf, wayTo } from '../../joins/index.ts';
import { missingHere, requestName } from '../../sentences.ts';
import { diagnoseDisconnected } from './connection.ts';

/** What says which message a span is about. */
export const MESSAGE_ID = 'messaging.message.id';

/** Why messages that were worked on together do not each lead back to their own request; null when they do. */
export function diagnoseBatch(
  evidence: Evidence,
  messages: readonly Message[],
  consumers: readonly EvidenceSpan[],
): Finding | null {
  const left = messages.filter(({ request }) => !consumers.some((span) => wayTo(evidence, span, request)));
  const [missed] = left;
  if (!missed) return diagnoseForeign(evidence, messages, consumers);
  const why = diagnoseDisconnected(evidence, missed, consumers);
  // A cause that stands in the row is the cause here, too.
  if (!why || left.length === messages.length || why.reason !== 'carrier-not-extracted') return why;
  const server = serverSpanOf(evidence, missed.request);
  const [reached] = consumers.filter((span) =>
    messages.some(({ request }) => wayTo(evidence, span, request)),
  );
  return {
    reason: 'batch-not-linked',
    saw: `${messages.length} messages were worked on together, and the worker's CONSUMER spans lead back to ${messages.length - left.length} of them. ${requestName(missed.request)} of user ${missed.request.userId} is not among those.`,
    wanted: `${messages.length} links, or ${messages.length} parents: each message leads back to its own publish.`,
    look: 'how many contexts does your code take out of the rows of one batch, and what becomes of each?',
    marks: [
      ...(server ? [missingHere(server, 'what became of the message')] : []),
      ...(reached
        ? [markOn(reached, `LEADS to ${messages.length - left.length} of ${messages.length}`)]
        : []),
    ],
    seen: [{ kind: 'links', text: `${messages.length - left.length} of ${messages.length}` }],
  };
}

/** A span that stands for one message and leads to the request of another one. */
function diagnoseForeign(
  evidence: Evidence,
  messages: readonly Message[],
  consumers: readonly EvidenceSpan[],
): Finding | null {
  for (const message of messages) {
    for (const span of consumers.filter(({ attributes }) => String(attributes[MESSAGE_ID]) === message.id)) {
      const foreign = messages.find((other) => other !== message && wayTo(evidence, span, other.request));
      if (!foreign) continue;
      const own = wayTo(evidence, span, message.request);
      return {
        reason: 'batch-not-linked',
        saw: `"${span.name}" stands for message ${message.id}, and leads to the publish of message ${foreign.id}${own ? ', too' : ''}.`,
        wanted: 'the span of one message leads to its own publish and to no other one.',
        look: 'where does the list of links, or the context, come from? Is it made anew for each message?',
        marks: [markOn(span, `LEADS to message ${foreign.id}`)],
        seen: [{ kind: 'message', text: message.id, spanId: span.spanId }],
      };
    }
  }
  return null;
}
