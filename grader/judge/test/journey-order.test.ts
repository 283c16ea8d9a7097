import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseOrder } from '../diagnosis/spans/journey-order.ts';
import { diagnoseMixed } from '../diagnosis/spans/journeys-apart.ts';
import { ASKED, type Publishing } from '../joins/index.ts';
import { changed, freshIds, NAME, type Published, publish, published, T0 } from './support/publishes.ts';

/** A publish whose requests leave and are answered at other times: milliseconds after the click, by their place. */
function timed(clickMs: number, times: readonly (readonly [number, number])[]): Published {
  return times.reduce(
    (all, [fromMs, toMs], at) => changed(all, at, { startMs: clickMs + fromMs, durationMs: toMs - fromMs }),
    publish(clickMs, { durationMs: 400 }),
  );
}

const IN_ORDER = [
  [5, 55],
  [60, 110],
  [115, 165],
] as const;

for (const [what, times, reason] of [
  ['one after another', IN_ORDER, undefined],
  [
    'an answer that is read late',
    [
      [5, 55],
      [40, 110],
      [100, 165],
    ],
    undefined,
  ],
  [
    'the feed before the post',
    [
      [60, 110],
      [5, 55],
      [115, 165],
    ],
    'request-failed',
  ],
  [
    'the news before the feed',
    [
      [5, 55],
      [115, 165],
      [60, 110],
    ],
    'request-failed',
  ],
  [
    'a post that is not waited for',
    [
      [5, 55],
      [6, 56],
      [60, 110],
    ],
    'request-failed',
  ],
  [
    'feed and news side by side',
    [
      [5, 55],
      [60, 210],
      [61, 111],
    ],
    'request-failed',
  ],
] as const) {
  test(`the order of a publish alone: ${what}`, () => {
    const { requests } = timed(T0, times);
    const found = diagnoseOrder(requests, 1);
    assert.equal(found?.reason, reason);
  });
}

test('a request that is sent too early says by how much, and what it waits for', () => {
  const found = diagnoseOrder(
    timed(T0, [
      [60, 110],
      [5, 55],
      [115, 165],
    ]).requests,
    1,
  );
  assert.equal(found?.saw, 'a click on Publish sent GET /feed 105 ms before POST /posts was over.');
});

test('at the same time a changed publish is told from one that has requests of another', () => {
  /** Two clicks 100 ms apart. `exchanged`: requests, by their place, that stand below each other's span. */
  const found = (
    times: readonly (readonly [number, number])[],
    given: { exchanged?: readonly number[]; left?: number; again?: number } = {},
  ) => {
    const [one, two] = [timed(T0, times), timed(T0 + 100, times)];
    const all = [one, two].flatMap(({ requests }, click) =>
      requests.map((request, at) => {
        const { journey } = [one, two][given.exchanged?.includes(at) ? 1 - click : click] as Published;
        return {
          ...request,
          span: { ...request.span, traceId: journey.traceId, parentSpanId: journey.spanId },
        };
      }),
    );
    const again = all
      .filter(({ title }) => title === ASKED[given.again ?? -1])
      .map((one) => ({ ...one, span: { ...one.span, ...freshIds(one.span.traceId) } }));
    const requests = [...all.filter(({ title }) => title !== ASKED[given.left ?? -1]), ...again];
    const journeys = [one.journey, two.journey];
    const { evidence, parts } = published({ fromMs: T0 - 1, of: [one, two] });
    const spans = [...journeys, ...requests.map(({ span }) => span)];
    return diagnoseMixed({ ...evidence, spans }, NAME, parts[0] as Publishing, journeys, requests);
  };
  assert.equal(found(IN_ORDER), null);
  const left = found(IN_ORDER, { left: 2 });
  assert.equal(left?.reason, 'request-failed');
  assert.match(left?.saw ?? '', /: 0 x GET \/notifications\.$/);
  assert.equal(found(IN_ORDER, { left: 1, exchanged: [0] })?.reason, 'request-failed');
  assert.equal(found(IN_ORDER, { again: 1 })?.reason, 'request-failed', 'twice for each');
  assert.equal(
    found([
      [60, 110],
      [5, 55],
      [115, 165],
    ])?.reason,
    'request-failed',
    'reordered',
  );
  const exchanged = found(IN_ORDER, { exchanged: [1] });
  assert.equal(exchanged?.reason, 'journeys-mixed');
  assert.match(
    exchanged?.saw ?? '',
    /GET \/notifications below the first left 95 ms before the GET \/feed below it was over: the two are of two publishes\.$/,
  );
});
