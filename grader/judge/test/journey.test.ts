import assert from 'node:assert/strict';
import { test } from 'node:test';
import { span } from '@workshop/grader/test/evidence';
import { endMs, indexSpans } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseOutside, diagnoseUnasked } from '../diagnosis/spans/journey-requests.ts';
import { diagnoseEarlyJourney, diagnoseJourneyEnd } from '../diagnosis/spans/journey-span.ts';
import { diagnoseMixed } from '../diagnosis/spans/journeys-apart.ts';
import { journeyRequestsOf, journeySpansOf, type Publishing, type TracedRequest } from '../joins/index.ts';
import { pageSpan } from './support/page.ts';
import { changed, freshIds, NAME, type Published, publish, published, T0 } from './support/publishes.ts';

const outside = ({ journey, requests }: Published) =>
  diagnoseOutside(indexSpans([journey, ...requests.map(({ span }) => span)]), requests, journey);

test('spans and requests belong to the part whose click came last, 47 ms after the one before, too', () => {
  const first = publish(T0);
  const over = endMs(first.journey);
  const second = publish(over + 47);
  const { evidence, parts } = published({ fromMs: T0 - 1, of: [first] }, { fromMs: over + 1, of: [second] });
  for (const [at, { journey, requests }] of [first, second].entries()) {
    const part = parts[at] as Publishing;
    const names = journeySpansOf(evidence, part).filter(({ name }) => name === NAME);
    assert.deepEqual(names, [journey]);
    assert.deepEqual(
      journeyRequestsOf(evidence, part).map(({ record }) => record),
      requests.map(({ record }) => record),
    );
  }
});

test('a journey whose clock is a little behind belongs to the part in which its post was saved', () => {
  const first = publish(T0);
  const second = publish(T0 + 400);
  const { evidence, parts } = published({ fromMs: T0 - 1, of: [first] }, { fromMs: T0 + 410, of: [second] });
  const late = { ...evidence, headers: evidence.headers?.map((one) => ({ ...one, atMs: one.atMs + 15 })) };
  assert.ok(journeySpansOf(late, parts[1] as Publishing).includes(second.journey));
  assert.ok(!journeySpansOf(late, parts[0] as Publishing).includes(second.journey));
});

test('a journey ends with its last answer, give or take what two clocks of the browser differ by', () => {
  const reasonOf = (last: { fromMs: number; durationMs: number }) =>
    diagnoseJourneyEnd(span(NAME, { startMs: T0, durationMs: 200 }), [
      {
        ...(publish(T0).requests[2] as TracedRequest),
        span: pageSpan('GET', { startMs: T0 + last.fromMs, durationMs: last.durationMs }),
      },
    ])?.reason;
  const early = 'span-ended-before-its-work';
  for (const [fromMs, durationMs, reason] of [
    [100, 95, undefined],
    [100, 140, undefined],
    [100, 160, early],
    [199, 20, early],
    [205, 5, early],
    [190, 20, undefined],
  ] as const)
    assert.equal(reasonOf({ fromMs, durationMs }), reason, `${fromMs} + ${durationMs}`);
});

test('a journey that began before its part of the run covers too much, a clock that is a little behind does not', () => {
  const part = { what: 'alone', texts: ['oak'], fromMs: T0, toMs: T0 + 1000 };
  const began = (startMs: number) => diagnoseEarlyJourney(publish(startMs).journey, part);
  assert.equal(began(T0 + 60), null);
  assert.equal(began(T0 - 40), null);
  const early = began(T0 - 3000);
  assert.equal(early?.reason, 'span-covers-too-much');
  assert.match(early?.saw ?? '', /^"publish post" began 3000 ms before anybody wrote the post/);
});

test('a journey that goes on after its last answer covers too much', () => {
  const ended = (durationMs: number) => {
    const { journey, requests } = publish(T0, { durationMs });
    return diagnoseJourneyEnd(journey, requests)?.reason;
  };
  assert.equal(ended(166), undefined);
  assert.equal(ended(400), undefined, 'a page that was stopped for a while');
  assert.equal(ended(1166), 'span-covers-too-much');
});

test('a request outside is said to be where it is, and a cause stands only where the evidence proves it', () => {
  const place = { place: 'app-frontend/src/app/feed/composer.ts:48' };
  const origin = { process: 'page', captured: true, received: true, seq: 1, phase: 'run' as const, ...place };
  const awaited = { ...origin, stack: `a.js:1\n${place.place}\nzone.js:2` };
  const inOperator = { ...origin, place: undefined, stack: 'node_modules/rxjs/x.js:2' };
  const calledByRxjs = { ...origin, stack: `a.js:1\n${place.place}\nnode_modules/rxjs/x.js:2` };
  const none = publish(T0, { below: [false, false, false] });
  const second = publish(T0, { below: [true, false, true] });
  const began = { ...none.journey, startMs: T0 + 12 };
  const cases: [string, Published, string, RegExp | null][] = [
    [
      'not active',
      changed(none, 0, { origin: awaited }),
      'span-root-not-child',
      /open, but not active, when composer.ts:48/,
    ],
    [
      'not begun yet',
      { ...changed(none, 0, { origin: awaited }), journey: began },
      'span-covers-too-little',
      null,
    ],
    [
      'over already',
      publish(T0, { below: [false, true, true], durationMs: 4 }),
      'span-ended-before-its-work',
      null,
    ],
    ['after an await', changed(second, 1, { origin: awaited }), 'context-lost-after-await', /after an await/],
    [
      'in a callback',
      changed(second, 1, { origin: calledByRxjs }),
      'context-lost-in-callback',
      /from a callback/,
    ],
    [
      'in an operator',
      changed(second, 1, { origin: inOperator }),
      'context-lost-in-callback',
      /when it was sent/,
    ],
    ['nobody saw who sent it', second, 'span-root-not-child', null],
    ['below another span', changed(second, 1, { parentSpanId: 'x' }), 'span-sibling-not-child', null],
  ];
  for (const [what, given, reason, cause] of cases) {
    const found = outside(given);
    assert.equal(found?.reason, reason, what);
    if (cause) assert.match(found?.cause ?? '', cause, what);
    else assert.equal(found?.cause, undefined, what);
  }
  assert.equal(outside(publish(T0)), null);
});

test('a span that began after the request says by how much', () => {
  const { journey, requests } = publish(T0, { below: [false, true, true] });
  const found = outside({ journey: { ...journey, startMs: T0 + 12 }, requests });
  assert.equal(found?.saw, '"publish post" began 7 ms after POST /posts was sent.');
});

test('a publish asks for all that it asked for before', () => {
  const { requests } = publish(T0);
  assert.equal(diagnoseUnasked(requests, 1), null);
  assert.equal(diagnoseUnasked(requests.slice(0, 2), 1)?.reason, 'request-failed');
  assert.match(diagnoseUnasked([], 1)?.saw ?? '', /asked the API for nothing/);
});

test('two journeys are mixed only where one has what belongs to both', () => {
  const [one, two] = [publish(T0), publish(T0 + 20)];
  /** Puts requests of the second publish below the first one's span, by their place. */
  const reasonOf = (
    moved: readonly number[],
    given: { lost?: number[]; journeys?: EvidenceSpan[]; open?: boolean } = {},
  ) => {
    const of = two.requests.reduce((all, _, at) => {
      if (moved.includes(at))
        return changed(all, at, { traceId: one.journey.traceId, parentSpanId: one.journey.spanId });
      return given.lost?.includes(at) ? changed(all, at, { ...freshIds(), parentSpanId: undefined }) : all;
    }, two);
    const { evidence, parts } = published({ fromMs: T0 - 1, of: [one, of] });
    const journeys = given.journeys ?? [one.journey, two.journey];
    const unended = given.open ? [{ ...two.journey, origin: { process: 'page' } }] : [];
    const requests = [...one.requests, ...of.requests];
    const spans = [...journeys, ...requests.map(({ span }) => span)];
    return diagnoseMixed({ ...evidence, spans, unended }, NAME, parts[0] as Publishing, journeys, requests)
      ?.reason;
  };
  assert.equal(reasonOf([]), undefined);
  assert.equal(reasonOf([1]), 'journeys-mixed');
  assert.equal(reasonOf([1, 2], { journeys: [one.journey], open: true }), 'journeys-mixed');
  assert.equal(reasonOf([], { journeys: [one.journey], open: true }), 'span-never-ended');
  assert.equal(reasonOf([], { journeys: [one.journey] }), 'span-missing');
  assert.equal(reasonOf([], { lost: [2] }), 'span-root-not-child');
});
