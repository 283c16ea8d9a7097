import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, type Mark, markOn } from '../../finding.ts';
import { carriedIn, type Message, requestOf, serverSpanOf, spanIndexOf, wayTo } from '../../joins/index.ts';
import { missingHere, requestName } from '../../sentences.ts';
import { malformedLink } from './worker-silence.ts';

/** Why no CONSUMER span leads back to the request that left a message; null when one does. */
export function diagnoseDisconnected(
  evidence: Evidence,
  message: Message,
  consumers: readonly EvidenceSpan[],
): Finding | null {
  if (consumers.some((span) => wayTo(evidence, span, message.request))) return null;
  const broken = malformedLink(consumers);
  if (broken) return broken;
  const server = serverSpanOf(evidence, message.request);
  if (!server) throw new Error('a message was judged whose request has no SERVER span');
  const [consumer] = consumers;
  const base = {
    wanted: `the CONSUMER span is a child of the publish, or linked to it: trace ${server.traceId.slice(0, 8)}.`,
    marks: [
      missingHere(server, 'what became of the message'),
      ...(consumer ? [leads(evidence, consumer)] : []),
    ],
    seen: [
      { kind: 'row', text: message.row.slice(0, 400) },
      { kind: 'consumer', text: consumer ? waysOf(consumer) : 'none', spanId: consumer?.spanId },
    ].map(({ spanId, ...item }) => (spanId ? { ...item, spanId } : item)),
  };
  return (
    unknownSpan(consumers, server, base) ??
    diagnoseCarrier(evidence, message, server, base) ?? {
      ...base,
      reason: 'carrier-not-extracted',
      saw: `the row of the message carries the context of ${requestName(message.request)}, and "${consumer?.name}" ${consumer ? waysOf(consumer) : 'is not there'}.`,
      look: 'what do you do with the context that you take out of the row? A context that is extracted is not yet active, and no parent of anything.',
    }
  );
}

type Base = Pick<Finding, 'wanted' | 'marks' | 'seen'>;

/** What is wrong with the context that the row carries; null when it carries that of its request. */
export function diagnoseCarrier(
  evidence: Evidence,
  message: Message,
  server: EvidenceSpan,
  base: Base,
): Finding | null {
  if (message.row.includes(server.traceId)) return null;
  const carried = carriedIn(message.row);
  if (!carried) {
    return {
      ...base,
      reason: 'carrier-missing',
      saw: `the row that ${requestName(message.request)} left in the outbox holds no context: ${inRow(message.row)}.`,
      look: 'the line that writes the row, and what is in your carrier when it runs. Which context is active there?',
    };
  }
  const other = requestOf(evidence, carried);
  return {
    ...base,
    reason: 'carrier-of-other-trace',
    saw: `the row that ${requestName(message.request)} left carries trace ${carried.traceId.slice(0, 8)}, ${other ? `which is that of ${requestName(other)} of user ${other.userId}` : 'which is no request of this run'}. Its own is ${server.traceId.slice(0, 8)}.`,
    look: 'where does your carrier live, and who else writes into it? Which context was active when it was filled?',
  };
}

/** A parent or link in the right trace, to a span that is not there. */
function unknownSpan(consumers: readonly EvidenceSpan[], server: EvidenceSpan, base: Base): Finding | null {
  const astray = consumers.find(
    (span) => span.traceId === server.traceId || span.links.some(({ traceId }) => traceId === server.traceId),
  );
  if (!astray) return null;
  const named = astray.links.find(({ traceId }) => traceId === server.traceId)?.spanId ?? astray.parentSpanId;
  return {
    ...base,
    reason: 'link-malformed',
    saw: `"${astray.name}" names trace ${server.traceId.slice(0, 8)}, the right one, and in it span ${named}, which is not there.`,
    look: 'was the span whose context you carry exported, and is its id carried whole?',
  };
}

/** `is the root of a trace of its own, without a link` */
function waysOf(span: EvidenceSpan): string {
  const place =
    span.parentSpanId === undefined ? 'is the root of a trace of its own' : 'is part of another trace';
  const links = span.links.length;
  return `${place}, ${links === 0 ? 'without a link' : `with ${links === 1 ? 'a link' : `${links} links`} to another one`}`;
}

function leads(evidence: Evidence, span: EvidenceSpan): Mark {
  const root = spanIndexOf(evidence).parentOf(span) === undefined;
  return markOn(
    span,
    `${root ? 'ROOT' : 'IN ANOTHER TRACE'}${span.links.length === 0 ? ', and no link' : ''}`,
  );
}

/** The names of what a row holds: `id, type, payload, created_at, processed_at` */
function inRow(row: string): string {
  try {
    return Object.entries(JSON.parse(row) as object)
      .map(([name, value]) => (value === null || isEmpty(value) ? `${name} is empty` : name))
      .join(', ');
  } catch {
    return row.slice(0, 80);
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
