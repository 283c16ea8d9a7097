import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Lab, startLab } from '../../server/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { ApiClient } from './client.ts';

let lab: Lab;
let dir: string;
let client: ApiClient;
before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-results-'));
  mkdirSync(path.join(dir, 'queries', 'calculated-fields'), { recursive: true });
  const slow = { alias: 'is_slow', expression: '$duration_ms > 500' };
  writeFileSync(path.join(dir, 'queries', 'calculated-fields', 'is-slow.json'), JSON.stringify(slow));
  lab = await startLab({
    dir: path.join(dir, 'lab'),
    port: 0,
    otlpPort: 0,
    queries: path.join(dir, 'queries'),
  });
  const spans = sampleSpans({ requests: 40, endMs: Date.now() });
  const other = sampleSpans({ requests: 10, endMs: Date.now(), seed: 7 });
  for (const span of other) span.resource = { 'service.name': 'Murmur Worker' };
  await lab.store.write([...spans, ...other]);
  client = new ApiClient(lab.url);
});
after(async () => {
  await lab.close();
  rmSync(dir, { recursive: true, force: true });
});

const COUNT = { calculations: [{ op: 'COUNT' }] };
const ROOTS = { ...COUNT, filters: [{ column: 'trace.parent_id', op: 'does-not-exist' }] };

test('a result has the shape of the Query Data API, with series, totals and the query', async () => {
  const query = { ...ROOTS, breakdowns: ['http.route'], time_range: 600, granularity: 60 };
  const result = await client.resultOf('__all__', query, { disable_total_by_aggregate: false });
  assert.deepEqual(result.data?.results, [{ data: { 'http.route': '/feed', COUNT: 50 } }]);
  assert.deepEqual(result.data?.total_by_aggregate, { data: { COUNT: 50 } });
  assert.ok((result.data?.series.length ?? 0) >= 10);
  const counted = result.data?.series.reduce((sum, { data }) => sum + Number(data.COUNT), 0);
  assert.equal(counted, 50);
  assert.equal(result.query.time_range, 600);
  assert.equal(typeof result.query.id, 'string');
});

test('in a dataset a query sees its service alone, whatever its filters are joined by', async () => {
  assert.deepEqual(await client.rowsOf('__all__', ROOTS), [{ COUNT: 50 }]);
  assert.deepEqual(await client.rowsOf('murmur-api', ROOTS), [{ COUNT: 40 }]);
  // The dataset of a service is called as its slug.
  assert.deepEqual(await client.rowsOf('murmur-worker', ROOTS), [{ COUNT: 10 }]);
  const either = {
    ...COUNT,
    filter_combination: 'OR',
    filters: [
      { column: 'trace.parent_id', op: 'does-not-exist' },
      { column: 'db.system.name', op: 'exists' },
    ],
  };
  assert.deepEqual(await client.rowsOf('murmur-worker', either), [{ COUNT: 40 }]);
});

test('calculated fields of the API and those in files can be asked', async () => {
  const field = { alias: 'is_error', expression: '$http.response.status_code >= 500' };
  const made = await client.ask('POST', '/1/derived_columns/__all__', field);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const twice = await client.ask('POST', '/1/derived_columns/__all__', field);
  assert.equal(twice.status, 409);
  const wrong = await client.ask('POST', '/1/derived_columns/__all__', { alias: 'x', expression: 'IF(' });
  assert.equal(wrong.status, 400);
  const query = {
    ...ROOTS,
    breakdowns: ['is_slow', 'is_error'],
    orders: [{ op: 'COUNT', order: 'descending' }],
  };
  // Every twentieth request is of the user who follows 160: the 1st and 21st of 40, the 1st of 10. The 50th fails.
  assert.deepEqual(await client.rowsOf('__all__', query), [
    { is_slow: false, is_error: false, COUNT: 47 },
    { is_slow: true, is_error: false, COUNT: 3 },
  ]);
  const changed = await client.ask('PUT', `/1/derived_columns/__all__/${made.body.id}`, {
    ...field,
    expression: 'true',
  });
  assert.equal(changed.body.expression, 'true');
  assert.equal((await client.ask('GET', '/1/derived_columns/__all__?alias=is_error')).body.id, made.body.id);
  assert.equal((await client.ask('DELETE', `/1/derived_columns/__all__/${made.body.id}`)).status, 204);
  assert.equal((await client.ask('GET', '/1/derived_columns/__all__?alias=is_error')).status, 404);
});

test('a query that fails is a complete result with an error, and one that nobody made is not found', async () => {
  const pattern = {
    ...COUNT,
    breakdowns: ['x'],
    calculated_fields: [{ name: 'x', expression: 'REG_MATCH($name, `(?=a)`)' }],
  };
  const failed = await client.resultOf('__all__', pattern);
  assert.equal(failed.data, undefined);
  assert.match(failed.error ?? '', /x/);
  assert.equal((await client.ask('POST', '/1/query_results/__all__', { query_id: 'no-such' })).status, 404);
  assert.equal((await client.ask('GET', '/1/query_results/__all__/no-such')).status, 404);
  assert.equal((await client.ask('POST', '/1/query_results/__all__', {})).status, 422);
});

test('columns are those of the spans; what the API says of one is kept beside it', async () => {
  const { body } = await client.ask('GET', '/1/columns/__all__?key_name=murmur.feed.following_count');
  assert.equal(body.type, 'integer');
  const changed = await client.ask('PUT', `/1/columns/murmur-api/${body.id}`, {
    description: 'How many',
    hidden: true,
  });
  assert.equal(changed.body.description, 'How many');
  const again = await client.ask('GET', `/1/columns/murmur-api/${body.id}`);
  assert.deepEqual([again.body.hidden, again.body.type], [true, 'integer']);
  assert.equal((await client.ask('DELETE', `/1/columns/murmur-api/${body.id}`)).status, 409);
  assert.equal((await client.ask('POST', '/1/columns/murmur-api', { key_name: 'user.id' })).status, 409);
  const made = await client.ask('POST', '/1/columns/murmur-api', { key_name: 'later', type: 'float' });
  assert.deepEqual([made.status, made.body.type], [201, 'float']);
  assert.equal((await client.ask('DELETE', `/1/columns/murmur-api/${made.body.id}`)).status, 204);
});
