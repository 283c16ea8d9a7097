import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Evidence, EvidenceSpan } from '../../evidence/index.ts';
import {
  diagnoseDroppedWork,
  diagnoseKeptWork,
  diagnoseSharedSpan,
} from '../diagnosis/sampling/deliveries.ts';
import { type SampledMessage, sampledMessagesOf } from '../joins/index.ts';
import { consumer, delivered, type Published, publish, telling } from './support/messages.ts';

const flags = (sampled: boolean) => (sampled ? '01' : '00');

/** Post `n`, published by a caller that has kept or dropped its trace. */
function decided(n: number, sampled: boolean): Published {
  const post = publish(n);
  const traceparent = `00-${post.server.traceId}-${post.server.spanId}-${flags(sampled)}`;
  return { ...post, sent: { ...post.sent, requestHeaders: { traceparent } } };
}

/** Evidence in which the dropped ones have no spans of the API. */
function seen(posts: readonly Published[], spans: readonly EvidenceSpan[]): Evidence {
  const { evidence } = delivered(posts, spans);
  const dropped = posts.filter(({ sent }) => sent.requestHeaders.traceparent?.endsWith('-00'));
  const gone = new Set(dropped.flatMap(({ server, producer }) => [server.spanId, producer.spanId]));
  return { ...evidence, spans: evidence.spans.filter(({ spanId }) => !gone.has(spanId)) };
}

const asChild = ({ server, producer, row }: Published, given: Partial<EvidenceSpan> = {}): EvidenceSpan =>
  consumer([], {
    traceId: server.traceId,
    parentSpanId: producer.spanId,
    attributes: { 'messaging.message.id': row.id },
    ...given,
  });

const nowhere = () => null;
const [kept, dropped] = [decided(1, true), decided(2, false)];

describe('what was decided about the publish of a message', () => {
  test('by its caller, and by the API', () => {
    const [own, ownDropped] = [publish(3), publish(4)];
    const evidence = seen([kept, dropped, own, ownDropped], []);
    const spans = evidence.spans.filter(({ traceId }) => traceId !== ownDropped.server.traceId);
    assert.deepEqual(
      sampledMessagesOf({ ...evidence, spans }).map(({ id, by, kept, traceId }) => [id, by, kept, traceId]),
      [
        ['1', 'its caller', true, kept.server.traceId],
        ['2', 'its caller', false, dropped.server.traceId],
        ['3', 'the API', true, own.server.traceId],
        // Nobody but its row says which trace was dropped.
        ['4', 'the API', false, ownDropped.server.traceId],
      ],
    );
  });

  test('by the page, where the row says which request it was', () => {
    const post = publish(5);
    const evidence = seen([post], []);
    const record = {
      at: 'api' as const,
      method: 'POST',
      path: '/posts',
      origin: 'http://localhost:4200',
      traceparent: `00-${post.server.traceId}-${post.server.spanId}-00`,
      baggage: null,
      requestHeaders: {},
      responseHeaders: {},
      status: 201,
      atMs: 1000,
      durationMs: 5,
    };
    const page = { url: record.origin } as Evidence['page'];
    const [message] = sampledMessagesOf({ ...evidence, requests: [], headers: [record], page });
    assert.deepEqual([message?.by, message?.kept, message?.sent], ['the page', false, null]);
    assert.deepEqual(sampledMessagesOf({ ...evidence, requests: [], headers: [], page }), []);
  });
});

describe('the work for a message', () => {
  const judged = (posts: readonly Published[], spans: readonly EvidenceSpan[], astray = nowhere) => {
    const evidence = seen(posts, spans);
    const messages = sampledMessagesOf(evidence);
    const consumers = spans.filter(({ kind }) => kind === 'CONSUMER');
    return (
      diagnoseSharedSpan(messages, consumers) ??
      diagnoseKeptWork(messages, spans, consumers) ??
      diagnoseDroppedWork(evidence, messages, spans, consumers, astray)
    );
  };
  const right = [asChild(kept)];

  test('is kept with its publish, as a child or by a link', () => {
    assert.equal(judged([kept, dropped], right), null);
    assert.equal(judged([kept, dropped], [consumer([kept])]), null);
  });

  test('kept though its publish was dropped: as a child, by a link, by its id alone, or a query of it', () => {
    const orphan = { ...telling(asChild(dropped)), traceId: dropped.server.traceId };
    for (const span of [
      asChild(dropped),
      consumer([dropped]),
      consumer([], { attributes: { 'messaging.message.id': '2' } }),
      orphan,
    ]) {
      const found = judged([kept, dropped], [...right, span]);
      assert.equal(found?.reason, 'trace-torn');
      assert.match(found?.saw ?? '', /left message 2, and its caller had dropped its trace/);
      assert.match(found?.look ?? '', /The worker follows, too/);
      assert.equal(found?.marks?.[0]?.spanId, span.spanId);
    }
  });

  test('failures alone are another question', () => {
    const failed = asChild(dropped, { status: { code: 'ERROR' } });
    assert.match(judged([kept, dropped], [...right, failed])?.look ?? '', /Errors and slow ones/);
    // Chance has no eye for failures: it drops some that were kept.
    assert.match(judged([kept, dropped], [failed])?.look ?? '', /The worker follows, too/);
  });

  test('dropped though its publish was kept', () => {
    const found = judged([kept, dropped], []);
    assert.match(found?.saw ?? '', /its caller had kept its trace\. The worker dropped its part/);
    assert.equal(found?.marks?.[0]?.spanId, kept.server.spanId);
  });

  test('that leads elsewhere has the cause of that', () => {
    const astray = consumer([], { attributes: { 'messaging.message.id': '1' } });
    const evidence = seen([kept], [astray]);
    const cause = { reason: 'carrier-missing', saw: 'no context', wanted: '', look: '' } as const;
    const given = (message: SampledMessage, span: EvidenceSpan) =>
      message.id === '1' && span === astray ? cause : null;
    const found = diagnoseDroppedWork(evidence, sampledMessagesOf(evidence), [astray], [astray], given);
    assert.equal(found, cause);
  });

  test('of another kind is told as that', () => {
    assert.equal(judged([kept], [asChild(kept, { kind: 'INTERNAL' })])?.reason, 'span-wrong-kind');
  });

  test('with one span for a batch follows nobody', () => {
    const found = judged([kept, dropped], [consumer([kept, dropped])]);
    assert.match(found?.saw ?? '', /stands for 2 messages .* 1 was kept and 1 dropped/);
    // Where all were decided alike, it follows all of them.
    assert.equal(judged([kept, decided(3, true)], [consumer([kept, decided(3, true)])]), null);
  });
});
