import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodeTraceRequest } from '@workshop/telemetry';
import { sampleSpans } from '../../test/sample-spans.ts';
import { type Lab, startLab } from '../index.ts';

let lab: Lab;
let dir: string;
const spans = sampleSpans({ requests: 40, endMs: Date.now() });

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-server-'));
  lab = await startLab({ dir, port: 0, otlpPort: 0 });
  const sent = await fetch(`${lab.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: encodeTraceRequest(spans, 'protobuf'),
  });
  assert.equal(sent.status, 200);
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into here
type Answer = { status: number; body: any };

async function get(path: string): Promise<Answer> {
  const answer = await fetch(lab.url + path);
  return { status: answer.status, body: await answer.json() };
}
async function post(path: string, body: unknown): Promise<Answer> {
  const answer = await fetch(lab.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

test('a query is answered in the shape of the Query Data API', async () => {
  const { status, body } = await post('/api/query', {
    breakdowns: ['user.id'],
    calculations: [{ op: 'P95', column: 'duration_ms' }],
    filters: [{ column: 'trace.parent_id', op: 'does-not-exist' }],
    limit: 1,
  });
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ['id', 'complete', 'query', 'data', 'links']);
  assert.equal(body.complete, true);
  assert.deepEqual(Object.keys(body.data.results[0].data), ['user.id', 'P95(duration_ms)']);
  assert.equal(body.data.results[0].data['user.id'], '1000');
  assert.ok(body.data.series.length >= 120);
  const short = await post('/api/query?disable_series&disable_total_by_aggregate=false', {});
  assert.deepEqual(short.body.data, {
    series: [],
    results: [{ data: { COUNT: 160 } }],
    total_by_aggregate: { COUNT: 160 },
  });
});

test('an unknown column is no error, and noted beside the answer', async () => {
  const { status, body } = await post('/api/query?disable_series', {
    calculations: [{ op: 'MAX', column: 'murmur.feed.folowing_count' }],
  });
  assert.equal(status, 200);
  assert.deepEqual(body.data, {
    series: [],
    results: [{ data: { 'MAX(murmur.feed.folowing_count)': null } }],
  });
  assert.deepEqual(body.notes, [
    'No span has the column murmur.feed.folowing_count. Did you mean murmur.feed.following_count?',
  ]);
});

test('a bad query is a 422 that names the field', async () => {
  const { status, body } = await post('/api/query', { limit: 0, filters: [{ column: 'x' }] });
  assert.equal(status, 422);
  assert.deepEqual(
    body.type_detail.map((item: { field: string }) => item.field),
    ['filters[0].op', 'limit'],
  );
});

test('traces, one trace, its critical path', async () => {
  const { body } = await get('/api/traces?limit=3');
  assert.equal(body.traces.length, 3);
  const id = body.traces[0].traceId;
  const trace = (await get(`/api/traces/${id}`)).body;
  assert.deepEqual([trace.spans.length, trace.resources.length, trace.scopes.length], [4, 1, 2]);
  assert.equal((await get(`/api/traces/${id}/critical-path`)).body.segments.at(-1).name, 'GET /feed');
  assert.equal((await get('/api/traces/ffff')).status, 404);
});

test('the list is searched and paged', async () => {
  const { body } = await get('/api/traces?q=user%3D1000%20-error.type&sort=slowest&limit=1');
  assert.deepEqual([body.traces[0].userId, body.traces.length], ['1000', 1]);
  const second = await get(`/api/traces?q=user%3D1000&sort=slowest&limit=1&cursor=${body.next}`);
  assert.notEqual(second.body.traces[0].traceId, body.traces[0].traceId);
  assert.equal(second.body.next, null);
});

test('columns, graph, comparison, health', async () => {
  const columns = (await get('/api/columns')).body;
  assert.deepEqual(
    columns.find((column: { key_name: string }) => column.key_name === 'http.response.status_code')?.type,
    'integer',
  );
  assert.ok(columns.some((column: { key_name: string }) => column.key_name === 'process.pid'));
  assert.deepEqual(
    (await get('/api/service-graph')).body.nodes.map((node: { name: string }) => node.name),
    ['murmur-api', 'postgresql'],
  );
  const compared = await post('/api/compare-selection', {
    query: {},
    selection: { filters: [{ column: 'trace.parent_id', op: 'does-not-exist' }] },
  });
  assert.equal(compared.body.selected, 40);
  const health = (await get('/api/health')).body;
  assert.equal(health.status, 'ok');
  assert.equal(health.received.spans, 160);
  assert.equal((await get('/nowhere')).status, 404);
});

test('a second lab on the same data says what is wrong and frees its ports', async () => {
  await assert.rejects(startLab({ dir, port: 0, otlpPort: 0 }), /already has the lab's data open/);
});

test('what is wrong in an address or a body is a 4xx that names it', async () => {
  const refused: [path: string, problem: string][] = [
    ['/api/traces?limit=abc', 'limit: "abc" is no whole number'],
    ['/api/traces?limit=0', 'limit: it is from 1 to 1000; this is 0'],
    ['/api/traces?limit=1.5', 'limit: "1.5" is no whole number'],
    ['/api/traces?before=x', 'before: "x" is no number'],
    [
      '/api/traces?limt=3',
      'limt: it is not known; known are q, service, error, trace, minDuration, maxDuration, after, before, sort, limit, cursor',
    ],
    [
      '/api/traces?q=error.type%3D',
      'q: error.type= has no value; -error.type finds traces without this attribute',
    ],
    ['/api/traces?minDuration=-1', 'minDuration: it is at least 0; this is -1'],
    ['/api/service-graph?start=', 'start: "" is no number'],
    ['/api/events/since?id=-1', 'id: it is at least 0; this is -1'],
  ];
  for (const [path, detail] of refused) {
    const { status, body } = await get(path);
    assert.deepEqual([status, body.detail], [422, detail], path);
    assert.equal(body.type_detail[0].field, detail.split(':')[0]);
  }
  assert.match((await get('/api/traces/zz')).body.detail, /^id: "zz" is not the trace id/);
  const selection = await post('/api/compare-selection', { selection: { startMs: '7' }, queri: {} });
  assert.deepEqual(
    selection.body.type_detail.map((item: { field: string }) => item.field),
    ['queri', 'selection.startMs'],
  );
  assert.equal((await post('/api/query', [])).body.detail, 'body: [] is no object');
});

test('a trace is exported as OTLP, imported again under another id, and compared with itself', async () => {
  const id = (await get('/api/traces?limit=1&q=-error.type')).body.traces[0].traceId as string;
  const file = await fetch(`${lab.url}/api/traces/${id}/export`);
  assert.equal(
    file.headers.get('content-disposition'),
    `attachment; filename="trace-${id.slice(0, 8)}.json"`,
  );
  const copied = (await file.text()).replaceAll(id, 'c'.repeat(32));
  const importing = (body: string) =>
    fetch(`${lab.url}/api/traces/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-murmur-lab': '1', origin: lab.url },
      body,
    });
  const answer = { traceIds: ['c'.repeat(32)], spans: 4, duplicates: 0, rejected: null };
  assert.deepEqual(await (await importing(copied)).json(), answer);
  assert.deepEqual(await (await importing(copied)).json(), { ...answer, spans: 0, duplicates: 4 });
  const spansOf = async (trace: string) => (await get(`/api/traces/${trace}`)).body.spans as object[];
  assert.deepEqual(
    await spansOf('cccc'),
    (await spansOf(id)).map((span) => ({ ...span, traceId: 'c'.repeat(32) })),
  );
  const { body } = await get(`/api/traces/${id}/compare/cccc`);
  assert.deepEqual([body.onlyA, body.onlyB, body.differences, body.pairs.length], [[], [], [], 4]);
  assert.ok(body.pairs.every((pair: { a: string; b: string }) => pair.a === pair.b));
  for (const [wrong, status] of [
    ['{', 400],
    ['{"resourceSpans": 7}', 400],
    [`"${'x'.repeat(17 * 1024 * 1024)}"`, 413],
  ] as const)
    assert.equal((await importing(wrong)).status, status);
  assert.match((await get(`/api/traces/${id}/compare/ffff`)).body.detail, /no trace ffff/);
});
