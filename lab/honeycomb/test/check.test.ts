import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../check.ts';
import { readConfig } from '../config.ts';
import { CONFIG_KEY, INGEST_KEY, keysFor, makeRoot, run, startStandIn } from './fixtures.ts';

test('check tells team, environment and permissions of both keys', async (t) => {
  const honeycomb = await startStandIn(t);
  const { code, out } = await run(makeRoot(t), keysFor(honeycomb), 'check');
  assert.equal(code, 0);
  assert.match(
    out,
    /ok {4}HONEYCOMB_API_KEY\n {6}Ingest key of team "The Team"\n {6}Environment "The production"/,
  );
  assert.match(out, /May: Send Events, Create Datasets\n/);
  assert.match(out, /ok {4}HONEYCOMB_CONFIG_KEY\n {6}Configuration key of team "The Team"/);
  assert.match(
    out,
    /May: Send Events, Create Datasets, Manage Queries and Columns, Manage Public Boards, Manage SLOs\n/,
  );
  assert.deepEqual(honeycomb.writes(), []);
});

test('a key in the place of the other kind is named', async (t) => {
  const honeycomb = await startStandIn(t);
  const keys = { ...keysFor(honeycomb), HONEYCOMB_CONFIG_KEY: INGEST_KEY };
  const { code, out } = await run(makeRoot(t), keys, 'check');
  assert.equal(code, 1);
  assert.match(out, /FAIL {2}HONEYCOMB_CONFIG_KEY\n(.*\n)*? +An ingest key can only send\./);
});

test('what a key lacks is said in the words of Honeycomb’s page', async (t) => {
  const honeycomb = await startStandIn(t);
  honeycomb.keys.set(CONFIG_KEY, { type: 'configuration', access: { columns: true } });
  honeycomb.keys.set(INGEST_KEY, { type: 'ingest', access: {} });
  const { code, out } = await run(makeRoot(t), keysFor(honeycomb), 'check');
  assert.equal(code, 1);
  assert.match(out, /It lacks "Manage Public Boards": push needs it\./);
  assert.match(out, /It may not create datasets/);
});

test('a Classic key, a management key, an unknown key and two environments are told apart', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  const keys = keysFor(honeycomb);
  honeycomb.keys.set('classic', { type: 'configuration', environment: '' });
  assert.match(
    (await run(root, { ...keys, HONEYCOMB_CONFIG_KEY: 'classic' }, 'check')).out,
    /Honeycomb Classic/,
  );
  assert.match(
    (await run(root, { ...keys, HONEYCOMB_CONFIG_KEY: 'hcxmk_1:2' }, 'check')).out,
    /management key/,
  );
  assert.match(
    (await run(root, { ...keys, HONEYCOMB_CONFIG_KEY: 'nope' }, 'check')).out,
    /does not know this key/,
  );
  honeycomb.keys.set('other', { type: 'configuration', environment: 'test' });
  const two = await run(root, { ...keys, HONEYCOMB_CONFIG_KEY: 'other' }, 'check');
  assert.match(
    two.out,
    /different environments:\nspans go to "the-team\/production", queries to "the-team\/test"/,
  );
});

test('a key of the other region is found there', async (t) => {
  const asked: string[] = [];
  const fake: typeof fetch = async (input) => {
    const url = new URL(String(input));
    asked.push(url.host);
    if (url.host === 'api.honeycomb.io') return Response.json({ error: 'unknown API key' }, { status: 401 });
    return Response.json({
      id: 'x',
      type: 'ingest',
      api_key_access: {},
      environment: { name: 'e', slug: 'e' },
      team: { name: 't', slug: 't' },
    });
  };
  const report = await check(readConfig(makeRoot(t), { HONEYCOMB_API_KEY: INGEST_KEY }), fake);
  assert.deepEqual(asked, ['api.honeycomb.io', 'api.eu1.honeycomb.io']);
  assert.equal(report.ok, false);
  assert.match(
    report.keys[0]!.lines.join('\n'),
    /EU region.*\n.*HONEYCOMB_API_ENDPOINT=https:\/\/api\.eu1\.honeycomb\.io/,
  );
});

test('without any key: exit code 2 and what to do', async (t) => {
  const { code, err } = await run(makeRoot(t), {}, 'check');
  assert.equal(code, 2);
  assert.match(err, /HONEYCOMB_API_KEY is missing/);
});
