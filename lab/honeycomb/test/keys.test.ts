import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { readConfig } from '../config.ts';
import { Secret } from '../secret.ts';
import { CONFIG_KEY, INGEST_KEY, keysFor, LATENCY, makeRoot, run, startStandIn } from './fixtures.ts';

test('a secret shows itself in no form but reveal()', () => {
  const secret = new Secret(CONFIG_KEY);
  const error = new Error('x', { cause: { secret } });
  const forms = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret, { depth: 9, showHidden: true }),
    inspect({ deep: [{ secret }] }, { depth: 9 }),
    inspect(error, { depth: 9 }),
    JSON.stringify(structuredClone({ secret })),
    Object.values(secret).join(),
  ];
  for (const form of forms) assert.ok(!form.includes(CONFIG_KEY), form);
  assert.equal(secret.reveal(), CONFIG_KEY);
  assert.equal(secret.scrub(`key ${CONFIG_KEY}!`), 'key [redacted]!');
});

test('settings come from the environment, then honeycomb.env, then .env', (t) => {
  const root = makeRoot(t);
  writeFileSync(
    path.join(root, 'honeycomb.env'),
    '# mine\nHONEYCOMB_API_KEY="from-file"\nHONEYCOMB_TEAM=team-a\n',
  );
  writeFileSync(
    path.join(root, '.env'),
    'HONEYCOMB_TEAM=team-b\nHONEYCOMB_ENVIRONMENT=env-b\nHONEYCOMB_CONFIG_KEY=\n',
  );
  const config = readConfig(root, { HONEYCOMB_API_KEY: 'from-env' });
  assert.equal(config.ingestKey!.reveal(), 'from-env');
  assert.equal(readConfig(root, {}).ingestKey!.reveal(), 'from-file');
  assert.equal(config.configKey, undefined);
  assert.deepEqual([config.team, config.environment], ['team-a', 'env-b']);
  assert.equal(config.endpoint, 'https://api.honeycomb.io');
});

test('an endpoint that would carry a key in the clear, or that is none, is refused', (t) => {
  const root = makeRoot(t);
  const endpoint = (text: string) => readConfig(root, { HONEYCOMB_API_ENDPOINT: text }).endpoint;
  assert.equal(endpoint('https://api.eu1.honeycomb.io/'), 'https://api.eu1.honeycomb.io');
  assert.equal(endpoint('http://127.0.0.1:9000'), 'http://127.0.0.1:9000');
  assert.throws(() => endpoint('http://api.honeycomb.io'), /must begin with https/);
  assert.throws(() => endpoint('api.honeycomb.io'), /is not a URL/);
  assert.throws(() => endpoint('https://me:pw@api.honeycomb.io'), /user name/);
  assert.throws(() => endpoint('https://api.honeycomb.io/v1/traces'), /without \/v1\/traces/);
});

test('a key with a line break is refused without being shown', (t) => {
  assert.throws(
    () => readConfig(makeRoot(t), { HONEYCOMB_API_KEY: `${INGEST_KEY}\nx` }),
    (error: Error) =>
      /HONEYCOMB_API_KEY is not a key/.test(error.message) && !error.message.includes(INGEST_KEY),
  );
});

test('no command prints a key or writes one to disk, whatever Honeycomb answers', async (t) => {
  const honeycomb = await startStandIn(t);
  const keys = keysFor(honeycomb);
  const root = makeRoot(t, { 'latency-by-user.json': LATENCY });
  const leak = JSON.stringify({ error: `unknown key ${CONFIG_KEY} ${INGEST_KEY}` });
  const texts: string[] = [];
  for (const status of [200, 301, 401, 403, 404, 422, 429, 500, 'hang up'] as const) {
    for (const args of [['check'], ['push'], ['pull'], ['open'], ['forward', 'on'], ['forward', 'off']]) {
      if (status !== 200) honeycomb.fail({ times: 6, status, body: leak });
      const { out, err } = await run(root, keys, ...args);
      texts.push(out, err);
    }
  }
  // Keys in each other's place, one deleted, and one that is not a key.
  texts.push(
    (await run(root, { ...keys, HONEYCOMB_API_KEY: CONFIG_KEY, HONEYCOMB_CONFIG_KEY: INGEST_KEY }, 'check'))
      .out,
  );
  honeycomb.keys.clear();
  texts.push((await run(root, keys, 'check')).out, (await run(root, keys, 'push')).err);
  assert.ok(texts.join('').length > 1000, 'the commands said something');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => path.join(root, name));
  for (const file of files) if (statSync(file).isFile()) texts.push(readFileSync(file, 'utf8'));
  for (const text of texts) {
    assert.ok(!text.includes(CONFIG_KEY), text);
    assert.ok(!text.includes(INGEST_KEY), text);
  }
});
