import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { repositoryRoot } from '@workshop/base';
import { evidence, request, serverSpan, span } from '@workshop/grader/test/evidence';
import type {
  Evidence,
  EvidenceSpan,
  Outage,
  ProcessStop,
  SentRequest,
  WireRequest,
} from '../../evidence/index.ts';
import { diagnoseLostOnExit } from '../diagnosis/page/lost-on-exit.ts';
import { diagnoseEnding } from '../diagnosis/stops/ending.ts';
import { diagnoseLostAtStop } from '../diagnosis/stops/lost-at-stop.ts';
import { diagnoseLostInOutage } from '../diagnosis/stops/lost-in-outage.ts';
import { diagnoseCutOff } from '../diagnosis/stops/under-way.ts';
import { judge } from '../index.ts';

const ASKED = 10_000;
const [record] = evidence().processes;
const stop = (given: Partial<ProcessStop> = {}): ProcessStop => ({
  label: 'right after an answer',
  kind: 'api',
  process: 'api-2',
  askedMs: ASKED,
  endedMs: ASKED + 100,
  patienceMs: 5_000,
  code: null,
  signal: 'SIGTERM',
  inVainMs: [],
  record: record as ProcessStop['record'],
  ...given,
});
/** A span of the stopped process that ended so many milliseconds after SIGTERM. */
const ended = (afterMs: number, received: boolean, seq: number): EvidenceSpan =>
  span(`span ${seq}`, {
    startMs: ASKED + afterMs - 10,
    durationMs: 10,
    origin: { process: 'api-2', captured: true, received, seq, phase: 'run' },
  });
const sent = (
  spans: readonly EvidenceSpan[],
  afterMs: number,
  given: Partial<WireRequest> = {},
): WireRequest => ({
  path: '/v1/traces',
  method: 'POST',
  contentType: 'application/x-protobuf',
  contentEncoding: '',
  bytes: 1000,
  status: 200,
  spanIds: spans.map(({ spanId }) => spanId),
  serviceNames: ['murmur-api'],
  atMs: ASKED + afterMs,
  ...given,
});
const lost = (spans: EvidenceSpan[], wire: WireRequest[] = [], given: Partial<ProcessStop> = {}) =>
  diagnoseLostAtStop(evidence({ spans, wire }), stop(given), spans);

describe('spans of a process that was stopped', () => {
  test('that all came are none to speak of', () => {
    assert.equal(lost([ended(-5, true, 1)]), null);
    assert.equal(lost([]), null);
  });

  test('that waited in it: nothing was sent after SIGTERM', () => {
    const found = lost([ended(-500, true, 1), ended(-5, false, 2)], [sent([ended(-500, true, 1)], -400)]);
    assert.equal(found?.reason, 'spans-lost-at-shutdown');
    assert.match(found?.saw ?? '', /ended 100 ms later\. 1 of 2 spans that had ended never came/);
    assert.match(found?.cause ?? '', /waited in the process/);
  });

  test('whose export was under way when it ended', () => {
    const spans = [ended(-5, false, 1)];
    assert.match(lost(spans, [sent(spans, 20, { status: 0 })])?.cause ?? '', /1 export had begun/);
  });

  test('that were too many exports at once', () => {
    const spans = Array.from({ length: 40 }, (_, at) => ended(-5, at < 32, at + 1));
    const wire = spans.slice(0, 32).map((one) => sent([one], -4));
    assert.match(lost(spans, wire)?.cause ?? '', /an export of its own: 32 came/);
    assert.equal(lost(spans, [sent(spans.slice(0, 32), -4)])?.cause?.includes('of its own'), false);
  });

  test('that ended behind the flush', () => {
    const spans = [ended(-5, true, 1), ended(60, false, 2)];
    assert.match(lost(spans, [sent(spans.slice(0, 1), 10)])?.cause ?? '', /came with a flush after SIGTERM/);
    const mixed = [ended(-5, false, 1), ended(60, true, 2)];
    assert.equal(lost(mixed, [sent(mixed.slice(1), 70)])?.cause, undefined);
  });

  test('that the collector never takes are told of as such', () => {
    const spans = [ended(-5, false, 1)];
    const wire = [sent([], 5, { status: 404, path: '/v2/traces' })];
    assert.equal(lost(spans, wire)?.reason, 'export-bad-path');
  });
});

describe('an API that was gone before the SERVER span of its last answer had ended', () => {
  const sentAs = (id: string, label: string) =>
    request({ id, label, path: `/posts/${id}`, userAgent: `murmur-visitor/1.0 (${id})` });
  const reasonOf = async (spans: EvidenceSpan[], answer: Partial<SentRequest> = {}) => {
    const requests = [
      sentAs('1', 'before the end'),
      { ...sentAs('2', 'answered'), ...answer },
      sentAs('3', 'under way'),
    ];
    const given = { exercise: '14-nothing-lost', requests, spans, stops: [stop()] };
    const [judged] = await judge([evidence(given)], join(repositoryRoot, 'exercises'));
    return judged?.checks.find(({ id }) => id === 'answered')?.failure;
  };
  const earlier = (received: boolean): EvidenceSpan => {
    const attributes = { 'user_agent.original': 'murmur-visitor/1.0 (1)' };
    return serverSpan({ ...ended(-900, received, 1), kind: 'SERVER', attributes });
  };

  test('lost it, and what had ended before with it', async () => {
    const found = await reasonOf([earlier(false)]);
    assert.equal(found?.reason, 'spans-lost-at-shutdown');
    assert.match(found?.saw ?? '', /1 of 1 span that had ended never came/);
  });

  test('lost it alone', async () => {
    const found = await reasonOf([earlier(true)]);
    assert.equal(found?.reason, 'spans-lost-at-shutdown');
    assert.match(found?.saw ?? '', /GET \/posts\/2 was answered with 200, and its SERVER span had not ended/);
  });

  test('and that never made a SERVER span is told of that', async () => {
    assert.equal((await reasonOf([]))?.reason, 'no-provider');
    assert.equal((await reasonOf([ended(-900, false, 1)]))?.reason, 'no-provider');
  });

  test('and whose request had no answer is no loss of this kind', async () => {
    const found = await reasonOf([earlier(true)], { status: null, error: 'ECONNRESET' });
    assert.equal(found?.reason, 'no-provider');
  });
});

describe('the end of a process', () => {
  for (const given of [{}, { code: 0, signal: null }, { code: 143, signal: null }, { signal: null }])
    test(`is right: ${JSON.stringify(given)}`, () => assert.equal(diagnoseEnding(stop(given)), null));
  for (const [given, reason] of [
    [{ code: 1, signal: null }, 'shutdown-wrong-exit'],
    [{ code: 130, signal: null }, 'shutdown-wrong-exit'],
    [{ signal: 'SIGKILL' }, 'shutdown-wrong-exit'],
    [{ endedMs: null, signal: null }, 'shutdown-hangs'],
  ] as const)
    test(`is wrong: ${JSON.stringify(given)}`, () =>
      assert.equal(diagnoseEnding(stop(given))?.reason, reason));

  test('that waits for a collector which is away is told of it', () => {
    const found = diagnoseEnding(
      stop({ endedMs: null, signal: null, inVainMs: [ASKED - 1, ASKED + 1, ASKED + 900] }),
    );
    assert.match(found?.cause ?? '', /2 times in vain after SIGTERM/);
    assert.equal(diagnoseEnding(stop({ endedMs: null, signal: null }))?.cause, undefined);
  });

  test('of one that was never asked says nothing', () => {
    assert.equal(diagnoseEnding(stop({ askedMs: null, endedMs: null })), null);
  });
});

describe('a request under way', () => {
  test('has an answer and a span', () => {
    assert.equal(diagnoseCutOff(stop(), request({ status: 201 }), serverSpan()), null);
    assert.equal(
      diagnoseCutOff(stop(), request({ status: 201 }), undefined)?.reason,
      'spans-lost-at-shutdown',
    );
    for (const status of [null, 500])
      assert.equal(diagnoseCutOff(stop(), request({ status }), serverSpan())?.reason, 'request-failed');
  });
});

describe('a collector that was away', () => {
  const outage = (given: Partial<Outage> = {}): Outage => ({
    process: 'api-2',
    kind: 'api',
    fromMs: ASKED,
    toMs: ASKED + 1_600,
    waitedMs: 10_000,
    missing: [],
    ...given,
  });

  test('and all came', () => {
    const spans = [ended(0, true, 1)];
    assert.equal(diagnoseLostInOutage(outage({ waitedMs: null }), stop(), spans), null);
    assert.equal(diagnoseLostInOutage(outage(), stop(), spans), null);
  });

  test('and some were given up, or came at the end only', () => {
    for (const received of [false, true]) {
      const spans = [ended(0, received, 1)];
      const given = outage({ missing: spans.map(({ spanId }) => spanId) });
      const found = diagnoseLostInOutage(given, stop({ inVainMs: [ASKED + 200, ASKED + 1_100] }), spans);
      assert.equal(found?.reason, 'spans-lost-while-collector-away');
      assert.match(found?.cause ?? '', /2 times in vain, 500 ms before it was back/);
      assert.equal(/came when the process ended/.test(found?.saw ?? ''), received);
    }
    assert.equal(diagnoseLostInOutage(outage({ missing: ['a'] }), undefined, [])?.reason, undefined);
  });
});

describe('a page that was left or hidden', () => {
  const page = { process: 'page', captured: true, received: false, seq: 1, phase: 'run' } as const;
  const spans = [span('GET', { origin: page })];
  const exit = {
    spanIds: spans.map(({ spanId }) => spanId),
    missing: spans.map(({ spanId }) => spanId),
    atMs: 1,
  };
  const found = (wire: WireRequest[], given: Partial<Evidence> = {}) =>
    diagnoseLostOnExit(evidence({ spans, wire, ...given }), 'left', exit, spans);

  test('lost nothing', () => {
    assert.equal(diagnoseLostOnExit(evidence({ spans }), 'left', { ...exit, missing: [] }, spans), null);
  });

  test('lost what was too large, what was cut off, or what nobody sent', () => {
    const cut = sent(spans, 0, { status: 0 });
    assert.match(found([{ ...cut, bytes: 90_000 }])?.cause ?? '', /1 export of 88 KB .* At most 64 KB/);
    assert.match(found([cut])?.cause ?? '', /the browser cut it off/);
    assert.equal(found([])?.cause, undefined);
    assert.equal(found([])?.reason, 'spans-lost-on-hide');
    const console = [
      "error Access to resource at 'http://localhost:1/v1/traces' from origin 'http://localhost:2' has been blocked by CORS policy: no wildcard.",
    ];
    const refused = found([], { page: { collectorUrl: 'http://localhost:1', console } as never });
    assert.deepEqual([refused?.reason, /no wildcard/.test(refused?.cause ?? '')], ['export-refused', true]);
  });
});
