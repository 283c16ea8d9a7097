import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { type PageFiles, PageRoutes } from '../page.ts';

/** What a KeptPage says as its build goes on. */
const page: { -readonly [key in keyof PageFiles]: PageFiles[key] } = { directory: null, trouble: null };
let server: FastifyInstance;
let url: string;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-page-'));
  await writeFile(join(folder, 'index.html'), '<lab-root ngcspnonce="NONCE_OF_THIS_ANSWER"></lab-root>');
  const routes = new PageRoutes(page);
  server = Fastify();
  server.setNotFoundHandler((request, reply) =>
    routes.isFor(request) ? routes.answer(request, reply) : reply.code(404).send({}),
  );
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const view = async (): Promise<{ status: number; refresh: string | null; text: string }> => {
  const answer = await fetch(`${url}/traces`, { headers: { accept: 'text/html' } });
  return { status: answer.status, refresh: answer.headers.get('refresh'), text: await answer.text() };
};

test('a page that is being built says so and loads itself again, until it is there', async () => {
  Object.assign(page, { directory: null, trouble: null });
  const waiting = await view();
  assert.equal(waiting.status, 503);
  assert.equal(waiting.refresh, '1');
  assert.match(waiting.text, /<h1>The page is being built\.<\/h1>/);
  page.directory = folder;
  const built = await view();
  assert.equal(built.status, 200);
  assert.equal(built.refresh, null);
  assert.match(built.text, /ngcspnonce="[A-Za-z0-9+/]{22}=="/);
});

test('a page that cannot be built says why, as text, and does not load itself again', async () => {
  Object.assign(page, { directory: null, trouble: 'TS2304: Cannot find name <b>"x"</b> & more' });
  const broken = await view();
  assert.equal(broken.status, 503);
  assert.equal(broken.refresh, null);
  assert.match(broken.text, /Cannot find name &lt;b>"x"&lt;\/b> &amp; more/);
});

test('only what a browser opens is the page', async () => {
  Object.assign(page, { directory: folder, trouble: null });
  const ask = async (path: string, accept: string, method = 'GET'): Promise<number> =>
    (await fetch(url + path, { method, headers: { accept } })).status;
  assert.equal(await ask('/api/traces/x', 'text/html'), 404);
  assert.equal(await ask('/traces', 'application/json'), 404);
  assert.equal(await ask('/traces', 'text/html', 'POST'), 404);
  assert.equal(await ask('/index.html', '*/*'), 200);
  assert.equal(await ask('/..%2f..%2fpackage.json', '*/*'), 404);
});
