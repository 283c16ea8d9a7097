import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { SavedQuery } from '../../query/index.ts';
import { CONFIG_KEY, keysFor, LATENCY, makeRoot, RECENT, run, startStandIn } from './fixtures.ts';
import type { StandIn } from './stand-in/server.ts';

function saveThere(honeycomb: StandIn, dataset: string, { name, description, query }: SavedQuery): string {
  const store = honeycomb.environment();
  if (dataset !== '__all__') store.datasets.add(dataset);
  const { id } = store.createQuery(dataset, query);
  return store.createAnnotation(dataset, { name, description, query_id: id! }).id;
}

const readQuery = (root: string, file: string): SavedQuery =>
  JSON.parse(readFileSync(path.join(root, 'queries', file), 'utf8'));

test('pull writes each saved query under its name; a second pull changes nothing', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  saveThere(honeycomb, '__all__', LATENCY);
  const { code, out } = await run(root, keysFor(honeycomb), 'pull');
  assert.equal(code, 0);
  assert.match(out, /^new\s+queries\/latency-by-user\.json {2}"Latency by user"$/m);
  assert.deepEqual(readQuery(root, 'latency-by-user.json'), LATENCY);
  const again = await run(root, keysFor(honeycomb), 'pull');
  assert.match(again.out, /^unchanged\s+queries\/latency-by-user\.json/m);
  assert.deepEqual(readdirSync(path.join(root, 'queries')), ['latency-by-user.json']);
});

test('what was pushed comes back unchanged, and what was pulled is not pushed again', async (t) => {
  const honeycomb = await startStandIn(t);
  honeycomb.environment().datasets.add('murmur-api');
  const root = makeRoot(t, { 'latency-by-user.json': LATENCY, 'recent-traces.json': RECENT });
  await run(root, keysFor(honeycomb), 'push');
  const { out } = await run(root, keysFor(honeycomb), 'pull');
  assert.equal(out.match(/^unchanged/gm)?.length, 2);
  const other = makeRoot(t);
  await run(other, keysFor(honeycomb), 'pull');
  const before = honeycomb.requests.length;
  await run(other, keysFor(honeycomb), 'push');
  assert.deepEqual(honeycomb.writes(before), []);
});

test('a local file that is different is kept beside, under a number that is free', async (t) => {
  const honeycomb = await startStandIn(t);
  const mine = { ...LATENCY, query: { ...LATENCY.query, limit: 3 } };
  const root = makeRoot(t, { 'latency-by-user.json': mine });
  saveThere(honeycomb, '__all__', LATENCY);
  const { out } = await run(root, keysFor(honeycomb), 'pull');
  assert.match(out, /changed\s+queries\/latency-by-user\.json/);
  assert.match(out, /Your file was different\. It is now queries\/kept\/latency-by-user-1\.json/);
  assert.deepEqual(readQuery(root, 'latency-by-user.json'), LATENCY);
  assert.deepEqual(readQuery(root, 'kept/latency-by-user-1.json'), mine);

  writeFileSync(
    path.join(root, 'queries', 'latency-by-user.json'),
    JSON.stringify({ ...mine, description: 'second' }),
  );
  await run(root, keysFor(honeycomb), 'pull');
  assert.deepEqual(readQuery(root, 'kept/latency-by-user-1.json'), mine);
  assert.equal(readQuery(root, 'kept/latency-by-user-2.json').description, 'second');
});

test('a query saved in one dataset gets the filter on its service', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  saveThere(honeycomb, 'murmur-worker', LATENCY);
  const { out } = await run(root, keysFor(honeycomb), 'pull');
  assert.match(out, /Added the filter service\.name = murmur-worker/);
  assert.deepEqual(readQuery(root, 'latency-by-user.json').query.filters, [
    { column: 'service.name', op: '=', value: 'murmur-worker' },
    ...LATENCY.query.filters!,
  ]);
  const before = honeycomb.requests.length;
  await run(root, keysFor(honeycomb), 'push');
  assert.deepEqual(
    honeycomb.writes(before).map((r) => `${r.method} ${r.path}`),
    ['POST /1/boards'],
  );
});

test('pull finds the datasets of Murmur with a key that may not list datasets', async (t) => {
  const honeycomb = await startStandIn(t);
  honeycomb.keys.set(CONFIG_KEY, { type: 'configuration', access: { columns: true, boards: true } });
  const root = makeRoot(t);
  saveThere(honeycomb, 'murmur-api', RECENT);
  await run(root, keysFor(honeycomb), 'pull');
  assert.deepEqual(readdirSync(path.join(root, 'queries')), ['recent-traces.json']);
});

test('two different queries of one name become two files, in the same way each time', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  saveThere(honeycomb, '__all__', LATENCY);
  saveThere(honeycomb, '__all__', { ...LATENCY, query: { ...LATENCY.query, limit: 7 } });
  saveThere(honeycomb, '__all__', LATENCY);
  await run(root, keysFor(honeycomb), 'pull');
  assert.deepEqual(readdirSync(path.join(root, 'queries')).sort(), [
    'latency-by-user-2.json',
    'latency-by-user.json',
  ]);
  const { out } = await run(root, keysFor(honeycomb), 'pull');
  assert.equal(out.match(/^unchanged/gm)?.length, 2);
});

test('queries of one name stay in the files that hold them already', async (t) => {
  const honeycomb = await startStandIn(t);
  const other = { ...LATENCY, query: { ...LATENCY.query, limit: 7 } };
  for (const saved of [LATENCY, other]) saveThere(honeycomb, '__all__', saved);
  for (const [first, second] of [
    [LATENCY, other],
    [other, LATENCY],
  ] as const) {
    const root = makeRoot(t, { 'latency-by-user.json': first, 'mine.json': second });
    const { out } = await run(root, keysFor(honeycomb), 'pull');
    assert.equal(out.match(/^unchanged/gm)?.length, 2, out);
  }
});

test('a replaced annotation is not pulled, and a name can be asked for', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  saveThere(honeycomb, '__all__', { ...LATENCY, name: 'Latency by user (replaced)' });
  saveThere(honeycomb, '__all__', { ...RECENT, name: 'Something else' });
  saveThere(honeycomb, '__all__', RECENT);
  await run(root, keysFor(honeycomb), 'pull', 'recent traces');
  assert.deepEqual(readdirSync(path.join(root, 'queries')), ['recent-traces.json']);
  await run(root, keysFor(honeycomb), 'pull');
  assert.deepEqual(readdirSync(path.join(root, 'queries')).sort(), [
    'recent-traces.json',
    'something-else.json',
  ]);
});

test('nothing saved: pull says how to save a query', async (t) => {
  const honeycomb = await startStandIn(t);
  const { code, out } = await run(makeRoot(t), keysFor(honeycomb), 'pull');
  assert.equal(code, 0);
  assert.match(out, /No saved query was found/);
});
