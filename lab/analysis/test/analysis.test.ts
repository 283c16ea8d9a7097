import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '@workshop/telemetry';
import { Database, MEMORY, RowBatchBuilder } from '../../store/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import {
  compareSelection,
  criticalPath,
  distributions,
  listTraces,
  serviceGraph,
  traceById,
} from '../index.ts';

const NOW = 1_795_000_000_000;

async function database(spans: readonly Span[]): Promise<Database> {
  const store = await Database.open(MEMORY);
  const builder = new RowBatchBuilder();
  for (const span of spans) builder.add(span);
  await store.append([builder.build()]);
  return store;
}

function span(number: number, more: Partial<Span>): Span {
  return {
    traceId: '1'.repeat(32),
    spanId: String(number).padStart(16, '0'),
    name: `span ${number}`,
    kind: 'INTERNAL',
    startMs: NOW,
    durationMs: 10,
    status: { code: 'UNSET' },
    attributes: {},
    events: [],
    links: [],
    resource: { 'service.name': 'murmur-api' },
    scope: { name: 'test' },
    ...more,
  };
}

test('a trace comes back as it was sent', async () => {
  const sent = span(1, {
    kind: 'SERVER',
    startMs: NOW + 0.125,
    durationMs: 93.5,
    status: { code: 'ERROR', message: 'boom' },
    traceState: 'ot=th:8',
    parentSpanId: 'f'.repeat(16),
    parentIsRemote: true,
    traceFlags: 1,
    attributes: {
      'user.id': '4711',
      'http.response.status_code': 500,
      flag: false,
      list: ['a', 1],
      big: '9007199254740993',
      ['__proto__']: 'a key like others',
      'text with "quotes"': 'tab\t, line\n, \u2028, \u{1f426}, \u0007',
    },
    dropped: { attributes: 3, links: 1 },
    events: [
      { name: 'log', timeMs: NOW + 5, attributes: { n: 1 }, droppedAttributes: 2 },
      { name: 'exception', timeMs: NOW + 6, attributes: { 'exception.type': 'Error' } },
    ],
    links: [
      {
        traceId: '2'.repeat(32),
        spanId: '3'.repeat(16),
        attributes: { why: 'batch', 'user.id': 7 },
        droppedAttributes: 1,
      },
    ],
    resource: { 'service.name': 'murmur-api', 'process.pid': 7, team: 'platform' },
    scope: {
      name: 'http',
      version: '1.2',
      attributes: { team: 'feed', shard: 7, 'session.id': 'of the scope' },
    },
  });
  const store = await database([sent]);
  assert.deepEqual(await traceById(store, sent.traceId), [sent]);
  assert.deepEqual(await traceById(store, '111111'), [sent], 'the beginning of the id will do');
  assert.deepEqual(await traceById(store, '9'), []);
  await store.close();
});

test('an id that several traces begin with is refused', async () => {
  const store = await database([span(1, {}), span(2, { traceId: `${'1'.repeat(31)}2` })]);
  await assert.rejects(traceById(store, '1111'), /More than one trace begins with 1111/);
  await store.close();
});

test('recent traces: the newest first, with name, size and errors of the whole trace', async () => {
  const spans = sampleSpans({ requests: 60, endMs: NOW });
  const store = await database(spans);
  const [newest, second] = (await listTraces(store, { limit: 2 })).traces;
  assert.equal(newest?.traceId, spans.at(-1)?.traceId);
  assert.ok((newest?.startMs ?? 0) > (second?.startMs ?? 0));
  assert.deepEqual(
    [newest?.name, newest?.service, newest?.spanCount, newest?.errorCount, newest?.hasRoot],
    ['GET /feed', 'murmur-api', 4, 0, true],
  );
  const failed = (await listTraces(store, { limit: 60 })).traces.filter((trace) => trace.errorCount > 0);
  assert.equal(failed.length, 1);
  assert.deepEqual(await listTraces(store, { service: 'nobody' }), { traces: [], next: null });
  await store.close();
});

test('recent traces: the request that each begins with, and whose it is', async () => {
  const page = span(1, {
    name: 'GET',
    kind: 'CLIENT',
    attributes: { 'http.request.method': 'GET', 'url.full': 'http://localhost:3000/posts/12?x=1' },
  });
  const server = span(2, {
    name: 'GET /posts/:id',
    traceId: page.traceId,
    parentSpanId: page.spanId,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/posts/:id',
      'url.path': '/posts/12',
      'user.id': '4711',
    },
  });
  const boot = span(3, { name: 'Create Nest App', traceId: '3'.repeat(32) });
  const store = await database([page, server, boot]);
  const { traces } = await listTraces(store);
  assert.deepEqual(
    new Map(traces.map(({ name, request, userId }) => [name, { request, userId }])),
    new Map<string, unknown>([
      ['GET', { request: { method: 'GET', path: '/posts/12', route: '/posts/:id' }, userId: '4711' }],
      ['Create Nest App', { request: null, userId: null }],
    ]),
  );
  await store.close();
});

test('the slow requests are those of the one who follows many', async () => {
  const store = await database(sampleSpans({ requests: 600, endMs: NOW }));
  const result = await compareSelection(
    store,
    {
      query: { end_time: NOW / 1000 + 60, time_range: 3600 },
      selection: { filters: [{ column: 'duration_ms', op: '>', value: 400 }] },
    },
    NOW,
  );
  assert.equal(result.selected, 30);
  assert.equal(result.rest, 570, 'roots are compared with roots');
  const user = result.differences.find((item) => item.column === 'user.id');
  assert.equal(user?.values[0]?.value, '1000');
  assert.equal(user?.values[0]?.selectedShare, 1);
  assert.equal(user?.values[0]?.restShare, 0);
  assert.ok(
    result.differences.some((item) => item.column === 'murmur.feed.following_count' && item.score === 1),
  );
  assert.ok(
    !result.differences.some((item) => item.column === 'http.route'),
    'what all share is no difference',
  );
  await store.close();
});

test('of a number the side is told on which the selected are, from a value that one of them has', async () => {
  const spans = Array.from({ length: 200 }, (_, i) =>
    span(i + 1, {
      traceId: String(i + 1).padStart(32, '0'),
      durationMs: i < 60 ? 900 : 20,
      attributes: { follows: i < 60 ? 100 + i : i % 60 },
    }),
  );
  const store = await database(spans);
  const query = { end_time: NOW / 1000 + 60, time_range: 3600 };
  const { differences } = await compareSelection(
    store,
    { query, selection: { filters: [{ column: 'duration_ms', op: '>', value: 400 }] } },
    NOW,
  );
  const follows = differences.find(({ column }) => column === 'follows');
  assert.deepEqual(follows?.threshold, { op: '>=', value: 100, selectedShare: 1, restShare: 0 });
  assert.equal(follows?.score, 1);

  const all = await distributions(store, query, NOW);
  assert.equal(all.spans, 200);
  const shares =
    all.columns.find(({ column }) => column === 'follows')?.values.map(({ share }) => share) ?? [];
  assert.equal(shares.length > 4, true, 'every bin, in its order');
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  await store.close();
});

test('a tiny selection is not ranked', async () => {
  const store = await database(sampleSpans({ requests: 40, endMs: NOW }));
  const result = await compareSelection(
    store,
    {
      query: { end_time: NOW / 1000, time_range: 3600 },
      selection: { filters: [{ column: 'duration_ms', op: '>', value: 400 }] },
    },
    NOW,
  );
  assert.equal(result.selected, 2);
  assert.deepEqual(result.differences, []);
  assert.match(result.note ?? '', /Only 2 spans/);
  await store.close();
});

test('the service graph has calls, links and databases', async () => {
  const web = { 'service.name': 'murmur-web' };
  const worker = { 'service.name': 'murmur-worker' };
  const store = await database([
    span(1, { resource: web, kind: 'CLIENT' }),
    span(2, { parentSpanId: span(1, {}).spanId, kind: 'SERVER', status: { code: 'ERROR' } }),
    span(3, {
      parentSpanId: span(2, {}).spanId,
      kind: 'CLIENT',
      attributes: { 'db.system.name': 'postgresql' },
    }),
    span(4, {
      traceId: '4'.repeat(32),
      resource: worker,
      kind: 'CONSUMER',
      links: [{ traceId: '1'.repeat(32), spanId: span(2, {}).spanId, attributes: {} }],
    }),
  ]);
  const graph = await serviceGraph(store, { startMs: NOW - 1000, endMs: NOW + 1000 });
  const edges = graph.dependencies.map(
    (edge) =>
      `${edge.parent_node.name} > ${edge.child_node.name} ${edge.via} ${edge.call_count} ${edge.error_count}`,
  );
  assert.deepEqual(edges, [
    'murmur-api > murmur-worker link 1 0',
    'murmur-api > postgresql parent 1 0',
    'murmur-web > murmur-api parent 1 1',
  ]);
  assert.deepEqual(
    graph.nodes.map((node) => node.name),
    ['murmur-api', 'murmur-web', 'murmur-worker', 'postgresql'],
  );
  await store.close();
});

test('the critical path goes back over the child that ended last', () => {
  const path = criticalPath([
    span(1, { startMs: 0, durationMs: 100 }),
    span(2, { parentSpanId: span(1, {}).spanId, startMs: 10, durationMs: 40 }),
    span(3, { parentSpanId: span(1, {}).spanId, startMs: 20, durationMs: 20 }), // in the shadow of 2
    span(4, { parentSpanId: span(1, {}).spanId, startMs: 60, durationMs: 60 }), // runs past its parent
  ]);
  assert.deepEqual(
    path?.segments.map((item) => [item.name, item.startMs, item.endMs]),
    [
      ['span 1', 0, 10],
      ['span 2', 10, 50],
      ['span 1', 50, 60],
      ['span 4', 60, 100],
    ],
  );
  assert.deepEqual(
    path?.bySpan.map((item) => [item.name, item.ms]),
    [
      ['span 2', 40],
      ['span 4', 40],
      ['span 1', 20],
    ],
  );
  assert.equal(criticalPath([]), null);
});

test('what differs is found among 160,000 spans whose numbers and ids are all different', async () => {
  const store = await Database.open(MEMORY);
  const builder = new RowBatchBuilder();
  for (let n = 0; n < 160_000; n++)
    builder.add(
      span(n, {
        parentSpanId: undefined,
        spanId: n.toString(16).padStart(16, '0'),
        durationMs: n % 2 === 0 ? 900 : 10,
        attributes: { number: n, id: `id ${n}`, half: n % 2 === 0 ? 'slow' : 'fast', noise: n % 3 },
      }),
    );
  await store.append([builder.build()]);
  const result = await compareSelection(
    store,
    {
      query: { end_time: NOW / 1000 + 60, time_range: 3600 },
      selection: { filters: [{ column: 'duration_ms', op: '>', value: 400 }] },
    },
    NOW,
  );
  assert.deepEqual([result.selected, result.rest], [80_000, 80_000]);
  assert.ok(result.sampled.selected > 8_000 && result.sampled.selected < 13_000, 'every sixth of a part');
  assert.deepEqual(
    result.differences.map(({ column, score, distinct }) => [column, score, distinct]),
    [['half', 1, 2]],
  );
  await store.close();
});

test('a span of next year does not stay first: its clock is ahead of its arrival', async () => {
  const store = await Database.open(MEMORY);
  const year = 365 * 86_400_000;
  const arrivals: [number, Span][] = [
    [NOW, span(1, { traceId: '1'.repeat(32), startMs: NOW + year })],
    [NOW + 1000, span(2, { traceId: '2'.repeat(32), startMs: NOW + 900 })],
  ];
  for (const [receivedMs, one] of arrivals) {
    const builder = new RowBatchBuilder(receivedMs);
    builder.add(one);
    await store.append([builder.build()]);
  }
  assert.deepEqual(
    (await listTraces(store)).traces.map(({ traceId }) => traceId[0]),
    ['2', '1'],
  );
  await store.close();
});
