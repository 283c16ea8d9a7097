import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { keysFor, LATENCY, makeRoot, RECENT, run, startStandIn } from './fixtures.ts';

const ACCOUNT = { HONEYCOMB_TEAM: 'my-team', HONEYCOMB_ENVIRONMENT: 'test' };
const BASE = 'https://ui.honeycomb.io/my-team/environments/test';

function urls(out: string): URL[] {
  return out
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => new URL(line.trim()));
}

test('open links to each saved query, with no request and no key', async (t) => {
  const root = makeRoot(t, { 'latency-by-user.json': LATENCY, 'recent-traces.json': RECENT });
  const { code, out } = await run(root, ACCOUNT, 'open');
  assert.equal(code, 0);
  const [home, latency, recent] = urls(out);
  assert.equal(home!.href, BASE);
  assert.equal(latency!.origin + latency!.pathname, `${BASE}/datasets/__all__`);
  assert.deepEqual(JSON.parse(latency!.searchParams.get('query')!), LATENCY.query);
  assert.equal(recent!.origin + recent!.pathname, `${BASE}/datasets/murmur-api`);
});

test('open 3 shows what the exercise lists', async (t) => {
  const root = makeRoot(t);
  const dir = path.join(root, 'exercises', '03-custom-span');
  mkdirSync(dir, { recursive: true });
  const query = {
    calculations: [{ op: 'HEATMAP', column: 'duration_ms' }],
    filters: [{ column: 'name', op: '=', value: 'rank feed' }],
  };
  writeFileSync(
    path.join(dir, 'honeycomb.json'),
    JSON.stringify([{ title: 'Time in the ranking', dataset: 'murmur-api', query }]),
  );
  for (const wanted of ['3', '03', '03-custom-span']) {
    const { code, out } = await run(root, ACCOUNT, 'open', wanted);
    assert.equal(code, 0);
    assert.match(out, /^Time in the ranking\n/);
    assert.equal(urls(out)[0]!.pathname, '/my-team/environments/test/datasets/murmur-api');
    assert.deepEqual(JSON.parse(urls(out)[0]!.searchParams.get('query')!), query);
  }
});

test('a view without a dataset is about the whole environment', async (t) => {
  const root = makeRoot(t);
  const dir = path.join(root, 'exercises', '07-one-trace');
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'honeycomb.json'), JSON.stringify([{ title: 'All', query: {} }]));
  const { out } = await run(root, ACCOUNT, 'open', '7');
  assert.equal(urls(out)[0]!.href, `${BASE}/datasets/__all__?query=%7B%7D`);
});

test('an exercise that is not there, or shows nothing there, or whose list is broken, is named', async (t) => {
  const root = makeRoot(t);
  const dir = path.join(root, 'exercises', '03-custom-span');
  mkdirSync(dir, { recursive: true });
  assert.match((await run(root, ACCOUNT, 'open', '9')).err, /There is no exercise "9"/);
  assert.match(
    (await run(root, ACCOUNT, 'open', '3')).err,
    /03-custom-span has nothing to show in Honeycomb/,
  );
  writeFileSync(path.join(dir, 'honeycomb.json'), '[{"title":"x"}]');
  const { code, err } = await run(root, ACCOUNT, 'open', '3');
  assert.equal(code, 2);
  assert.match(err, /exercises\/03-custom-span\/honeycomb\.json: each entry needs "title" and "query"/);
});

test('the link to a trace, in the EU', async (t) => {
  const id = 'AB'.repeat(16);
  const env = { ...ACCOUNT, HONEYCOMB_API_ENDPOINT: 'https://api.eu1.honeycomb.io' };
  const { out } = await run(makeRoot(t), env, 'open', '--trace', id);
  assert.match(
    out,
    new RegExp(
      `https://ui\\.eu1\\.honeycomb\\.io/my-team/environments/test/trace\\?trace_id=${id.toLowerCase()}$`,
    ),
  );
  const wrong = await run(makeRoot(t), env, 'open', '--trace', 'xyz');
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /is not a trace id/);
});

test('without team and environment open says what to set; after check it knows them', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  const keys = keysFor(honeycomb);
  const before = await run(root, keys, 'open');
  assert.equal(before.code, 2);
  assert.match(before.err, /HONEYCOMB_TEAM=your-team\n {2}HONEYCOMB_ENVIRONMENT=your-environment/);
  await run(root, keys, 'check');
  const after = await run(root, keys, 'open');
  assert.equal(after.code, 0);
  assert.equal(urls(after.out)[0]!.pathname, '/the-team/environments/production');
  // What was seen at one endpoint says nothing about another.
  assert.equal((await run(root, {}, 'open')).code, 2);
});
