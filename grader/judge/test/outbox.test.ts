import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { span } from '@workshop/grader/test/evidence';
import type { UnendedSpan } from '../../evidence/index.ts';
import { diagnoseBatch } from '../diagnosis/outbox/batch.ts';
import { diagnoseDisconnected } from '../diagnosis/outbox/connection.ts';
import {
  consumersOf,
  diagnoseManyConsumers,
  diagnoseNoConsumer,
  diagnoseUndelivered,
  diagnoseUnleft,
} from '../diagnosis/outbox/consumer.ts';
import { diagnoseOrphans } from '../diagnosis/outbox/idle.ts';
import { diagnoseNoMessageId } from '../diagnosis/outbox/message-id.ts';
import { diagnoseStranger } from '../diagnosis/outbox/old-message.ts';
import { diagnoseOpenProducer, diagnoseProducer, producersOf } from '../diagnosis/outbox/producer.ts';
import { diagnoseUntracedQueries } from '../diagnosis/outbox/queries.ts';
import { diagnoseTries } from '../diagnosis/outbox/tries.ts';
import { diagnoseWorkerName, diagnoseWorkerSilence } from '../diagnosis/outbox/worker-silence.ts';
import { wayTo } from '../joins/index.ts';
import { consumer, delivered, messageOf, publish, T0, telling } from './support/messages.ts';

const open = (given: Partial<UnendedSpan>): UnendedSpan => {
  const { name, traceId, spanId, kind, startMs, attributes, scope } = span('process outbox', {
    kind: 'CONSUMER',
  });
  const origin = { process: 'worker' };
  return { name, traceId, spanId, kind, startMs, attributes, scope, origin, ...given };
};

describe('a message leads back to its publish', () => {
  const post = publish(1);
  const find = (span: ReturnType<typeof consumer>, of = post) => {
    const { evidence } = delivered([of], [span]);
    return {
      way: wayTo(evidence, span, of.sent),
      finding: diagnoseDisconnected(evidence, messageOf(of), [span]),
    };
  };

  test('by a link, or as a child, at whatever depth', () => {
    assert.deepEqual(find(consumer([post])), { way: 'link', finding: null });
    const { traceId, spanId } = post.producer;
    assert.deepEqual(find(consumer([], { traceId, parentSpanId: spanId })), { way: 'parent', finding: null });
  });

  for (const [what, span, of, reason] of [
    [
      'has a link to no span of it',
      consumer([{ ...post, producer: { ...post.producer, spanId: 'f'.repeat(16) } }]),
      post,
      'link-malformed',
    ],
    [
      'names a parent that is not there',
      consumer([], { traceId: post.server.traceId, parentSpanId: 'f'.repeat(16) }),
      post,
      'link-malformed',
    ],
    [
      'has a link without ids',
      consumer([], { links: [{ traceId: '', spanId: '', attributes: {} }] }),
      post,
      'link-malformed',
    ],
    ['has no link', consumer([]), post, 'carrier-not-extracted'],
    ['has no link, and the row has no context', consumer([]), publish(1, null), 'carrier-missing'],
    [
      'has a link to another, whose context stands in the row',
      consumer([publish(2)]),
      publish(1, publish(2).server.traceId),
      'carrier-of-other-trace',
    ],
  ] as const) {
    test(`not when it ${what}: ${reason}`, () => {
      const { way, finding } = find(span, of);
      assert.deepEqual([way, finding?.reason], [null, reason]);
    });
  }
});

describe('messages that are worked on together', () => {
  const posts = [publish(1), publish(2), publish(3)];
  const judge = (spans: ReturnType<typeof consumer>[], of = posts) =>
    diagnoseBatch(delivered(of, spans).evidence, of.map(messageOf), spans);

  test('have as many links, in one span or in several, or as many parents', () => {
    assert.equal(judge([consumer(posts)]), null);
    assert.equal(judge(posts.map((post) => consumer([post]))), null);
    assert.equal(
      judge(
        posts.map(({ producer: { traceId, spanId } }) => consumer([], { traceId, parentSpanId: spanId })),
      ),
      null,
    );
  });

  test('and not fewer', () => {
    const finding = judge([consumer(posts.slice(0, 2))]);
    assert.equal(finding?.reason, 'batch-not-linked');
    assert.match(finding?.saw ?? '', /lead back to 2 of them\. POST \/posts of user 003 is not among those/);
  });

  test('a row without a context is the cause, where one has none', () => {
    assert.equal(
      judge([consumer(posts.slice(0, 2))], [...posts.slice(0, 2), publish(3, null)])?.reason,
      'carrier-missing',
    );
  });

  test('a span that stands for one message leads to no other', () => {
    const ids = posts.map((post, at) =>
      consumer(posts.slice(0, at + 1), { attributes: { 'messaging.message.id': post.row.id } }),
    );
    assert.equal(judge(ids)?.reason, 'batch-not-linked');
  });
});

describe('the PRODUCER span', () => {
  const post = publish(1);
  const judge = (producers: ReturnType<typeof span>[], unended: UnendedSpan[] = []) => {
    const { evidence } = delivered([{ ...post, producer: post.server }], producers, { unended });
    return diagnoseProducer(evidence, post.sent, post.server, producersOf(evidence, post.sent, post.server));
  };

  test('is there once', () => {
    assert.equal(judge([post.producer]), null);
    assert.equal(
      judge([post.producer, { ...post.producer, spanId: 'b'.repeat(16) }])?.reason,
      'span-duplicated',
    );
    assert.equal(judge([])?.reason, 'span-missing');
  });

  test('is in its request, of its kind, and ended', () => {
    assert.equal(
      judge([{ ...post.producer, traceId: 'b'.repeat(32), parentSpanId: undefined }])?.reason,
      'span-root-not-child',
    );
    assert.equal(judge([{ ...post.producer, kind: 'INTERNAL' }])?.reason, 'span-wrong-kind');
    const { name, kind, traceId, spanId } = post.producer;
    const unended = [open({ name, kind, traceId, spanId, origin: { process: 'api' } })];
    assert.equal(judge([], unended)?.reason, 'span-never-ended');
    const { evidence } = delivered([{ ...post, producer: post.server }], [], { unended });
    assert.equal(diagnoseOpenProducer(evidence, post.sent, post.server)?.reason, 'span-not-ended-on-error');
  });
});

describe('the CONSUMER span', () => {
  const post = publish(1);
  const judge = (spans: ReturnType<typeof consumer>[], unended: UnendedSpan[] = []) => {
    const { evidence, part } = delivered([post], spans, { unended });
    const found = consumersOf(evidence, part);
    return diagnoseNoConsumer(evidence, part, found) ?? diagnoseManyConsumers(evidence, found);
  };

  test('is there, of its kind, and ended', () => {
    assert.equal(judge([consumer([post])]), null);
    assert.equal(judge([])?.reason, 'span-missing');
    assert.equal(judge([consumer([post], { kind: 'INTERNAL' })])?.reason, 'span-wrong-kind');
    assert.equal(judge([], [open({ startMs: T0 + 100 })])?.reason, 'span-never-ended');
  });

  test('is one for a message: what lies below another one is a part of it', () => {
    const batch = consumer([post]);
    assert.equal(
      judge([batch, consumer([post], { traceId: batch.traceId, parentSpanId: batch.spanId })]),
      null,
    );
    assert.equal(judge([batch, consumer([post])])?.reason, 'span-duplicated');
    assert.equal(judge(Array.from({ length: 5 }, () => consumer([post])))?.reason, 'span-per-item');
  });

  test('has its queries below it, when they make spans', () => {
    const made = consumer([post]);
    const watched = {
      instrumentations: [
        { name: '@opentelemetry/instrumentation-pg', enabled: true, modulesLoadedBefore: [] },
      ],
    };
    const late = {
      instrumentations: [{ ...watched.instrumentations[0], modulesLoadedBefore: ['pg'] }],
    };
    const untraced = (capture: object, queries: number) =>
      diagnoseUntracedQueries(
        delivered([post], [], { capture }).evidence,
        made,
        Array.from({ length: queries }, () => telling(made)),
        2,
      )?.reason;
    assert.deepEqual(
      [untraced(watched, 2), untraced(watched, 1), untraced(watched, 0), untraced({}, 0), untraced(late, 0)],
      [
        undefined,
        'queries-not-traced',
        'queries-not-traced',
        'instrumentation-missing',
        'sdk-loaded-too-late',
      ],
    );
  });
});

describe('a message that is tried twice', () => {
  const post = publish(1);
  const failed = { status: { code: 'ERROR' } } as const;
  const first = consumer([post], failed);
  const second = consumer([post], { startMs: T0 + 180 });
  const judge = (tries: ReturnType<typeof consumer>[], of = post) => {
    const { evidence, part } = delivered([of], tries);
    return diagnoseTries(evidence, part, messageOf(of), tries)?.reason ?? null;
  };

  test('has a span for each try, and the failed one says so', () => {
    assert.equal(judge([first, second]), null);
    assert.equal(judge([second]), 'span-not-ended-on-error');
    assert.equal(judge([consumer([post]), second]), 'error-status-missing');
    assert.equal(judge([first, { ...second, ...failed }]), 'error-on-success');
    assert.equal(judge([first, consumer([], { startMs: T0 + 180 })]), 'carrier-not-extracted');
  });
});

describe('the id of a message', () => {
  test('is missed for what it is: not there, misspelt, or set too late', () => {
    const judge = (attributes: Record<string, string>, key?: string) => {
      const made = consumer([], { attributes });
      const setAfterEnd = key ? [{ spanId: made.spanId, key }] : [];
      return (
        diagnoseNoMessageId(delivered([], [made], { capture: { setAfterEnd } }).evidence, made, '7')
          ?.reason ?? null
      );
    };
    assert.deepEqual(
      [
        judge({ 'messaging.message.id': '7' }),
        judge({}),
        judge({ 'messaging.message_id': '7' }),
        judge({}, 'messaging.message.id'),
      ],
      [null, 'attribute-missing', 'attribute-misspelt', 'attribute-set-after-end'],
    );
  });
});

describe('what is delivered', () => {
  const post = publish(1);
  test('is every message, and each post left one', () => {
    const waiting = delivered([post], [], { part: { emptied: false } });
    assert.equal(diagnoseUndelivered(waiting.evidence, waiting.part)?.reason, 'message-not-delivered');
    const { evidence, part } = delivered([post], []);
    assert.deepEqual([diagnoseUndelivered(evidence, part), diagnoseUnleft(evidence, part)], [null, null]);
    const unleft = { ...part, postIds: ['1', '9'] };
    assert.match(diagnoseUnleft(evidence, unleft)?.saw ?? '', /post 9, and left no message/);
  });

  test('a message without a context leads to nobody', () => {
    const { evidence } = delivered([post], []);
    assert.equal(diagnoseStranger(evidence, [consumer([])]), null);
    assert.equal(diagnoseStranger(evidence, [consumer([post])])?.reason, 'carrier-of-other-trace');
  });
});

describe('a worker that finds nothing', () => {
  const idle = { fromMs: T0 + 1000, toMs: T0 + 1100 };
  const judge = (spans: ReturnType<typeof consumer>[], unended: UnendedSpan[] = []) =>
    diagnoseOrphans(delivered([], spans, { unended }).evidence, idle)?.reason ?? null;

  test('makes no spans that arrive, and leaves none open', () => {
    const looked = consumer([], { startMs: T0 + 1010 });
    assert.equal(judge([consumer([])]), null);
    assert.equal(judge([looked]), 'orphan-spans');
    assert.equal(judge([{ ...looked, origin: { ...looked.origin, received: false } }]), null);
    assert.equal(judge([], [open({ startMs: T0 + 1010 })]), 'orphan-spans');
    assert.equal(judge([{ ...looked, origin: { ...looked.origin, process: 'api' } }]), null);
  });
});

describe('a worker without spans', () => {
  const attached = [{ via: 'sdk', provider: 'NodeTracerProvider', registered: true }];
  for (const [what, capture, unended, reason] of [
    ['has no capture', null, [], 'no-spans-from-process'],
    ['loads no SDK', {}, [], 'no-provider'],
    [
      'never starts its SDK',
      { sdkPackagesLoaded: ['@opentelemetry/sdk-node@0.223.0'] },
      [],
      'sdk-not-started',
    ],
    [
      'does not register its provider',
      { attached: [{ ...attached[0], registered: false }] },
      [],
      'provider-not-registered',
    ],
    ['drops all spans', { attached, notSampled: 3 }, [], 'not-sampled'],
    ['never ends its span', { attached }, [open({})], 'span-never-ended'],
    ['starts no span', { attached }, [], 'no-spans-from-process'],
  ] as const) {
    test(`that ${what}: ${reason}`, () => {
      const { evidence } = delivered([], [], { capture, unended: [...unended] });
      assert.equal(diagnoseWorkerSilence(evidence, [])?.reason, reason);
    });
  }

  test('is told apart from one whose spans did not arrive, whether the capture answered or not', () => {
    const lost = consumer([], {
      origin: { process: 'worker', captured: true, received: false, seq: 1, phase: 'run' },
    });
    const reasons = [null, { attached }].map((capture) => {
      const { evidence } = delivered([], [lost], { capture });
      return diagnoseWorkerSilence(evidence, [lost])?.reason;
    });
    assert.deepEqual(reasons, ['never-exported', 'never-exported']);
    const broken = { ...lost, links: [{ traceId: '', spanId: '', attributes: {} }] };
    assert.equal(diagnoseWorkerSilence(delivered([], [broken]).evidence, [broken])?.reason, 'link-malformed');
  });

  test('has a name of its own', () => {
    const post = publish(1);
    const named = (service: string) => {
      const made = consumer([], { resource: { 'service.name': service } });
      return diagnoseWorkerName(delivered([post], [made]).evidence, made)?.reason ?? null;
    };
    assert.deepEqual(['murmur-worker', 'murmur-api', 'murmur-wroker', 'unknown_service:node'].map(named), [
      null,
      'service-name-shared',
      'wrong-service-name',
      'service-name-missing',
    ]);
  });
});
