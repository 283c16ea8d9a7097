import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Type } from '@sinclair/typebox';
import { type Lab, startLab } from '../index.ts';
import { isOwnHost, isOwnOrigin } from '../own-addresses.ts';

/** Who may read and write, with requests as browsers send them. fetch would not let us name Host and Origin. */

let lab: Lab;
let dir: string;
let port: number;
let written = 0;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-guard-'));
  lab = await startLab({
    dir,
    port: 0,
    otlpPort: 0,
    mount: (app) => {
      const schema = { body: Type.Object({ exercise: Type.String() }) };
      app.post('/api/grade', { schema }, async ({ body }) => ({ exercise: body.exercise, times: ++written }));
      app.delete('/api/grade', async () => ({ times: ++written }));
    },
  });
  port = Number(new URL(lab.url).port);
});
beforeEach(() => {
  written = 0;
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

type Headers = Record<string, string>;

function ask(method: string, path: string, given: Headers, body = '', to = port): Promise<number> {
  const headers = { ...given, 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: to, method, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
  });
}

const read = (headers: Headers): Promise<number> => ask('GET', '/api/traces', headers);
const readByPost = (headers: Headers): Promise<number> => ask('POST', '/api/query', headers, '{}');
const write = (headers: Headers): Promise<number> => ask('POST', '/api/grade', headers, '{"exercise":"03"}');

/** What the lab's own page sends. */
const own = (): Headers => ({
  origin: `http://localhost:${port}`,
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
  'content-type': 'application/json',
  'x-murmur-lab': '1',
});

test('the own page and programs of this machine read and write', async () => {
  assert.equal(await read({}), 200);
  assert.equal(await read(own()), 200);
  assert.equal(await readByPost({ 'content-type': 'application/json' }), 200);
  assert.equal(await write(own()), 200);
  assert.equal(await ask('DELETE', '/api/grade', own(), '{}'), 200);
  const { 'sec-fetch-site': _, ...withoutSite } = own();
  assert.equal(await write(withoutSite), 200);
  const { origin: __, ...withoutOrigin } = own();
  assert.equal(await write(withoutOrigin), 200);
  assert.equal(written, 4);
});

test('a foreign Host neither reads nor writes', async () => {
  const host = `evil.example:${port}`;
  assert.equal(await read({ host }), 403);
  assert.equal(await ask('GET', '/', { host, accept: 'text/html' }), 403);
  assert.equal(await ask('GET', '/api/events', { host }), 403);
  assert.equal(await readByPost({ ...own(), host }), 403);
  assert.equal(await write({ ...own(), host }), 403);
  assert.equal(written, 0);
});

test('spans are taken from this machine and its containers, and under no name of a stranger', async () => {
  const otlpPort = Number(new URL(lab.otlpUrl).port);
  const body = '{"resourceSpans":[]}';
  const send = (host: string): Promise<number> =>
    ask('POST', '/v1/traces', { host, 'content-type': 'application/json' }, body, otlpPort);
  for (const host of ['localhost', '127.0.0.1', '[::1]', '172.17.0.1', 'host.docker.internal'])
    assert.equal(await send(`${host}:${otlpPort}`), 200, host);
  for (const host of ['evil.example', 'localhost.evil.example', '172.17.0.1.evil.example'])
    assert.equal(await send(`${host}:${otlpPort}`), 403, host);
});

test('a foreign Origin neither reads nor writes', async () => {
  for (const origin of [
    'https://evil.example',
    `http://evil.example:${port}`,
    `http://localhost.evil.example:${port}`,
    'http://localhost:4200',
    'http://localhost',
    'null',
    '',
  ]) {
    assert.equal(await read({ origin }), 403, origin);
    assert.equal(await readByPost({ ...own(), origin }), 403, origin);
    assert.equal(await write({ ...own(), origin }), 403, origin);
  }
  assert.equal(written, 0);
});

test('what a browser says is of another site neither reads nor writes; a link may lead here', async () => {
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'sec-fetch-site': site };
    assert.equal(await read({ ...headers, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }), 403);
    assert.equal(await read({ ...headers, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }), 403);
    assert.equal(await read({ ...headers, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }), 200);
    assert.equal(await write({ ...own(), ...headers }), 403);
    assert.equal(
      await write({ ...own(), ...headers, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }),
      403,
    );
  }
  assert.equal(written, 0);
});

test('writing takes JSON, the header of the lab, and a word from where', async () => {
  const without = (name: string): Headers =>
    Object.fromEntries(Object.entries(own()).filter(([key]) => key !== name));
  assert.equal(await write(without('x-murmur-lab')), 403);
  assert.equal(await write(without('content-type')), 415);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/plain; application/json'])
    assert.equal(await write({ ...own(), 'content-type': type }), 415, type);
  assert.equal(await write({ 'content-type': 'application/json', 'x-murmur-lab': '1' }), 403);
  assert.equal(await readByPost({ 'content-type': 'text/plain' }), 415);
  assert.equal(await ask('DELETE', '/api/grade', {}), 415);
  assert.equal(written, 0);
});

test('no page is told that it may ask', async () => {
  const answer = await fetch(`${lab.url}/api/grade`, {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-murmur-lab' },
  });
  assert.ok(answer.status >= 400);
  for (const url of ['/api/grade', '/api/traces', '/api/nothing'].map((path) => lab.url + path)) {
    const { headers } = await fetch(url);
    assert.equal(headers.get('access-control-allow-origin'), null);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
  }
});

test("a codespace's own name is the lab's, and no other's", () => {
  const space = { CODESPACE_NAME: 'Happy-Fox', GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev' };
  assert.ok(isOwnHost('happy-fox-4000.app.github.dev', 4000, space));
  assert.ok(!isOwnHost('sad-fox-4000.app.github.dev', 4000, space));
  assert.ok(!isOwnHost('happy-fox-4200.app.github.dev', 4000, space));
  assert.ok(!isOwnHost('happy-fox-4000.app.github.dev', 4000, {}));
  assert.ok(isOwnOrigin('https://happy-fox-4000.app.github.dev', 4000, space));
  assert.ok(!isOwnOrigin('https://happy-fox-4200.app.github.dev', 4000, space));
  assert.ok(!isOwnOrigin('http://happy-fox-4000.app.github.dev', 4000, space));
  assert.ok(isOwnOrigin('http://localhost', 4000, space), 'as Codespaces writes it');
  assert.ok(isOwnOrigin('http://localhost:4000', 4000, space));
  assert.ok(!isOwnOrigin('http://localhost:4200', 4000, space));
  assert.ok(!isOwnOrigin('http://localhost', 4000, {}));
});
