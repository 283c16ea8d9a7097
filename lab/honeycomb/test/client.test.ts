import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createApi } from '../api.ts';
import { createClient, type HoneycombError } from '../client.ts';
import { readProblem } from '../problem.ts';
import { backoffMs, retryAfterMs } from '../retry-after.ts';
import { Secret } from '../secret.ts';
import { CONFIG_KEY, startStandIn } from './fixtures.ts';

async function clientFor(t: TestContext) {
  const honeycomb = await startStandIn(t);
  const waits: number[] = [];
  const client = createClient({
    endpoint: honeycomb.url,
    key: new Secret(CONFIG_KEY),
    sleep: async (ms) => waits.push(ms),
  });
  return { honeycomb, waits, api: createApi(client) };
}

test('a 429 is tried again after the time that RateLimit gives', async (t) => {
  const { honeycomb, waits, api } = await clientFor(t);
  honeycomb.fail({ times: 2, status: 429, headers: { RateLimit: 'limit=100, remaining=0, reset=7' } });
  assert.equal((await api.auth()).team.slug, 'the-team');
  assert.deepEqual(waits, [7000, 7000]);
});

test('a 429 is tried again for a creation, too: it says that nothing was done', async (t) => {
  const { honeycomb, waits, api } = await clientFor(t);
  honeycomb.fail({ times: 1, status: 429, headers: { RateLimit: 'limit=1, remaining=0, reset=2' } });
  await api.createBoard({ name: 'x', type: 'flexible' });
  assert.deepEqual(waits, [2000]);
  assert.equal(honeycomb.environment().boards.size, 1);
});

test('a 5xx is tried again with growing waits, and given up after five tries', async (t) => {
  const { honeycomb, waits, api } = await clientFor(t);
  // Without RateLimit: the stand-in's own would ask for a minute.
  honeycomb.fail({ times: 5, status: 503, headers: { RateLimit: '' } });
  await assert.rejects(api.auth(), /503, "injected 503"/);
  assert.equal(waits.length, 4);
  assert.ok(
    waits.every((ms, i) => ms <= 500 * 2 ** i && ms >= 375 * 2 ** i),
    `${waits}`,
  );
});

test('a creation is not repeated after a 5xx', async (t) => {
  const { honeycomb, api } = await clientFor(t);
  honeycomb.fail({ times: 1, status: 500, afterwards: true });
  await assert.rejects(api.createBoard({ name: 'x', type: 'flexible' }), (e: HoneycombError) => e.uncertain);
  assert.equal(honeycomb.environment().boards.size, 1);
});

test('a wait that is too long is told, not waited', async (t) => {
  const { honeycomb, waits, api } = await clientFor(t);
  honeycomb.fail({ times: 1, status: 429, headers: { RateLimit: 'limit=1, remaining=0, reset=900' } });
  await assert.rejects(api.auth(), /asks to wait 900 seconds/);
  assert.deepEqual(waits, []);
});

test('a 4xx is not tried again', async (t) => {
  const { honeycomb, api } = await clientFor(t);
  await assert.rejects(api.updateBoard('nope', { name: 'x', type: 'flexible' }), /404, "board not found"/);
  assert.equal(honeycomb.requests.length, 1);
});

test('a 409 of a name that is taken is readable', async (t) => {
  const { honeycomb, api } = await clientFor(t);
  const body = JSON.stringify({
    status: 409,
    type: 'https://api.honeycomb.io/problems/conflict',
    title: 'Request could not be completed due to a conflict.',
    error: 'A resource by that name already exists.',
  });
  honeycomb.fail({ times: 1, status: 409, body });
  await assert.rejects(
    api.createBoard({ name: 'x', type: 'flexible' }),
    /409, "A resource by that name already exists\."/,
  );
  assert.equal(honeycomb.requests.length, 1);
});

test('a key that comes back in an answer or in a trouble is taken out of the message', async (t) => {
  const { honeycomb, api } = await clientFor(t);
  honeycomb.fail({ times: 1, status: 404, body: JSON.stringify({ error: `no ${CONFIG_KEY} here` }) });
  await assert.rejects(api.auth(), { message: 'GET /1/auth: Honeycomb says 404, "no [redacted] here"' });
  const broken = async () => {
    throw new TypeError('fetch failed', { cause: new Error(`bad header ${CONFIG_KEY}`) });
  };
  const client = createClient({
    endpoint: honeycomb.url,
    key: new Secret(CONFIG_KEY),
    fetch: broken,
    tries: 1,
  });
  await assert.rejects(client.send('GET', '/1/auth'), /No connection \(bad header \[redacted\]\)/);
});

test('a redirect is not followed: the key would go to another host', async (t) => {
  const { honeycomb, api } = await clientFor(t);
  const visits: string[] = [];
  const elsewhere = createServer((request, response) => {
    visits.push(String(request.headers['x-honeycomb-team']));
    response.end('{}');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  t.after(() => elsewhere.close());
  const Location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  honeycomb.fail({ times: 1, status: 302, headers: { Location } });
  await assert.rejects(api.auth(), /redirect \(302\)/);
  assert.deepEqual(visits, []);
});

test('no answer in time, no server, and a page instead of JSON are told apart', async (t) => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => silent.close().closeAllConnections());
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const key = new Secret(CONFIG_KEY);
  const slow = createClient({ endpoint, key, timeoutMs: 50, tries: 1 });
  await assert.rejects(slow.send('GET', '/1/auth'), /^HoneycombError: No answer within 0\.05 s at 127/);
  const { honeycomb, api } = await clientFor(t);
  honeycomb.fail({ times: 1, status: 200, body: '<html>Sign in</html>' });
  await assert.rejects(api.auth(), /the answer is not JSON/);
  await honeycomb.goOffline();
  await assert.rejects(api.auth(), /No connection \(ECONNREFUSED\)/);
});

test('the three forms of an error become one', () => {
  assert.deepEqual(readProblem('{"error":"unknown API key"}'), { title: 'unknown API key', details: [] });
  const problem = {
    title: 'T',
    error: 'E',
    detail: 'D',
    type_detail: [{ field: 'limit', code: 'invalid', description: 'too high' }],
  };
  assert.deepEqual(readProblem(JSON.stringify(problem)), { title: 'E', details: ['D', 'limit: too high'] });
  const jsonApi = { errors: [{ code: 'rate-limited/may-retry', title: 'limit exceeded', detail: 'later' }] };
  assert.deepEqual(readProblem(JSON.stringify(jsonApi)), { title: 'limit exceeded', details: ['later'] });
  assert.deepEqual(readProblem('<h1>Bad gateway</h1>'), { title: 'Bad gateway', details: [] });
  assert.deepEqual(readProblem('null'), { title: 'null', details: [] });
});

test('the wait is read from RateLimit, else from Retry-After as a date or in seconds', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');
  const wait = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now);
  assert.equal(wait({ RateLimit: 'limit=100, remaining=0, reset=60', 'Retry-After': '3' }), 60_000);
  assert.equal(wait({ 'Retry-After': '3' }), 3000);
  assert.equal(wait({ 'Retry-After': 'Sun, 22 Nov 2026 10:00:05 GMT' }), 5000);
  assert.equal(wait({ 'Retry-After': 'Sun, 22 Nov 2026 09:00:00 GMT' }), 0);
  assert.equal(wait({ 'Retry-After': 'soon' }), null);
  assert.equal(wait({}), null);
  assert.equal(
    backoffMs(40, 1000, 60_000, () => 0),
    60_000,
  );
});
