import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseDisconnected } from '../diagnosis/outbox/connection.ts';
import { diagnoseOrphans } from '../diagnosis/outbox/idle.ts';
import { diagnoseRefusedRow } from '../diagnosis/outbox/old-message.ts';
import { countOf, diagnoseCount, MESSAGES, type Sample } from '../diagnosis/sampling/count.ts';
import {
  diagnoseDroppedWork,
  diagnoseKeptWork,
  diagnoseSharedSpan,
} from '../diagnosis/sampling/deliveries.ts';
import { diagnoseShare } from '../diagnosis/sampling/share.ts';
import { diagnoseHoles, diagnoseLostParts } from '../diagnosis/sampling/torn.ts';
import { isOwnScope } from '../diagnosis/spans/own-scope.ts';
import { consumersBetween, isOfWorker, sampledMessagesOf, standingFor } from '../joins/index.ts';
import { failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { fact } from './facts.ts';
import { expectDelivery, expectMessages, expectWorkerTraced } from './outbox.ts';
import { API_SHARE, findArrivals, findOrphans } from './sampling.ts';

/** A message from before there was a context, and when it was under way. Unix epoch milliseconds. */
type OldMessage = { id: string; fromMs: number; toMs: number };

/** Fails unless the worker keeps the whole work for a message when its publish was kept, and nothing when it was dropped. */
export function expectDeliveriesFollow(): void {
  const sent = expectMessages(expectDelivery('published'));
  expectWorkerTraced();
  const messages = sampledMessagesOf(evidence());
  const consumers = findConsumers();
  const spans = evidence().spans.filter(isOfWorker);
  failOn(diagnoseSharedSpan(messages, consumers));
  failOn(diagnoseKeptWork(messages, spans, consumers));
  failOn(
    diagnoseDroppedWork(evidence(), messages, spans, consumers, ({ id }, span) => {
      const message = sent.find((one) => one.id === id);
      return message ? diagnoseDisconnected(evidence(), message, [span]) : null;
    }),
  );
  const bare = messages
    .filter(({ kept }) => kept)
    .flatMap((message) => standingFor(message, consumers))
    .filter((span) => spanIndex().childrenOf(span).length === 0);
  failOn(
    diagnoseHoles(
      evidence(),
      findOrphans().filter(isOfWorker),
      bare.map((span) => ({ span, name: 'a message' })),
    ),
  );
  failOn(diagnoseLostParts('the worker', spans));
}

/** Fails unless the worker kept such a share of the traces that it begins as it was told: those of messages without a context. */
export function expectWorkerShare(): void {
  const { left } = expectOld();
  const kept = left.filter((one) => consumersBetween(findConsumers(), one).length > 0);
  failOn(
    diagnoseShare({
      who: 'the worker',
      kept: kept.length,
      of: left.length,
      ratio: fact<number>('api ratio'),
      setting: API_SHARE,
      which: 'without a context',
      thing: 'message',
    }),
  );
}

/** Fails when the worker made spans while it found nothing to do. */
export function expectIdleWorkerSilent(): void {
  expectDelivery('published');
  const { fromMs, toMs } = fact<{ fromMs: number; toMs: number }>('idle');
  failOn(diagnoseOrphans(evidence(), { fromMs, toMs }));
}

/** Fails unless a weighted COUNT tells how many messages there were about which API or worker decided. */
export function expectTrueMessageCount(): void {
  const ratio = fact<number>('api ratio');
  const { left } = expectOld();
  const consumers = findConsumers();
  const published = sampledMessagesOf(evidence()).filter(({ by }) => by === 'the API');
  const samples: Sample[] = [
    {
      requests: left.length,
      ratio,
      spans: left.flatMap((one) => consumersBetween(consumers, one)),
    },
    {
      requests: published.length,
      ratio,
      spans: published.flatMap((message) => standingFor(message, consumers)),
    },
  ];
  failOn(diagnoseCount(countOf(samples, findArrivals), samples, findArrivals, MESSAGES));
}

/** The messages from before there was a context. Fails unless they could be left, and were delivered. */
function expectOld(): { left: OldMessage[] } {
  const old = fact<{ left: OldMessage[]; refused: string | null }>('old');
  failOn(diagnoseRefusedRow(old.refused === null ? {} : { refused: old.refused }));
  expectDelivery('old');
  return old;
}

/** The learner's own CONSUMER spans of the worker. */
function findConsumers(): EvidenceSpan[] {
  return evidence().spans.filter((span) => isOfWorker(span) && span.kind === 'CONSUMER' && isOwnScope(span));
}
