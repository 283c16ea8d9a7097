import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Lab, startLab } from '../../server/index.ts';

/** Who may use Honeycomb's API on the lab, with requests as clients and browsers send them. */

let lab: Lab;
let dir: string;
let port: number;
before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-guard-'));
  lab = await startLab({ dir, port: 0, otlpPort: 0 });
  port = Number(new URL(lab.url).port);
});
after(async () => {
  await lab.close();
  rmSync(dir, { recursive: true, force: true });
});

type Headers = Record<string, string>;
interface Answer {
  status: number;
  type: string;
  headers: http.IncomingHttpHeaders;
  body: Record<string, unknown>;
}

function ask(method: string, to: string, headers: Headers, body = ''): Promise<Answer> {
  const options = { host: '127.0.0.1', port, method, path: to, headers };
  return new Promise((resolve, reject) => {
    const request = http.request(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const type = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
        const read = type.includes('json') ? JSON.parse(text) : {};
        resolve({ status: answer.statusCode ?? 0, type, headers: answer.headers, body: read });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const KEY = { 'x-honeycomb-team': 'any' };
const QUERY = '{"calculations":[{"op":"COUNT"}]}';
const create = (headers: Headers): Promise<Answer> => ask('POST', '/1/queries/__all__', headers, QUERY);

test('a client needs a key and nothing else', async () => {
  assert.equal((await ask('GET', '/1/auth', KEY)).status, 200);
  assert.equal((await create({ ...KEY, 'content-type': 'application/json' })).status, 200);
  // As curl -d sends it.
  assert.equal((await create({ ...KEY, 'content-type': 'application/x-www-form-urlencoded' })).status, 200);
});

test('without a key the answer is that of Honeycomb', async () => {
  for (const answer of [
    await ask('GET', '/1/auth', {}),
    await create({ 'content-type': 'application/json' }),
  ]) {
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.body, { error: 'unknown API key - check your credentials' });
  }
});

test('a page of another origin is refused, with a key or without', async () => {
  const foreign = {
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'cors',
  };
  assert.equal((await create({ ...KEY, ...foreign })).status, 403);
  assert.equal((await create(foreign)).status, 403);
  // An older browser tells the origin alone; another port of this machine is another origin, too.
  assert.equal((await create({ ...KEY, origin: 'https://evil.example' })).status, 403);
  assert.equal((await create({ ...KEY, origin: 'http://localhost:4200' })).status, 403);
  // A picture or a script tag cannot bear a key.
  assert.equal((await ask('GET', '/1/boards', { 'sec-fetch-site': 'cross-site' })).status, 403);
});

test('the question before it, which a browser asks, is never answered with a yes', async () => {
  const preflight = await ask('OPTIONS', '/1/queries/__all__', {
    origin: 'https://evil.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-honeycomb-team',
  });
  assert.equal(preflight.status, 403);
  assert.equal(preflight.headers['access-control-allow-origin'], undefined);
});

test('under a foreign host nothing is answered', async () => {
  assert.equal((await create({ ...KEY, host: 'evil.example' })).status, 403);
});

test("the lab's own routes need their own header still", async () => {
  const answer = await ask(
    'POST',
    '/api/traces/import',
    { ...KEY, 'content-type': 'application/json' },
    '{}',
  );
  assert.equal(answer.status, 403);
});

test('what is wrong is said in the shapes of Honeycomb', async () => {
  const unknown = await ask('GET', '/1/queries/__all__/no-such', KEY);
  assert.equal(unknown.type, 'application/problem+json');
  assert.equal(unknown.body.type, 'https://api.honeycomb.io/problems/not-found');
  assert.equal(unknown.body.error, 'Query not found');
  assert.equal((await ask('POST', '/1/queries/no-such', KEY, QUERY)).body.error, 'Dataset not found');
  assert.equal((await ask('GET', '/1/no-such', KEY)).status, 404);

  const wrong = await ask('POST', '/1/queries/__all__', KEY, '{"orders":[{"op":"P99","column":"x"}]}');
  assert.equal(wrong.status, 422);
  assert.equal(wrong.type, 'application/problem+json');
  const [first] = wrong.body.type_detail as { field: string; code: string }[];
  assert.equal(first?.field, 'orders[0]');
  assert.equal(first?.code, 'invalid');

  const board = { name: 'x', type: 'flexible', panels: [{ type: 'text', text_panel: {} }] };
  const panel = await ask('POST', '/1/boards', KEY, JSON.stringify(board));
  assert.equal(panel.status, 422);
  const fields = (panel.body.type_detail as { field: string }[]).map(({ field }) => field);
  assert.deepEqual(fields, ['panels[0].text_panel.content']);

  const broken = await ask('POST', '/1/queries/__all__', KEY, '{');
  assert.equal(broken.status, 400);
  assert.equal(broken.body.type, 'https://api.honeycomb.io/problems/unparseable');
  assert.equal((await ask('POST', '/1/boards', KEY, '')).status, 400);
});
