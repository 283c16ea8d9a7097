import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import type { Locator, Page } from 'playwright-core';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { feedTrace, largeTrace, traceMaker } from './support/made-spans.ts';

describe('the waterfall', () => {
  let browsing: Browsing;
  const feed = feedTrace(Date.now() - 60_000);
  const large = largeTrace(Date.now() - 50_000, 10_000);
  const named = (name: string): Span => feed.find((span) => span.name === name) as Span;
  const address = (spans: readonly Span[], query = ''): string => `/trace/${spans[0]?.traceId}${query}`;

  before(async () => {
    browsing = await startBrowsing();
    await browsing.send(feed);
    await browsing.send(large);
  });
  after(() => browsing.close());

  const row = (page: Page, name: string | RegExp): Locator => page.getByRole('row', { name });
  const rowNames = (page: Page): Promise<string[]> => page.locator('.row .text').allTextContents();
  const says = async (what: string, condition: () => Promise<boolean>): Promise<void> =>
    assert.ok(await until(condition), what);
  const query = (page: Page): URLSearchParams => new URL(page.url()).searchParams;
  async function opened(query = '', spans = feed, looks = {}): Promise<Page> {
    const page = await browsing.open(address(spans, query), looks);
    await page.locator('.row').first().waitFor();
    return page;
  }
  async function close(page: Page): Promise<void> {
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  }

  test('shows the tree with equal siblings folded: how many, and how long together', async () => {
    const page = await opened();
    assert.deepEqual(await rowNames(page), [
      'show feed',
      'GET',
      'GET /feed',
      '5 × middleware',
      'request handler - /feed',
      'FeedController.list',
      'list',
      'rank feed',
      '163 × pg.query:SELECT murmur',
      'write cache',
      'process notifications',
    ]);
    assert.match((await row(page, /163 ×/).textContent()) ?? '', /Σ 621 ms/);
    assert.match((await row(page, /^rank feed/).textContent()) ?? '', /70 ms.*900 ms.*279 ms/s);
    await close(page);
  });

  test('has the true level, position and size of each row, though few of them are in the document', async () => {
    const page = await opened('', large);
    const grid = page.getByRole('treegrid');
    assert.equal(await grid.getAttribute('aria-rowcount'), '10001');
    const steps = await page.evaluate(`(async () => {
      const grid = document.querySelector('[role=treegrid]');
      const counts = [];
      for (const part of [0, 0.25, 0.5, 1]) {
        grid.scrollTop = part * grid.scrollHeight;
        await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(next))));
        counts.push(document.querySelectorAll('.row').length);
      }
      return counts;
    })()`);
    assert.ok(
      (steps as number[]).every((count) => count > 20 && count <= 80),
      `${steps}`,
    );
    const last = page.locator('.row').last();
    assert.equal(await last.getAttribute('aria-rowindex'), '10001');
    const place = async (name: string): Promise<(string | null)[]> => {
      const found = page.locator('.row', { has: page.getByText(name, { exact: true }) });
      return Promise.all(
        ['aria-level', 'aria-posinset', 'aria-setsize'].map((attribute) => found.getAttribute(attribute)),
      );
    };
    await grid.evaluate((element: { scrollTop: number }) => {
      element.scrollTop = 0;
    });
    await page.getByText('step 1', { exact: true }).waitFor();
    assert.deepEqual(await place('step 1'), ['2', '1', '16']);
    assert.deepEqual(await place('step 17'), ['3', '1', '16']);
    await close(page);
  });

  test('is walked, opened and closed with the keyboard alone', async () => {
    const page = await opened();
    const grid = page.getByRole('treegrid');
    await grid.focus();
    const active = (): Promise<string | null> => grid.getAttribute('aria-activedescendant');
    for (const key of ['ArrowDown', 'j', 'ArrowDown', 'k']) await page.keyboard.press(key);
    await says('two rows down', async () => (await active()) === `row-${named('GET /feed').spanId}`);
    await page.keyboard.press('ArrowLeft');
    await says('it is closed', async () => (await rowNames(page)).length === 3);
    assert.equal(await row(page, /^GET \/feed/).getAttribute('aria-expanded'), 'false');
    assert.match((await row(page, /^GET \/feed/).textContent()) ?? '', /174 below/);
    await page.keyboard.press('ArrowLeft');
    await says('to its parent', async () => (await active()) === `row-${named('GET').spanId}`);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await says('it is open again', async () => (await rowNames(page)).length === 11);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Span GET /feed' }).waitFor();
    assert.equal(query(page).get('span'), named('GET /feed').spanId);
    await page.keyboard.press('Escape');
    await says('the details are closed', async () => !query(page).has('span'));
    await page.keyboard.press('End');
    await says('at the end', async () => (await active()) === `row-${named('process notifications').spanId}`);
    await close(page);
  });

  test('searches in the trace, and opens what hides a match', async () => {
    const page = await opened();
    await page.keyboard.press('/');
    await page.keyboard.type('db.system.name=postgresql duration>1ms');
    await page.getByText('0 of 163').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 163').waitFor();
    await says('the fold is open', async () => (await rowNames(page)).length > 20);
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.getByText('2 of 163').waitFor();
    await page.keyboard.press('N');
    await page.keyboard.press('N');
    await page.getByText('163 of 163').waitFor();
    assert.equal(query(page).get('find'), 'db.system.name=postgresql duration>1ms');
    await close(page);
  });

  test('shows the critical path, by shape too, and the keys that there are', async () => {
    const page = await opened();
    await page.keyboard.press('c');
    await page.locator('.path').first().waitFor();
    assert.equal(query(page).get('path'), '1');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('critical path').waitFor();
    await help.getByLabel('Single keys work').uncheck();
    await help.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('c');
    await page.keyboard.press('?');
    assert.equal(await help.isVisible(), false);
    assert.equal(query(page).get('path'), '1');
    await close(page);
  });

  test('holds everything in its address: another window shows the same', async () => {
    const page = await opened();
    await row(page, /163 ×/).click();
    await says('the fold is open', async () => query(page).has('fold'));
    await page.keyboard.press('c');
    await row(page, /^rank feed/).click();
    await page.getByRole('region', { name: 'Span rank feed' }).waitFor();
    const box = (await page.locator('lab-minimap .box').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await says('zoomed', async () => query(page).has('zoom'));
    const names = await rowNames(page);
    const other = await browsing.open(page.url().replace(/^https?:\/\/[^/]+/, ''));
    await other.getByRole('region', { name: 'Span rank feed' }).waitFor();
    await other.locator('.path').first().waitFor();
    assert.deepEqual(await rowNames(other), names);
    assert.deepEqual(
      await other.locator('.tick').allTextContents(),
      await page.locator('.tick').allTextContents(),
    );
    await page.goBack();
    await says('back shows all of the time', async () => !query(page).has('zoom'));
    await page.getByRole('region', { name: 'Span rank feed' }).waitFor();
    await page.goBack();
    await says('and closes the details', async () => !query(page).has('span'));
    await other.context().close();
    await close(page);
  });

  test('has two lines in a row at 360 px, and nothing to scroll sideways', async () => {
    const page = await opened('', feed, { width: 360, height: 740 });
    const box = await page.locator('.row').first().boundingBox();
    assert.equal(box?.height, 46);
    const widths = await page.evaluate(
      `[document.documentElement.scrollWidth, ...['main', '.grid', 'lab-waterfall']
        .map((each) => document.querySelector(each)).map((each) => each.scrollWidth - each.clientWidth)]`,
    );
    assert.deepEqual(widths, [360, 0, 0, 0]);
    await row(page, /^GET \/feed/).click();
    await page.getByRole('region', { name: 'Span GET /feed' }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    await close(page);
  });

  test('says what is lost: a parent that is not here, a clock that cannot be right', async () => {
    const { span } = traceMaker(Date.now() - 40_000);
    const client = span({ name: 'GET', ms: 100, kind: 'CLIENT', service: 'murmur-web' });
    const server = span({ name: 'GET /feed', at: 5_000, ms: 80, kind: 'SERVER', parent: client });
    const orphan = span({ name: 'left alone', at: 40, parent: '00000000000000aa' });
    await browsing.send([client, server, orphan]);
    const page = await opened('', [client]);
    await page.getByText(/clock of murmur-api is at least 4980 ms ahead of that of murmur-web/).waitFor();
    await page.getByText(/The parent of 1 span is not here/).waitFor();
    await row(page, /^left alone.*parent not here/).click();
    await page.getByText(/Its parent 00000000000000aa is not here/).waitFor();
    await close(page);
  });

  test('of a trace that is 3,000 levels deep is shown to its last row', async () => {
    const { span } = traceMaker(Date.now() - 30_000);
    const chain = [span({ name: 'level 1', ms: 6_000 })];
    for (let level = 2; level <= 3_000; level++) {
      chain.push(
        span({ name: `level ${level}`, at: level, ms: 6_000 - 2 * level, parent: chain.at(-1) as Span }),
      );
    }
    await browsing.send(chain);
    const page = await opened('?path=1', chain);
    await page.locator('.path').first().waitFor();
    await page.getByRole('treegrid').press('End');
    const last = page.locator('.row', { has: page.getByText('level 3000', { exact: true }) });
    await last.waitFor();
    assert.equal(await last.getAttribute('aria-level'), '3000');
    await close(page);
  });
});
