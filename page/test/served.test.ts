import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Browsing, startBrowsing } from './support/browsing.ts';

describe('the served page', () => {
  let browsing: Browsing;
  before(async () => {
    browsing = await startBrowsing();
  });
  after(() => browsing.close());

  const ask = (path: string, accept: string) => fetch(browsing.lab.url + path, { headers: { accept } });

  test('opens at the address of the lab and shows the traces', async () => {
    const page = await browsing.open('/');
    await page.getByRole('heading', { level: 1, name: 'Traces' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/traces');
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('lets no script run but its own, and no other page frame it', async () => {
    const page = await browsing.open('/traces');
    const blocked = await page.evaluate(`(() => {
      const tried = { inlineScript: true, innerHtml: true };
      try {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
      } catch {}
      tried.inlineScript = window.ran === undefined;
      try {
        document.createElement('p').innerHTML = '<img src=x onerror="window.ran = true">';
        tried.innerHtml = false;
      } catch {}
      return tried;
    })()`);
    assert.deepEqual(blocked, { inlineScript: true, innerHtml: true });
    const answer = await ask('/traces', 'text/html');
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    browsing.complaints();
    await page.context().close();
  });

  test('gives each answer a nonce of its own', async () => {
    const nonces = new Set<string>();
    for (const _ of [1, 2]) {
      const answer = await ask('/traces', 'text/html');
      const [, nonce = ''] =
        /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '') ?? [];
      assert.ok((await answer.text()).includes(`ngcspnonce="${nonce}"`));
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      nonces.add(nonce);
    }
    assert.equal(nonces.size, 2);
  });

  test('lets a browser keep the files whose names change with their content', async () => {
    const [, script = ''] =
      /src="(main-[^"]+\.js)"/.exec(await (await ask('/traces', 'text/html')).text()) ?? [];
    const file = await ask(`/${script}`, '*/*');
    assert.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
    assert.match(file.headers.get('content-type') ?? '', /javascript/);
    const icon = await ask('/favicon.svg', 'image/*');
    assert.equal(icon.headers.get('cache-control'), 'no-cache');
    assert.equal((await ask('/main-00000000.js', '*/*')).status, 404);
    assert.equal((await ask('/..%2fpackage.json', '*/*')).status, 404);
  });

  test('leaves the answers of the API to programs', async () => {
    assert.equal((await ask('/api/nowhere', 'text/html')).status, 404);
    assert.equal((await ask('/nowhere', '*/*')).status, 404);
    assert.equal((await ask('/nowhere', 'text/html')).status, 200);
    assert.match((await ask('/health', 'text/html')).headers.get('content-type') ?? '', /json/);
  });
});
