import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, nestSpan, query, request, serverSpan, span } from '@workshop/grader/test/evidence';
import type { UnendedSpan } from '../../evidence/index.ts';
import type { CheckResult, ExerciseResult, Failure, Mark } from '../../judge/index.ts';
import { jsonReport, reportedExercise } from '../index.ts';

const server = serverSpan();
const own = span('rank feed', {
  parentSpanId: server.spanId,
  attributes: { 'murmur.note': 'x'.repeat(2_000) },
});
const all = evidence({
  exercise: '03-custom-span',
  requests: [request()],
  spans: [server, own, query(own, 1010, 5), span('another trace', { traceId: 'boot' })],
});

const base = { failure: null, blockedBy: [], trouble: null };
function failed(marks: Mark[], more: Partial<Failure> = {}): CheckResult {
  const failure: Failure = {
    reason: 'span-missing',
    saw: 'no span',
    wanted: 'a span',
    look: 'the task',
    views: [{ title: 'GET /feed', traceId: server.traceId, marks }],
    seen: [{ kind: 'missing', text: 'rank feed' }],
    ...more,
  };
  return { ...base, id: 'named', number: '03.1', title: 'it has a span', verdict: 'fail', failure };
}
const passed: CheckResult = { ...base, id: 'first', number: '03.0', title: 'a feed', verdict: 'pass' };
const waiting: CheckResult = {
  ...base,
  id: 'later',
  number: '03.2',
  title: 'this waits',
  verdict: 'blocked',
  blockedBy: ['named'],
};
function result(...checks: CheckResult[]): ExerciseResult {
  return {
    id: '03-custom-span',
    verdict: checks.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'fail',
    checks,
    told: {},
    ms: 12.6,
    evidence: 'evidence.json',
    trouble: null,
  };
}
const missing: Mark = {
  traceId: server.traceId,
  spanId: server.spanId,
  text: 'MISSING HERE: rank feed',
  missing: true,
  place: 'child',
};

test('the JSON report has the shape of schema 1, with whole messages', () => {
  const run = { seed: 7, tree: 'your working tree', exitCode: 1, ms: 99.7 };
  const report = jsonReport(
    run,
    [result(passed, failed([missing]), waiting)],
    new Map([['03-custom-span', all]]),
  );
  assert.deepEqual(Object.keys(report), ['schema', 'seed', 'tree', 'exitCode', 'ms', 'exercises']);
  assert.equal(report.ms, 100);
  const [exercise] = report.exercises;
  assert.deepEqual(Object.keys(exercise ?? {}), [
    'id',
    'verdict',
    'ms',
    'evidence',
    'trouble',
    'checks',
    'shown',
    'traces',
    'told',
  ]);
  const [first, second, third] = exercise?.checks ?? [];
  assert.deepEqual(first, {
    id: 'first',
    number: '03.0',
    title: 'a feed',
    verdict: 'pass',
    reason: null,
    blockedBy: [],
    message: '',
    failure: null,
    seen: [],
    views: [],
  });
  assert.equal(second?.reason, 'span-missing');
  assert.match(second?.message ?? '', /Saw[\s\S]*>>> MISSING HERE: rank feed/);
  assert.deepEqual(second?.failure, {
    summary: 'There is no such span.',
    saw: 'no span',
    wanted: 'a span',
    cause: null,
    look: 'the task',
    output: [],
    tables: [],
  });
  assert.deepEqual(second?.seen, [{ kind: 'missing', text: 'rank feed' }]);
  assert.deepEqual([third?.reason, third?.message, third?.blockedBy], [null, 'waits for named', ['named']]);
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

test('a view keeps its marks: the span, the place, the interval, and whether something is missing there', () => {
  const ends = {
    traceId: server.traceId,
    spanId: own.spanId,
    text: 'ENDS HERE',
    interval: { startMs: 1, endMs: 2 },
  };
  const { checks } = reportedExercise(result(failed([missing, ends])), all);
  assert.deepEqual(checks[0]?.views, [
    {
      title: 'GET /feed',
      traceId: server.traceId,
      marks: [
        { spanId: server.spanId, text: 'MISSING HERE: rank feed', place: 'child', shows: 'missing' },
        { spanId: own.spanId, text: 'ENDS HERE', interval: { startMs: 1, endMs: 2 }, shows: 'seen' },
      ],
    },
  ]);
});

test('the traces of the views are there once, whole, parents first, and no other', () => {
  const { traces, shown } = reportedExercise(result(failed([missing]), failed([missing])), all);
  assert.equal(shown, null);
  assert.deepEqual(
    traces.map(({ traceId, spans, omitted }) => [traceId, spans.map(({ name }) => name), omitted]),
    [[server.traceId, ['GET /feed', 'rank feed', 'pg.query:SELECT murmur'], 0]],
  );
  const [first] = traces[0]?.spans ?? [];
  assert.deepEqual([first?.process, first?.received, first?.kind], ['api', true, 'SERVER']);
  assert.equal('parentSpanId' in (first ?? {}), false);
});

test('after a pass the largest trace of a request is shown', () => {
  const { traces, shown } = reportedExercise(result(passed), all);
  assert.deepEqual([shown?.traceId, shown?.marks], [server.traceId, []]);
  assert.match(shown?.title ?? '', /^GET \/feed, signed in/);
  assert.deepEqual(
    traces.map(({ traceId }) => traceId),
    [server.traceId],
  );
  assert.deepEqual(reportedExercise(result(passed), evidence({ spans: [] })).shown, null);
});

test('a trace of many spans is bounded; what a mark stands at, and all above it, stays', () => {
  const many = Array.from({ length: 3_000 }, (_, at) =>
    nestSpan(`filler ${at}`, server, { startMs: 1000 + at }),
  );
  const parent = nestSpan('late parent', server, { startMs: 9000 });
  const late = nestSpan('late', parent, { startMs: 9001 });
  const mark = { traceId: server.traceId, spanId: late.spanId, text: 'ENDS HERE' };
  const large = evidence({ exercise: '03-custom-span', spans: [server, ...many, parent, late] });
  const report = reportedExercise(result(failed([mark])), large);
  const names = report.traces[0]?.spans.map(({ name }) => name) ?? [];
  assert.equal(names.length, 500);
  assert.equal(report.traces[0]?.omitted, 3_003 - 500);
  assert.deepEqual(names.slice(-2), ['late parent', 'late']);
  assert.ok(JSON.stringify(report).length < 400_000, `${JSON.stringify(report).length} characters`);
});

test('long texts are cut, numbers that JSON has not are text, and a span that never ended has no duration', () => {
  const open: UnendedSpan = {
    name: 'never ended',
    traceId: server.traceId,
    spanId: 'open',
    parentSpanId: server.spanId,
    kind: 'INTERNAL',
    startMs: 1005,
    attributes: { ratio: Number.NaN },
    scope: { name: 'murmur.feed' },
    origin: { process: 'api' },
  };
  const { traces } = reportedExercise(result(failed([missing])), { ...all, unended: [open] });
  const spans = traces[0]?.spans ?? [];
  const note = spans.find(({ name }) => name === 'rank feed')?.attributes['murmur.note'];
  assert.match(String(note), /^x{1000}… \(2000 characters\)$/);
  const last = spans.at(-1);
  assert.deepEqual([last?.name, last?.durationMs, last?.attributes], ['never ended', null, { ratio: 'NaN' }]);
});

test('without its evidence a report has its messages and no traces', () => {
  const report = reportedExercise(result(failed([missing])), null);
  assert.deepEqual([report.traces, report.shown], [[], null]);
  assert.equal(report.checks[0]?.views.length, 1);
});
