import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serveStatic } from './static-server.mjs';
import { startStubApi } from './stub-api.mjs';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const BROWSER = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);
const PATIENCE_MS = 20_000;

/**
 * Tries again until the assertion holds, and fails with its last error when patience ends.
 *
 * @param {() => unknown | Promise<unknown>} assertion
 */
async function eventually(assertion) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

const appears = (locator) =>
  eventually(async () => assert.ok(await locator.first().isVisible(), `${locator} is not visible`));

describe('the built page in a browser', { skip: BROWSER ? false : 'no browser: set CHROME_PATH' }, () => {
  let browser, site, api, context, page, config, errors, origins;

  before(async () => {
    assert.ok(existsSync(`${DIST}/index.html`), 'the page is not built: run "npm run build"');
    site = await serveStatic(DIST, () => config);
    browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  beforeEach(async () => {
    api = await startStubApi({ pageOrigin: () => site.url });
    config = { apiUrl: api.url, collectorUrl: 'http://localhost:4318' };
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    errors = [];
    origins = new Set();
    await newPage();
  });

  afterEach(async () => {
    await context.close();
    await api.close();
  });

  async function newPage() {
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('request', (request) => origins.add(new URL(request.url()).origin));
  }

  async function signIn(path = '/') {
    await page.goto(site.url + path);
    await page.getByRole('button', { name: /@iris/ }).click();
    await appears(page.getByRole('article'));
  }

  it('takes a reader from signing in to signing out', async () => {
    await signIn('/?variant=A');
    assert.match(await page.getByRole('heading', { level: 1 }).textContent(), /, Iris$/);
    await appears(page.getByText('6 posts from 6 people'));
    await appears(page.getByRole('link', { name: /Notifications 3 new/ }));

    await page.getByRole('textbox', { name: 'What is on your mind?' }).fill('A post from the smoke test');
    await page.getByRole('button', { name: 'Publish' }).click();
    await appears(page.getByRole('article').filter({ hasText: 'A post from the smoke test' }));
    await appears(page.getByRole('status').getByText('Published.'));

    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('swifts');
    await page.keyboard.press('Enter');
    await appears(page.getByText('1 post for “swifts”'));
    assert.equal(new URL(page.url()).search, '?q=swifts');

    await page.getByRole('link', { name: /^Notifications/ }).click();
    await page
      .getByRole('link', { name: /has a new post/ })
      .first()
      .click();
    await appears(page.getByRole('heading', { name: 'A post' }));
    await eventually(() => assert.match(page.url(), /\/posts\/\d+$/));

    await page.getByRole('button', { name: 'Sign out' }).click();
    await appears(page.getByRole('heading', { name: 'Who are you today?' }));
    assert.deepEqual(errors, []);
    assert.deepEqual([...origins].sort(), [site.url, api.url].sort());
  });

  it('counts a like, and says that a second one went wrong', async () => {
    await signIn();
    const first = page.getByRole('article').first();
    await first.getByRole('button', { name: 'Like, 0 likes' }).click();
    await appears(first.getByRole('button', { name: 'Like, 1 like', pressed: true }));
    await eventually(() => assert.ok(api.posts[0].likedByMe));

    await first.getByRole('button', { name: 'Like, 1 like' }).click();
    await appears(page.getByRole('alert').getByText('Something went wrong.'));
    assert.ok(await first.getByRole('button', { name: 'Like, 1 like', pressed: true }).isVisible());
  });

  it('shares a post with somebody who is not signed in', async () => {
    await signIn();
    await page.getByRole('article').nth(1).getByRole('button', { name: 'Share' }).click();
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    await page.keyboard.press('Escape');
    await eventually(async () => assert.equal(await page.getByRole('dialog').count(), 0));

    await context.close();
    context = await browser.newContext();
    await newPage();
    await page.goto(link);
    await appears(page.getByRole('article').getByText('cardamom bun'));

    await page.goto(link.replace(/token=.*/, 'token=wrong'));
    await appears(page.getByRole('alert').getByText('not here any more'));
    assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
    assert.deepEqual(errors, []);
  });

  it('shows people to read in layout B, and keeps the layout', async () => {
    await page.goto(`${site.url}/?variant=B`);
    await appears(page.getByRole('button', { name: /@iris/ }));
    // Known before anybody has signed in, whose page has another address.
    assert.equal(await page.evaluate(() => localStorage.getItem('murmur.layout')), 'B');
    await signIn('/?variant=B');
    await page.goto(site.url);
    await appears(page.getByRole('heading', { name: 'People to read' }));
    await appears(page.locator('[data-variant=B]'));
  });

  it('says that the API is away, and goes on once it is back', async () => {
    await signIn();
    await api.close();
    await page.goto(site.url);
    await appears(page.getByRole('alert').getByText('cannot be reached'));

    api = await startStubApi({ pageOrigin: () => site.url });
    config = { ...config, apiUrl: api.url };
    await page.goto(site.url);
    await appears(page.getByRole('article'));
    assert.deepEqual(errors, []);
  });

  it('asks to sign in again when the session is refused, and goes back', async () => {
    await signIn();
    await page.evaluate(() => {
      const kept = JSON.parse(sessionStorage.getItem('murmur.session') ?? '{}');
      sessionStorage.setItem('murmur.session', JSON.stringify({ ...kept, token: 'out-of-date' }));
    });
    await page.goto(`${site.url}/notifications`);
    await appears(page.getByRole('alert').getByText('Please sign in again.'));
    await page.getByRole('button', { name: /@ben/ }).click();
    await appears(page.getByRole('heading', { name: 'Notifications' }));
    assert.deepEqual(errors, []);
  });

  it('says so when its configuration is missing', async () => {
    config = {};
    await page.goto(site.url);
    await appears(page.getByRole('alert').getByText('Murmur could not start.'));
  });

  it('can be used with the keyboard alone', async () => {
    await page.goto(site.url);
    const filter = page.getByRole('searchbox', { name: 'Find a person' });
    await appears(filter);
    await page.keyboard.press('Tab');
    assert.ok(await filter.evaluate((element) => element === document.activeElement));
    await page.keyboard.type('iris');
    await eventually(async () => assert.equal(await page.getByRole('listitem').count(), 1));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await appears(page.getByRole('article'));
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');

    await page.goto(site.url);
    await appears(page.getByRole('article'));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Written without a mouse');
    await page.keyboard.press('Control+Enter');
    await appears(page.getByRole('article').filter({ hasText: 'Written without a mouse' }));
  });

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await signIn('/?variant=B');
    await appears(page.getByRole('heading', { name: 'People to read' }));
    for (const path of ['/', '/search?q=the', '/notifications', '/posts/101']) {
      await page.goto(site.url + path);
      await appears(page.getByRole('main').locator('article, li'));
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 360, `${path} is ${width} px wide`);
    }
  });
});
