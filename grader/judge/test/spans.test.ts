import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, nestSpan, query, request, serverSpan, span } from '@workshop/grader/test/evidence';
import { indexSpans } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseCoverage, diagnoseLateEnd } from '../diagnosis/spans/coverage.ts';
import { diagnoseKind } from '../diagnosis/spans/kind.ts';
import { diagnoseMissingSpan } from '../diagnosis/spans/missing-span.ts';
import { diagnoseUnboundedName } from '../diagnosis/spans/names.ts';
import { isOwnScope } from '../diagnosis/spans/own-scope.ts';
import { diagnoseForeignBelow, diagnoseNotBelow } from '../diagnosis/spans/placement.ts';

const missing = (spans: EvidenceSpan[], found: EvidenceSpan[] = [], given: Partial<Evidence> = {}) => {
  const server = serverSpan();
  return diagnoseMissingSpan({
    evidence: evidence({ spans: [server, ...spans, ...found], ...given }),
    where: 'GET /feed',
    during: request(),
    target: server,
    name: 'rank feed',
    found,
    spans: [server, ...spans],
  });
};

test('spans of instrumentations are not the learner’s own, whatever they are called', () => {
  assert.equal(isOwnScope(nestSpan('rank feed', serverSpan())), false);
  assert.equal(isOwnScope({ scope: { name: 'opentelemetry-pg' } }), false);
  assert.equal(isOwnScope({ scope: { name: 'murmur.feed' } }), true);
  assert.equal(isOwnScope({ scope: { name: '' } }), true);
});

test('two of them are duplicates, many are one for each item', () => {
  const several = (count: number) => Array.from({ length: count }, () => span('rank feed'));
  assert.equal(missing([], several(2)).reason, 'span-duplicated');
  assert.equal(missing([], several(12)).reason, 'span-per-item');
});

test('spans that began without a request, and are in no request, are forged', () => {
  const roots = [1000, 700, 600].map((startMs, at) => span('rank feed', { traceId: `t${at}`, startMs }));
  assert.equal(missing([], roots).reason, 'forged-evidence');
});

test('an open span of that name is told from one that was never started', () => {
  const open = { ...span('rank feed'), origin: { process: 'api' } };
  assert.equal(missing([], [], { unended: [open] }).reason, 'span-never-ended');
  const ofAnother = { ...open, startMs: 5000, traceId: 'other' };
  assert.equal(missing([], [], { unended: [ofAnother] }).reason, 'span-missing');
});

test('an open span of nearly that name is told by both, one of another name by its name', () => {
  const open = (name: string) =>
    missing([], [], { unended: [{ ...span(name), origin: { process: 'api' } }] });
  const near = open('rankFeed');
  assert.equal(near.reason, 'span-misnamed');
  assert.equal(near.saw, 'there is no "rank feed", but a span named "rankFeed", which never ended.');
  assert.equal(near.look, 'the lines that name the span and that end it.');
  const far = open('load posts');
  assert.equal(far.reason, 'span-missing');
  assert.match(far.saw, /Your own spans in it: "load posts", which never ended/);
  assert.match(missing([span('load posts')]).saw, /Your own spans in it: "load posts"\.$/);
  assert.match(missing([]).saw, /no span of your own at all/);
});

for (const [name, reason] of [
  ['rankFeed', 'span-misnamed'],
  ['rank_feed', 'span-misnamed'],
  ['rank feeds', 'span-misnamed'],
  ['rank feed 0832', 'span-name-unbounded'],
  ['rank feed: Ben', 'span-name-unbounded'],
  ['load posts', 'span-missing'],
] as const) {
  test(`"${name}" in place of "rank feed" is ${reason}`, () => {
    const failure = missing([span(name)]);
    assert.equal(failure.reason, reason);
    assert.ok(failure.saw.includes(`"${name}"`), failure.saw);
  });
}

test('a library’s span with that name is of the wrong scope', () => {
  assert.equal(missing([nestSpan('rank feed', serverSpan())]).reason, 'span-wrong-scope');
});

const covers = (own: { startMs: number; durationMs: number }, untilMs = 1300) => {
  const server = serverSpan({ startMs: 990, durationMs: 400 });
  const work = [query(server, 1000, 50), query(server, 1050, 50)];
  return diagnoseCoverage(span('rank feed', own), work, untilMs);
};

test('a span around queries and computing covers its work, a little late and early, too', () => {
  assert.equal(covers({ startMs: 999, durationMs: 301 }), null);
  assert.equal(covers({ startMs: 1010, durationMs: 270 }), null);
});

test('it ends before its work, begins after it, or leaves the computing out', () => {
  const early = covers({ startMs: 999, durationMs: 0.3 });
  assert.equal(early?.reason, 'span-ended-before-its-work');
  assert.match(early?.saw ?? '', /ended after 0\.3 ms.*2 of its 2 queries ended up to 101 ms later/);
  assert.equal(covers({ startMs: 1095, durationMs: 205 })?.reason, 'span-covers-too-little');
  const half = covers({ startMs: 999, durationMs: 102 });
  assert.equal(half?.reason, 'span-covers-too-little');
  assert.match(half?.saw ?? '', /worked on for 199 ms more/);
  assert.equal(covers({ startMs: 999, durationMs: 102 }, 1110), null, 'nothing was computed there');
});

test('a check of coverage or place without any work is the grader’s own fault, never a pass', () => {
  assert.throws(() => diagnoseCoverage(span('rank feed'), [], 1300), /without a reason/);
  assert.throws(() => diagnoseNotBelow(indexSpans([]), [], span('rank feed'), 'queries'), /without a reason/);
});

test('queries beside the span are siblings, in another trace they lost their context', () => {
  const server = serverSpan();
  const own = span('rank feed', { parentSpanId: server.spanId });
  const between = span('load', { parentSpanId: own.spanId });
  const below = query(between, 1000, 5);
  const beside = query(server, 1000, 5);
  const away = { ...query(server, 1000, 5), traceId: 'other', parentSpanId: undefined };
  const index = indexSpans([server, own, between, below, beside, away]);
  assert.equal(diagnoseNotBelow(index, [below], own, 'queries'), null);
  const sibling = diagnoseNotBelow(index, [below, beside], own, 'queries');
  assert.equal(sibling?.reason, 'span-sibling-not-child');
  assert.match(sibling?.saw ?? '', /1 of 2 queries stand beside "rank feed", below GET \/feed/);
  assert.equal(diagnoseNotBelow(index, [away], own, 'queries')?.reason, 'span-root-not-child');
});

test('only the kind INTERNAL is work inside the program', () => {
  assert.equal(diagnoseKind(span('rank feed')), null);
  for (const kind of ['SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const)
    assert.equal(diagnoseKind(span('rank feed', { kind }))?.reason, 'span-wrong-kind');
});

test('a span that goes on long after its request covers too much, a little later is in time', () => {
  const over = { what: 'the answer', atMs: 1300 };
  const late = diagnoseLateEnd(span('rank feed', { startMs: 1000, durationMs: 1300 }), over);
  assert.equal(late?.reason, 'span-covers-too-much');
  assert.match(late?.saw ?? '', /ended 1000 ms after the answer/);
  assert.equal(diagnoseLateEnd(span('rank feed', { startMs: 1000, durationMs: 340 }), over), null);
});

const names = (...requests: string[][]) =>
  diagnoseUnboundedName(requests.map((some) => ({ spans: some.map((name) => span(name)), values: ['0832'] })))
    ?.reason ?? null;
const namesByValue = (...requests: [string, string[]][]) =>
  diagnoseUnboundedName(
    requests.map(([value, some]) => ({ spans: some.map((name) => span(name)), values: [value] })),
  )?.reason ?? null;

test('a name that holds the user, or a number that differs from request to request, is unbounded', () => {
  assert.equal(names(['rank feed'], ['rank feed']), null);
  assert.equal(names(['rank feed 0832']), 'span-name-unbounded');
  assert.equal(names(['pick from 163 authors'], ['pick from 4 authors']), 'span-name-unbounded');
  assert.equal(names(['phase 1', 'phase 2'], ['phase 1', 'phase 2']), null, 'the same in each request');
  assert.equal(names(['phase 1', 'phase 2'], ['other work']), null, 'one request may do less');
});

test('a new name for every value is unbounded, the names of a few kinds of work are not', () => {
  const [same, each] = ['search', 'search a7f'];
  assert.equal(
    namesByValue(['oak', [each]], ['elm', ['search q2c']], ['ash', ['search zzk']]),
    'span-name-unbounded',
  );
  assert.equal(
    namesByValue(['oak', [same, each]], ['elm', [same, 'search q']], ['ash', [same, 'search z']]),
    'span-name-unbounded',
    'beside a name that all have',
  );
  assert.equal(namesByValue(['oak', [same, 'gave up']], ['elm', [same]], ['ash', [same]]), null);
  assert.equal(namesByValue(['oak', ['gave up']], ['elm', [same]], ['ash', [same]]), null, 'two kinds');
  assert.equal(namesByValue(['oak', ['one']], ['elm', ['other']]), null, 'two requests prove nothing');
  assert.equal(
    namesByValue(['oak', ['one']], ['oak', ['two']], ['elm', ['three']]),
    null,
    'nor do three of two values',
  );
});

test('a query of other work below the span is told apart by when it began', () => {
  const server = serverSpan();
  const own = span('rank feed', { parentSpanId: server.spanId, startMs: 1010, durationMs: 50 });
  const others = (one: EvidenceSpan) =>
    diagnoseForeignBelow(indexSpans([server, own, one]), [one], own, 'query');
  assert.equal(others(query(server, 1020, 5)), null);
  assert.equal(others(query(own, 1020, 5))?.reason, 'span-covers-too-much');
  const later = others(query(own, 1070, 5, 'SELECT post_id FROM likes'));
  assert.equal(later?.reason, 'span-sibling-not-child');
  assert.match(later?.saw ?? '', /SELECT post_id FROM likes.* began 10 ms after the span had ended/);
});

test('a longer name is another one for each request only where another request has another', () => {
  const fifty = span('rank feed 50');
  assert.equal(missing([fifty, span('rank feed 50')]).reason, 'span-misnamed');
  assert.equal(missing([fifty, span('rank feed 51')]).reason, 'span-name-unbounded');
});
