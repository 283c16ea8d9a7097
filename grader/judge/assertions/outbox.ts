import { endMs } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseBatch, MESSAGE_ID } from '../diagnosis/outbox/batch.ts';
import { diagnoseDisconnected } from '../diagnosis/outbox/connection.ts';
import {
  consumersOf,
  diagnoseManyConsumers,
  diagnoseNoConsumer,
  diagnoseUndelivered,
  diagnoseUnleft,
  TELLING,
} from '../diagnosis/outbox/consumer.ts';
import { diagnoseOrphans, type Idle } from '../diagnosis/outbox/idle.ts';
import { diagnoseNoMessageId } from '../diagnosis/outbox/message-id.ts';
import { diagnoseRefusedRow, diagnoseStranger } from '../diagnosis/outbox/old-message.ts';
import {
  diagnoseOpenProducer,
  diagnoseProducer,
  producersOf,
  queryText,
} from '../diagnosis/outbox/producer.ts';
import { diagnoseUntracedQueries } from '../diagnosis/outbox/queries.ts';
import { diagnoseTries } from '../diagnosis/outbox/tries.ts';
import {
  diagnoseWorkerName,
  diagnoseWorkerSilence,
  malformedLink,
} from '../diagnosis/outbox/worker-silence.ts';
import { diagnoseDrive, diagnoseProcesses } from '../diagnosis/program/requests.ts';
import { diagnoseCoverage, diagnoseLateEnd } from '../diagnosis/spans/coverage.ts';
import { diagnoseUnboundedName } from '../diagnosis/spans/names.ts';
import { diagnoseUnnamedTracer, isOwnScope } from '../diagnosis/spans/own-scope.ts';
import { diagnoseNotBelow } from '../diagnosis/spans/placement.ts';
import {
  type Delivery,
  deliveriesOf,
  isOfWorker,
  type Message,
  messagesOf,
  wayTo,
  workerSpansOf,
} from '../joins/index.ts';
import { DELIVERY_LATE_MS } from '../tolerances.ts';
import { expectValue } from './attributes.ts';
import { failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { fact } from './facts.ts';
import { expectRequest, expectServerSpan, expectStatus } from './requests.ts';
import { expectExported } from './service.ts';

/** Fails when a process ended by itself. An exporter that cannot write a link may end the worker: then it is the link. */
function expectRunning(): void {
  const ended = diagnoseProcesses(evidence());
  if (ended) failOn(malformedLink(evidence().spans.filter(isOfWorker)) ?? ended);
}

/** The part of the run in which messages were left in this way. Fails with its cause when it never came that far. */
export function expectDelivery(what: string): Delivery {
  expectRunning();
  fact('parts');
  const parts = deliveriesOf(evidence());
  const found = parts.find((part) => part.what === what);
  // What still waits would be in the way of all that comes after it: the scenario stops there.
  for (const part of found ? [found] : parts) failOn(diagnoseUndelivered(evidence(), part));
  failOn(diagnoseDrive(evidence()));
  if (!found) throw new Error(`the scenario left no messages "${what}"`);
  return found;
}

/** The messages of this part, each with the request that left it. Fails when one of these requests got no good answer. */
export function expectMessages(part: Delivery): Message[] {
  failOn(diagnoseUnleft(evidence(), part));
  const messages = messagesOf(evidence(), part);
  if (messages.length < part.postIds.length)
    for (const sent of evidence().requests.filter(({ label }) => label === part.what))
      expectStatus(sent, 201);
  return messages;
}

/** Fails unless the worker traces: its spans reach the collector, under its own service name. */
export function expectWorkerTraced(): void {
  expectRunning();
  const spans = evidence().spans.filter(isOfWorker);
  const silent = !spans.some(({ origin }) => origin.received);
  // Where no message was left, or none came through, a worker has nothing to tell.
  for (const part of silent ? deliveriesOf(evidence()) : [])
    failOn(diagnoseUndelivered(evidence(), part) ?? diagnoseUnleft(evidence(), part));
  failOn(diagnoseWorkerSilence(evidence(), spans));
  for (const span of spans.filter(({ origin }) => origin.received))
    failOn(diagnoseWorkerName(evidence(), span));
}

/** The one PRODUCER span of the request that left a message. Fails with the cause when there is none, or several. */
export function expectProducer({ request }: Message): EvidenceSpan {
  const server = expectServerSpan(request);
  const found = producersOf(evidence(), request, server);
  failOn(diagnoseProducer(evidence(), request, server, found));
  const [span] = found as [EvidenceSpan];
  failOn(diagnoseUnnamedTracer(span));
  expectExported([span]);
  return span;
}

/** Fails unless the PRODUCER span of a request that failed has ended. */
export function expectProducerEnded(label: string): void {
  const sent = expectStatus(expectRequest(label), 500);
  failOn(diagnoseOpenProducer(evidence(), sent, expectServerSpan(sent)));
}

/** The CONSUMER spans of this part. Fails with the cause when there are none, or when they never left the worker. */
export function expectConsumers(part: Delivery): EvidenceSpan[] {
  const found = consumersOf(evidence(), part);
  failOn(diagnoseNoConsumer(evidence(), part, found));
  for (const span of found) failOn(diagnoseUnnamedTracer(span));
  expectExported(found);
  return found;
}

/** Fails when a single message has several CONSUMER spans. */
export function expectOneConsumer(part: Delivery): void {
  failOn(diagnoseManyConsumers(evidence(), expectConsumers(part)));
}

/** The CONSUMER spans that lead back to the message's request, as a child or by a link. Fails when none does. */
export function expectConnected(message: Message, part: Delivery): EvidenceSpan[] {
  expectServerSpan(message.request);
  const consumers = expectConsumers(part);
  failOn(diagnoseDisconnected(evidence(), message, consumers));
  return consumers.filter((span) => wayTo(evidence(), span, message.request));
}

/** Fails unless all that was done for a single message is below its CONSUMER span, which ends with it. */
export function expectTellingBelow(message: Message, part: Delivery): void {
  const consumer = expectTellingTraced(part, message.followers);
  const telling = findTelling(part).filter((one) => spanIndex().isBelow(one, consumer));
  failOn(diagnoseCoverage(consumer, telling, Math.max(...telling.map(endMs))));
  failOn(diagnoseLateEnd(consumer, { what: 'the message was delivered', atMs: part.toMs }, DELIVERY_LATE_MS));
  expectExported(telling);
}

/** Fails unless all that was done for several messages is below a CONSUMER span. */
export function expectAllTellingBelow(part: Delivery): void {
  expectTellingTraced(
    part,
    expectMessages(part).reduce((sum, message) => sum + message.followers, 0),
  );
}

/** Fails unless so many queries that tell a follower are below CONSUMER spans. Gives the span above the last of them. */
function expectTellingTraced(part: Delivery, followers: number): EvidenceSpan {
  const consumers = expectConsumers(part);
  const telling = findTelling(part);
  const above = (one: EvidenceSpan) => consumers.find((span) => spanIndex().isBelow(one, span));
  const consumer =
    telling.map(above).findLast((span) => span !== undefined) ?? (consumers[0] as EvidenceSpan);
  failOn(diagnoseUntracedQueries(evidence(), consumer, telling, followers));
  const own = telling.filter((one) => {
    const span = above(one);
    return span === undefined || span === consumer;
  });
  failOn(diagnoseNotBelow(spanIndex(), own, consumer, 'queries that tell a follower'));
  return consumer;
}

/** The queries by which the worker told followers in this part, the first one first. */
function findTelling(part: Delivery): EvidenceSpan[] {
  return workerSpansOf(evidence(), part)
    .filter((span) => TELLING.test(queryText(span)))
    .sort((a, b) => a.startMs - b.startMs);
}

/** Fails unless each of several messages that were worked on together leads back to its own request. */
export function expectBatchConnected(part: Delivery): Message[] {
  const messages = expectMessages(part);
  for (const { request } of messages) expectServerSpan(request);
  failOn(diagnoseBatch(evidence(), messages, expectConsumers(part)));
  return messages;
}

/** Fails unless both ends of each message say its id: the PRODUCER span, and the CONSUMER span or its link. */
export function expectMessageIds(parts: readonly Delivery[]): void {
  const ends = parts.flatMap((part) =>
    expectMessages(part).map((message) => ({
      message,
      sent: expectProducer(message),
      received: expectConnected(message, part).map((span) => withLinkId(span, message)),
    })),
  );
  for (const { message, sent } of ends) {
    failOn(diagnoseNoMessageId(evidence(), sent, message.id));
    expectValue(
      MESSAGE_ID,
      sent,
      message.id,
      ends.map((end) => end.sent),
    );
  }
  for (const { message, received } of ends) {
    const span = received.find(({ attributes }) => attributes[MESSAGE_ID] !== undefined) ?? received[0];
    if (!span) continue;
    failOn(diagnoseNoMessageId(evidence(), span, message.id));
    expectValue(
      MESSAGE_ID,
      span,
      message.id,
      ends.flatMap((end) => end.received),
    );
  }
}

/** The span as it speaks of this message: a batch has one link for each, and the link says which one it is. */
function withLinkId(span: EvidenceSpan, { request }: Message): EvidenceSpan {
  const link = span.links.find((one) => wayTo(evidence(), { ...span, traceId: '', links: [one] }, request));
  const id = link?.attributes[MESSAGE_ID];
  return id === undefined ? span : { ...span, attributes: { ...span.attributes, [MESSAGE_ID]: id } };
}

/** Fails unless a message that failed at first has a CONSUMER span for each try, and the failed one says so. */
export function expectTries(message: Message, part: Delivery): void {
  const consumers = expectConsumers(part);
  const tries = consumers
    .filter((span) => !consumers.some((other) => spanIndex().isBelow(span, other)))
    .sort((a, b) => a.startMs - b.startMs);
  failOn(diagnoseTries(evidence(), part, message, tries));
}

/** Fails unless a message without a context was delivered, with a CONSUMER span that leads nowhere. */
export function expectOldDelivered(): void {
  const part = expectDelivery('old');
  failOn(diagnoseRefusedRow(fact<{ refused?: string }>('old')));
  failOn(diagnoseStranger(evidence(), expectConsumers(part)));
}

/** Fails when the worker made spans while it found nothing to do. */
export function expectNoOrphans(): void {
  expectDelivery('old');
  const { fromMs, toMs } = fact<{ fromMs: number; toMs: number }>('idle') satisfies Idle;
  failOn(diagnoseOrphans(evidence(), { fromMs, toMs }));
}

/** Fails when a name of the learner's own spans differs from message to message. */
export function expectBoundedMessageNames(parts: readonly Delivery[]): void {
  const alike = parts.flatMap((part) =>
    expectMessages(part).map((message) => ({
      spans: [
        expectProducer(message),
        ...consumersOf(evidence(), part).filter((span) => wayTo(evidence(), span, message.request)),
      ].filter(isOwnScope),
      values: [message.postId, message.request.userId ?? ''],
    })),
  );
  failOn(diagnoseUnboundedName(alike));
}
