import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, request, serverSpan, span } from '@workshop/grader/test/evidence';
import { lostSpansOf, serverSpanOf } from '../joins/index.ts';

const agent = (name: string) => `murmur-visitor/1.0 (${name})`;
const server = (name: string, startMs: number, durationMs: number) =>
  serverSpan({
    spanId: name,
    traceId: name,
    startMs,
    durationMs,
    attributes: { 'user_agent.original': agent(name) },
  });
const sent = (name: string, startMs: number, durationMs: number) =>
  request({ id: name, userAgent: agent(name), startMs, durationMs });
const lost = (traceId: string, startMs: number) => span('rank feed', { traceId, startMs, durationMs: 5 });

test('of two SERVER spans that name one request, the first is the request’s own', () => {
  const own = server('one', 1000, 100);
  const more = { ...own, spanId: 'more', traceId: 'more' };
  assert.equal(serverSpanOf(evidence({ spans: [own, more] }), sent('one', 1000, 100))?.spanId, 'one');
});

test('a lost span is of the request that was open when it began, never of the one just before or after', () => {
  const requests = [sent('one', 1000, 100), sent('two', 1105, 100)];
  const spans = [server('one', 1000, 100), server('two', 1105, 100)];
  const all = evidence({ requests, spans });
  const found = requests.map((one) => lostSpansOf(all, one, [lost('a', 1002), lost('b', 1107)]));
  assert.deepEqual(
    found.map((some) => some.map(({ traceId }) => traceId)),
    [['a'], ['b']],
  );
});

test('of requests at once each gets one of their lost traces, and all of its own where the counts differ', () => {
  const requests = [sent('one', 1000, 100), sent('two', 1004, 150)];
  const all = evidence({ requests, spans: [server('one', 1000, 100), server('two', 1004, 150)] });
  const tracesOf = (at: number, spans = [lost('a', 1003), lost('b', 1030)]) =>
    lostSpansOf(all, requests[at] as (typeof requests)[number], spans).map(({ traceId }) => traceId);
  assert.deepEqual([tracesOf(0), tracesOf(1)], [['a'], ['b']]);
  assert.deepEqual(tracesOf(0, [lost('a', 1003), lost('b', 1030), lost('c', 1040)]), ['a', 'b', 'c']);
});
