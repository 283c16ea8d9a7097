import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findKeys } from '../page/keys.ts';
import { type PageServer, startPageServer } from '../page/page-server.ts';
import { startThirdParty } from '../page/third-party.ts';

const site = mkdtempSync(path.join(tmpdir(), 'page-server-'));
after(() => rmSync(site, { recursive: true, force: true }));

describe('the page server', () => {
  let server: PageServer;
  before(async () => {
    writeFileSync(path.join(site, 'index.html'), '<title>Murmur</title>');
    writeFileSync(path.join(site, 'main-ABC.js'), 'console.log(1)');
    writeFileSync(path.join(site, 'config.json'), '{"apiUrl":"http://wrong"}');
    server = await startPageServer();
  });
  after(() => server.close());

  const get = async (address: string) => {
    const response = await fetch(`${server.origin}${address}`, { headers: { accept: 'text/html' } });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: await response.text(),
    };
  };

  test('serves nothing before the page is built', async () => {
    assert.equal((await get('/')).status, 404);
  });

  test("puts what the run says over the page's own config.json, which counts beside them", async () => {
    writeFileSync(
      path.join(site, 'config.json'),
      '{"apiUrl":"http://wrong","tracesSampleRatio":0.5,"title":"Murmur"}',
    );
    server.serve(site);
    server.configure({ apiUrl: 'http://api', collectorUrl: 'http://collector', tracesSampleRatio: 1 });
    assert.deepEqual(JSON.parse((await get('/config.json')).body), {
      apiUrl: 'http://api',
      collectorUrl: 'http://collector',
      tracesSampleRatio: 1,
      title: 'Murmur',
    });
  });

  test('serves files, and index.html for every path of the page', async () => {
    server.serve(site);
    assert.match((await get('/main-ABC.js')).body, /console/);
    for (const address of ['/', '/posts/12', '/search?q=x']) {
      const answer = await get(address);
      assert.equal(answer.status, 200);
      assert.match(answer.type ?? '', /html/);
      assert.match(answer.body, /Murmur/);
    }
  });
});

test('keys are found in built files, and cut', () => {
  const key = `hcaik_${'a1b2c3d4'.repeat(4)}`;
  writeFileSync(path.join(site, 'chunk-1.js'), `const t={headers:{"x-honeycomb-team":"${key}"}}`);
  writeFileSync(
    path.join(site, 'chunk-2.js'),
    'const parts={apiKey:"short",token:n.token,authorization:t.header}',
  );
  assert.deepEqual(findKeys(site), [{ file: 'chunk-1.js', found: 'hcaik_... (38 characters)' }]);
});

test('a key in a header is found, whichever vendor it is for', () => {
  for (const header of ['signoz-ingestion-key', 'x-sf-token', 'uptrace-dsn']) {
    writeFileSync(path.join(site, 'chunk-1.js'), `const t={headers:{"${header}":"a1b2c3d4e5f6a7b8"}}`);
    assert.deepEqual(findKeys(site), [{ file: 'chunk-1.js', found: 'a1b2c3... (16 characters)' }], header);
  }
  writeFileSync(path.join(site, 'chunk-1.js'), 'const t={"x-request-token":n.token,"primary-key":"id"}');
  assert.deepEqual(findKeys(site), []);
});

test('the third party answers every page and writes down what it got', async () => {
  const other = await startThirdParty();
  after(() => other.close());
  const preflight = await fetch(other.url, {
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:1', 'access-control-request-headers': 'traceparent' },
  });
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'traceparent');
  await fetch(`${other.url}/weather`, {
    headers: { traceparent: '00-1-2-01', origin: 'http://localhost:1' },
  });
  assert.deepEqual(
    other.requests.map(({ at, method, path, origin, traceparent }) => ({
      at,
      method,
      path,
      origin,
      traceparent,
    })),
    [
      { at: 'third-party', method: 'OPTIONS', path: '/', origin: 'http://localhost:1', traceparent: null },
      {
        at: 'third-party',
        method: 'GET',
        path: '/weather',
        origin: 'http://localhost:1',
        traceparent: '00-1-2-01',
      },
    ],
  );
});
