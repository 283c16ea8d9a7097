import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { freePort } from '@workshop/base';
import { type PageServer, startDevelopmentPageServer } from '../development-page-server.ts';

describe("the page's server", () => {
  let dist: string;
  let page: PageServer;
  let api: http.Server;
  let seen: {
    url: string | undefined;
    method: string | undefined;
    headers: http.IncomingHttpHeaders;
    body: string;
  };

  beforeEach(async () => {
    dist = mkdtempSync(path.join(tmpdir(), 'page-'));
    api = http.createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen = { url: request.url, method: request.method, headers: request.headers, body };
      response.writeHead(201, { 'x-from': 'api' }).end('from the API');
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    page = await startDevelopmentPageServer({
      dist,
      port: 0,
      config: ({ 'user-agent': visitor = 'nobody' }) => ({ apiUrl: '/api', visitor }),
      hosts: ['murmur.example', '127.0.0.1'],
      passOn: { api: (api.address() as AddressInfo).port, collector: await freePort() },
    });
  });
  afterEach(async () => {
    await page.close();
    api.close();
    rmSync(dist, { recursive: true });
  });

  const ask = (target: string, host = 'Murmur.example', method = 'GET', body?: string) =>
    new Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }>((resolve, reject) => {
      const request = http.request(
        { host: '127.0.0.1', port: page.port, path: target, method, headers: { host } },
        async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode!, text, headers: response.headers });
        },
      );
      request.once('error', reject);
      request.end(body);
    });

  test("puts the addresses over the page's own config.json, which counts beside them", async () => {
    const config = async () => JSON.parse((await ask('/config.json')).text) as object;
    const addresses = { apiUrl: '/api', visitor: 'nobody' };
    assert.deepEqual(await config(), addresses);
    writeFileSync(path.join(dist, 'config.json'), '{ "apiUrl": "http://elsewhere", "sampleRatio": 0.5 }');
    assert.deepEqual(await config(), { ...addresses, sampleRatio: 0.5 });
    writeFileSync(path.join(dist, 'config.json'), '{ broken');
    assert.deepEqual(await config(), addresses);
  });

  test('says that the page is being built, and serves it once it is there', async () => {
    assert.equal((await ask('/')).status, 503);
    assert.match((await ask('/')).text, /being built/);
    writeFileSync(path.join(dist, 'index.html'), '<p>the page');
    assert.equal((await ask('/')).text, '<p>the page');
  });

  test("serves files as they are now, and index.html for the page's own routes only", async () => {
    writeFileSync(path.join(dist, 'index.html'), '<p>the page');
    mkdirSync(path.join(dist, 'media'));
    writeFileSync(path.join(dist, 'media', 'main.js'), 'old');
    assert.equal((await ask('/media/main.js')).text, 'old');
    writeFileSync(path.join(dist, 'media', 'main.js'), 'newer');
    assert.equal((await ask('/media/main.js')).text, 'newer');
    assert.equal((await ask('/posts/17?variant=B')).text, '<p>the page');
    assert.equal((await ask('/gone.js')).status, 404);
  });

  test('a file that grows while it is sent leaves nothing for the next answer', async () => {
    const file = path.join(dist, 'main.js');
    writeFileSync(path.join(dist, 'index.html'), '<p>the page');
    for (let round = 0; round < 1000; round++) {
      writeFileSync(file, 'old');
      assert.equal((await ask('/main.js')).text, 'old');
      writeFileSync(file, 'newer');
      assert.equal((await ask('/main.js')).text, 'newer');
    }
  });

  test('tells the addresses in config.json, whatever the build holds', async () => {
    writeFileSync(path.join(dist, 'config.json'), '{"apiUrl":"built"}');
    const { text, headers } = await ask('/config.json');
    assert.deepEqual(JSON.parse(text), { apiUrl: '/api', visitor: 'nobody' });
    assert.equal(headers['cache-control'], 'no-store');
  });

  test('passes /api on with its method, headers and body', async () => {
    const { status, text, headers } = await ask('/api/posts?x=1', 'murmur.example', 'POST', 'hello');
    assert.deepEqual([status, text, headers['x-from']], [201, 'from the API', 'api']);
    assert.deepEqual([seen.method, seen.url, seen.body], ['POST', '/posts?x=1', 'hello']);
    assert.match(seen.headers.host!, /^localhost:\d+$/);
  });

  test('answers 502 for what nobody listens to', async () => {
    assert.equal((await ask('/collector/v1/traces', 'murmur.example', 'POST', '{}')).status, 502);
  });

  test('refuses hosts that are not its own', async () => {
    assert.equal((await ask('/config.json', 'evil.example')).status, 403);
    assert.equal((await ask('/api/users', 'evil.example')).status, 403);
  });
});
