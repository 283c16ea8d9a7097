import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evidence, query, request, serverSpan, span } from '@workshop/grader/test/evidence';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { countOf, diagnoseCount, REQUESTS } from '../diagnosis/sampling/count.ts';
import { diagnoseHealthChecks } from '../diagnosis/sampling/health.ts';
import { diagnoseRates } from '../diagnosis/sampling/rate.ts';
import { diagnoseShare } from '../diagnosis/sampling/share.ts';
import {
  type DecidedRequest,
  diagnoseDroppedAgain,
  diagnoseHoles,
  diagnoseKeptAgain,
  diagnoseLostParts,
} from '../diagnosis/sampling/torn.ts';
import { type Decision, decisionOf, parentInHeader } from '../joins/index.ts';
import { header, ids, pageSpan, visit } from './support/page.ts';

const API: Decision = { by: 'the API', ratio: 0.25 };
const PAGE: Decision = { by: 'the page', ratio: 0.5 };
const CALLER: Decision = { by: 'the caller', ratio: 1 };
const weighed = (decision: Decision, given: Partial<EvidenceSpan> = {}) => ({
  span: serverSpan(given),
  decision,
});
const kept = (attributes: EvidenceSpan['attributes']) => ({ attributes });

test('a share that chance may have made is right, and one beyond it says both', () => {
  const share = {
    who: 'the API',
    of: 300,
    ratio: 0.25,
    setting: 'OTEL_TRACES_SAMPLER_ARG',
    which: 'of nobody',
  };
  assert.equal(diagnoseShare({ ...share, kept: 75 }), null);
  assert.equal(diagnoseShare({ ...share, kept: 60 }), null);
  const all = diagnoseShare({ ...share, kept: 300 });
  assert.equal(all?.reason, 'ratio-ignored');
  assert.match(all?.saw ?? '', /was 0\.25, and the API kept the traces of 300 of 300/);
  assert.match(all?.wanted ?? '', /about 75 .* once in 100,000 runs/);
  assert.match(diagnoseShare({ ...share, ratio: 0, kept: 1 })?.wanted ?? '', /^none of them\.$/);
  assert.equal(diagnoseShare({ ...share, ratio: null, kept: 300 }), null);
  const none = diagnoseShare({ ...share, ratio: null, kept: 0 });
  assert.match(
    none?.saw ?? '',
    /^OTEL_TRACES_SAMPLER_ARG was not set, and the API kept the traces of 0 of 300/,
  );
  assert.equal(none?.wanted, 'all 300.');
});

describe('who decided about a trace', () => {
  const ofCaller = ids(1, 11);
  const ofPage = ids(2, 21);
  const droppedByPage = ids(3, 31);
  const given = visit({
    facts: {
      'api ratio': 0.25,
      visits: [
        { ratio: 1, word: 'a', requests: 1, fromMs: 500 },
        { ratio: 0.5, word: 'b', requests: 1, fromMs: 900 },
      ],
    },
    requests: [request({ requestHeaders: { traceparent: `00-${ofCaller.traceId}-${ofCaller.spanId}-01` } })],
    spans: [pageSpan('GET', { ...ofPage, startMs: 1000 })],
    headers: [header({ traceparent: `00-${droppedByPage.traceId}-${droppedByPage.spanId}-00`, atMs: 600 })],
  });
  for (const [what, traceId, wanted] of [
    ['the caller that sent a traceparent', ofCaller.traceId, CALLER],
    ['the page that made a span, by what it was told last', ofPage.traceId, PAGE],
    ['the page that dropped its own', droppedByPage.traceId, { by: 'the page', ratio: 1 }],
    ['else the API', ids(9, 0).traceId, API],
  ] as const)
    test(what, () => assert.deepEqual(decisionOf(given, serverSpan({ traceId })), wanted));

  const ofWorker = { process: 'worker', captured: true, received: true, seq: 1, phase: 'run' } as const;
  const consumer = (more: Partial<EvidenceSpan>) =>
    span('process outbox', { kind: 'CONSUMER', traceId: ids(8, 0).traceId, origin: ofWorker, ...more });
  const linkTo = ({ traceId, spanId }: { traceId: string; spanId: string }) => ({
    links: [{ traceId, spanId, attributes: {} }],
  });
  const publish = serverSpan(ids(4, 41));
  const { spanId: _, ...batch } = ids(7, 0);
  const linked = consumer({ ...batch, ...linkTo(ofCaller) });
  const telling = consumer({ ...batch, kind: 'CLIENT', parentSpanId: linked.spanId });
  const withWorker = { ...given, spans: [...given.spans, publish, linked, telling] };
  for (const [what, one, wanted] of [
    ['the caller, for the worker that is part of its trace', consumer({ traceId: ofCaller.traceId }), CALLER],
    ['the page, for the worker that is linked to it', consumer(linkTo(ofPage)), PAGE],
    ['the API, for the worker that is part of its trace', consumer({ traceId: publish.traceId }), API],
    ['the API, for a link to what it dropped', consumer(linkTo(ids(9, 91))), API],
    ['the same, for what is below such a span', telling, CALLER],
    ['the worker, for a message without a context', consumer({}), { by: 'the worker', ratio: 0.25 }],
    [
      'the worker, for a batch with links that is no work on a message',
      consumer({ kind: 'INTERNAL', ...linkTo(ofCaller) }),
      { by: 'the worker', ratio: 0.25 },
    ],
  ] as const)
    test(what, () => assert.deepEqual(decisionOf(withWorker, one), wanted));

  test('an instance that is told no share keeps all', () => {
    const stops = [{ process: 'api-2' }] as never;
    const own = { process: 'api-2', captured: true, received: true, seq: 1, phase: 'run' } as const;
    assert.deepEqual(
      decisionOf({ ...given, stops }, serverSpan({ traceId: ids(6, 0).traceId, origin: own })),
      {
        by: 'the API',
        ratio: 1,
      },
    );
  });
});

test('the flags of a traceparent say what was decided, whatever other bits there are', () => {
  const sampled = (flags: string) =>
    parentInHeader(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-${flags}`)?.sampled;
  assert.deepEqual(['00', '01', '02', '03'].map(sampled), [false, true, false, true]);
  assert.equal(parentInHeader('00-short-01'), null);
});

describe('a trace that is torn', () => {
  const parent = (sampled: boolean) => ({ ...ids(1, 11), sampled });
  const asked = (given: Partial<DecidedRequest>): DecidedRequest => ({
    name: 'GET /feed',
    path: '/feed',
    caller: 'its caller',
    parent: parent(true),
    status: 200,
    durationMs: 20,
    server: undefined,
    spans: [],
    ...given,
  });
  const server = serverSpan({ traceId: parent(true).traceId });

  test('kept though it was dropped', () => {
    const wrong = diagnoseKeptAgain([asked({ parent: parent(false), server, spans: [server] })]);
    assert.equal(wrong?.reason, 'trace-torn');
    assert.match(wrong?.look ?? '', /One decision/);
    assert.equal(wrong?.marks?.[0]?.spanId, server.spanId);
    assert.equal(diagnoseKeptAgain([asked({ parent: parent(false) })]), null);
    assert.equal(diagnoseKeptAgain([asked({ server, spans: [server] })]), null);
  });

  test('failures alone are another question', () => {
    const failed = asked({ parent: parent(false), status: 500, spans: [server] });
    assert.match(diagnoseKeptAgain([failed])?.look ?? '', /Errors and slow ones/);
    const good = asked({ parent: parent(false), spans: [server] });
    assert.match(diagnoseKeptAgain([failed, good])?.look ?? '', /One decision/);
  });

  test('dropped though it was kept, or put elsewhere', () => {
    const above = () => undefined;
    assert.equal(diagnoseDroppedAgain([asked({ server, spans: [server] })], above), null);
    assert.equal(diagnoseDroppedAgain([asked({})], above)?.reason, 'trace-torn');
    const elsewhere = serverSpan({ traceId: 'another' });
    assert.equal(
      diagnoseDroppedAgain([asked({ server: elsewhere })], above)?.reason,
      'server-ignored-parent',
    );
    const ignored = asked({ name: 'GET /search', path: '/search?q=healthbo' });
    assert.match(diagnoseDroppedAgain([ignored], above)?.look ?? '', /which requests does the API ignore/);
  });

  test('holes inside', () => {
    const orphan = span('list', { parentSpanId: 'nobody' });
    assert.match(diagnoseHoles(evidence({ spans: [orphan] }), [orphan], [])?.saw ?? '', /1 span of 1 hangs/);
    assert.match(
      diagnoseHoles(evidence(), [], [{ span: server, name: 'GET /feed' }])?.saw ?? '',
      /the API kept its SERVER span alone: no query/,
    );
    assert.equal(diagnoseHoles(evidence(), [], []), null);
  });

  test('parts that never arrived, where others of their trace did', () => {
    const lost = query(server, 1000, 10);
    const gone = { ...lost, traceId: server.traceId, origin: { ...lost.origin, received: false } };
    assert.equal(diagnoseLostParts('the API', [server, gone])?.reason, 'trace-torn');
    // A whole trace that did not arrive is not torn: why it did not is the matter of exercise 01.
    assert.equal(diagnoseLostParts('the API', [gone]), null);
    assert.equal(diagnoseLostParts('the API', [server]), null);
  });
});

describe('a health check that was traced', () => {
  const check = (given: Parameters<typeof request>[0], traced: boolean, sampled = false) => ({
    sent: request({ path: '/health', ...given }),
    sampled,
    spans: traced ? [serverSpan()] : [],
  });
  for (const [what, checks, look] of [
    ['all of them', [check({}, true)], /instrumentation of HTTP/],
    ['one of a caller that keeps its trace', [check({}, false), check({}, true, true)], /whose caller keeps/],
    ['one with a query', [check({}, false), check({ path: '/health?a=b' }, true)], /by what do you know/],
  ] as const)
    test(what, () => assert.match(diagnoseHealthChecks(checks)?.look ?? '', look));
  test('none', () => assert.equal(diagnoseHealthChecks([check({}, false)]), null));
});

describe('how many a span stands for', () => {
  const reasonOf = (...spans: Parameters<typeof diagnoseRates>[0]) => diagnoseRates(spans)?.reason ?? null;

  test('as an attribute or in the trace state', () => {
    for (const given of [kept({ SampleRate: 4 }), kept({ sampleRate: '4' }), { traceState: 'ot=th:c' }])
      assert.equal(reasonOf(weighed(API, given)), null);
    assert.equal(reasonOf(weighed(CALLER)), null);
    assert.equal(reasonOf(weighed(CALLER, { traceState: 'congo=t61' })), null);
  });

  test('not at all, misspelt, on the resource', () => {
    assert.equal(reasonOf(weighed(API)), 'sample-rate-missing');
    assert.equal(reasonOf(weighed(API, kept({ sample_rate: 4 }))), 'attribute-misspelt');
    const onResource = weighed(API, { resource: { SampleRate: 4 } });
    assert.match(diagnoseRates([onResource])?.saw ?? '', /on the resource/);
  });

  test('on some spans only: which ones do not say it', () => {
    const right = weighed(PAGE, { traceState: 'ot=th:8' });
    assert.match(
      diagnoseRates([right, weighed(API)])?.saw ?? '',
      /no span does of the traces that the API began/,
    );
    const some = [weighed(API, kept({ SampleRate: 4 })), weighed(API)];
    assert.match(diagnoseRates(some)?.saw ?? '', /with 1 of 2 spans/);
    const silent = weighed(API, { origin: { ...serverSpan().origin, process: 'worker' } });
    assert.match(diagnoseRates([...some.slice(0, 1), silent])?.saw ?? '', /no span of the worker does\./);
    const inPage = weighed(PAGE, { origin: { ...serverSpan().origin, process: 'page' } });
    assert.match(
      diagnoseRates([...some.slice(0, 1), right, inPage])?.saw ?? '',
      /no span of the page does\./,
    );
    const own = weighed(
      { ...API, by: 'the worker' },
      { ...kept({ SampleRate: 4 }), origin: silent.span.origin },
    );
    const unweighed = diagnoseRates([...some.slice(0, 1), own, silent]);
    assert.match(unweighed?.saw ?? '', /no span of the worker does whose trace somebody else began\./);
    assert.match(unweighed?.look ?? '', /The weight goes with the decision/);
  });

  test('another number: the share, or that of somebody who did not decide', () => {
    assert.match(diagnoseRates([weighed(API, kept({ SampleRate: 0.25 }))])?.look ?? '', /is that the share/);
    const own = weighed(API, kept({ SampleRate: 4 }));
    const borrowed = weighed(PAGE, kept({ SampleRate: 4 }));
    assert.match(diagnoseRates([own, borrowed])?.cause ?? '', /About this one the page decided/);
    const keptAll = weighed({ ...PAGE, ratio: 1 }, kept({ SampleRate: 4 }));
    assert.match(diagnoseRates([own, keptAll])?.wanted ?? '', /^1: the page .* keeps all of its traces\.$/);
    const inWorker = { ...borrowed.span.origin, process: 'worker' };
    const ofWorker = weighed({ ...API, by: 'the worker' }, { ...kept({ SampleRate: 4 }), origin: inWorker });
    const followed = { ...borrowed, span: { ...borrowed.span, origin: inWorker } };
    assert.match(diagnoseRates([own, ofWorker, followed])?.cause ?? '', /that the worker begins/);
    // Nothing proves it where the worker began none.
    assert.equal(diagnoseRates([own, followed])?.cause, undefined);
    // Without a trace of the API's own nothing proves where the number comes from.
    assert.equal(diagnoseRates([borrowed])?.cause, undefined);
    assert.equal(diagnoseRates([weighed(PAGE, kept({ SampleRate: 3 })), own])?.cause, undefined);
  });
});

test('a count is that of the rows at the collector, each with its weight', () => {
  const servers = Array.from({ length: 75 }, () => serverSpan(kept({ SampleRate: 4 })));
  const once = () => 1;
  const sample = [{ requests: 300, ratio: 0.25, spans: servers }];
  const diagnose = (arrivals: (one: EvidenceSpan) => number) =>
    diagnoseCount(countOf(sample, arrivals), sample, arrivals, REQUESTS);
  const right = countOf(sample, once);
  assert.deepEqual([right.requests, right.rows, right.count], [300, 75, 300]);
  assert.equal(diagnose(once), null);
  assert.equal(diagnose((one) => (one === servers[0] ? 2 : 1))?.reason, 'span-duplicated');
  const none = diagnose(() => 0);
  assert.equal(none?.reason, 'sample-rate-wrong');
  assert.match(none?.saw ?? '', /^300 requests were sent\. 0 SERVER spans came/);
});
