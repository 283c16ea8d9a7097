import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, span } from '@workshop/grader/test/evidence';
import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import { diagnoseMissingNetwork, NETWORK_KEY } from '../diagnosis/latency/missing-network-time.ts';
import { diagnoseNetwork } from '../diagnosis/latency/network-share.ts';

const SKEW_MS = 7_000;

interface Way {
  roundTripMs: number;
  serverMs: number;
}
const WAYS: Way[] = [
  { roundTripMs: 72, serverMs: 6 },
  { roundTripMs: 168, serverMs: 6.4 },
];
/** From the first byte of an answer to its last. */
const BODY_MS = 60;
const SLOW: Way[] = [{ roundTripMs: 168, serverMs: 310 }];

/** Two crossings: the browser asked first. */
const waited = ({ roundTripMs, serverMs }: Way): number => 2 * roundTripMs + serverMs + BODY_MS + 8;

function diagnose(value: (way: Way) => number, ways = WAYS, noiseMs = 0) {
  const requestOf = (way: Way) => {
    const { serverMs } = way;
    const roundTripMs = way.roundTripMs + noiseMs;
    const networkMs = value({ roundTripMs, serverMs });
    return {
      title: 'GET /search',
      client: call({
        durationMs: waited({ roundTripMs, serverMs }),
        attributes: { [NETWORK_KEY]: networkMs },
      }),
      server: call({ durationMs: serverMs, startMs: 1_000_000 + SKEW_MS }),
      roundTripMs: way.roundTripMs,
      timedMs: roundTripMs + 1,
      bodyMs: BODY_MS,
    };
  };
  return diagnoseNetwork(ways.map(requestOf), SKEW_MS, [...WAYS, ...SLOW].map(requestOf));
}

test("the network's share is right within 25 ms, with a slow database, too", () => {
  assert.equal(
    diagnose(({ roundTripMs }) => roundTripMs + 20),
    null,
  );
  assert.equal(
    diagnose(({ roundTripMs }) => roundTripMs - 20, SLOW),
    null,
  );
  assert.equal(diagnose(({ roundTripMs }) => roundTripMs + 40)?.reason, 'latency-wrong');
});

test('what a busy machine adds to the way is on the way', () => {
  assert.equal(
    diagnose(({ roundTripMs }) => roundTripMs, WAYS, 70),
    null,
  );
});

test('a wrong number is not right because a busy machine made the way as much longer', () => {
  assert.equal(
    diagnose(({ roundTripMs }) => roundTripMs / 2, [{ roundTripMs: 72, serverMs: 6 }], 72)?.reason,
    'latency-wrong',
  );
});

test('where the browser hides its times, the distance counts', () => {
  const request = (networkMs: number) => ({
    title: 'GET /search',
    client: call({ durationMs: 200, attributes: { [NETWORK_KEY]: networkMs } }),
    server: call({ durationMs: 6 }),
    roundTripMs: 72,
    timedMs: null,
  });
  assert.equal(diagnoseNetwork([request(80)], SKEW_MS), null);
  assert.equal(diagnoseNetwork([request(120)], SKEW_MS)?.reason, 'latency-wrong');
});

test('each known wrong way has its reason and its cause', () => {
  const cases: [(way: Way) => number, Way[], string, RegExp][] = [
    [waited, WAYS, 'latency-includes-server', /whole duration/],
    [({ roundTripMs, serverMs }) => roundTripMs + serverMs, SLOW, 'latency-includes-server', /still in it/],
    [(way) => waited(way) - way.serverMs, WAYS, 'latency-wrong', /before it sent the request/],
    [({ roundTripMs }) => roundTripMs + BODY_MS, WAYS, 'latency-wrong', /last byte/],
    [({ roundTripMs }) => roundTripMs / 2 + SKEW_MS, WAYS, 'latency-from-clocks', /clock is 7 s ahead/],
    [({ roundTripMs }) => roundTripMs / 2 - SKEW_MS, WAYS, 'latency-from-clocks', /clock is 7 s ahead/],
    [({ roundTripMs }) => roundTripMs / 2, WAYS, 'latency-wrong', /one way only/],
    [({ roundTripMs }) => roundTripMs / 1000, WAYS, 'latency-wrong', /seconds/],
    [({ serverMs }) => serverMs, WAYS, 'latency-wrong', /the API needed/],
    [() => 110, WAYS, 'latency-wrong', /same number/],
  ];
  for (const [value, ways, reason, cause] of cases) {
    const failure = diagnose(value, ways);
    assert.equal(failure?.reason, reason);
    assert.match(failure?.cause ?? '', cause);
  }
});

test('the number of an earlier request for the same address is told as one', () => {
  const asked = (roundTripMs: number, saysMs: number, earlierMs: number | null) => ({
    title: 'GET /search',
    client: call({ durationMs: 2 * roundTripMs, attributes: { [NETWORK_KEY]: saysMs } }),
    server: call({ durationMs: 6 }),
    roundTripMs,
    timedMs: roundTripMs,
    earlierMs,
  });
  const first = asked(168, 169, null);
  const failure = diagnoseNetwork([first, asked(72, 169, 169)], SKEW_MS);
  assert.equal(failure?.reason, 'latency-wrong');
  assert.match(failure?.cause ?? '', /earlier request for the same address/);
  assert.equal(diagnoseNetwork([first, asked(72, 74, 169)], SKEW_MS), null);
  assert.doesNotMatch(diagnoseNetwork([first, asked(72, 120, 169)], SKEW_MS)?.cause ?? '', /earlier request/);
});

test('a missing number points at the header without which the browser hides its times', () => {
  const client = call({});
  const lookOf = (responseHeaders: Record<string, string>) =>
    diagnoseMissingNetwork(evidence({ spans: [client] }), { ...headerRecord, responseHeaders }, client)
      ?.look ?? '';
  assert.match(lookOf({}), /no Timing-Allow-Origin header/);
  assert.match(lookOf({ 'timing-allow-origin': '*' }), /does the line that sets it run/);
});

const headerRecord: HeaderRecord = {
  at: 'api',
  method: 'GET',
  path: '/search?q=word',
  origin: 'http://localhost:4200',
  traceparent: null,
  baggage: null,
  requestHeaders: {},
  responseHeaders: {},
  status: 200,
  atMs: 1_000_000,
  durationMs: 6,
};

function call(given: Partial<EvidenceSpan>): EvidenceSpan {
  return span('GET', { kind: 'CLIENT', startMs: 1_000_000, ...given });
}
