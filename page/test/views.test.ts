import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { type Browsing, startBrowsing, type Theme } from './support/browsing.ts';
import { feedTrace, largeTrace, traceMaker } from './support/made-spans.ts';

const THEMES: Theme[] = ['light', 'dark'];

/** Each view and state once, in both themes and at both widths. With PICTURES=<folder> it also takes their pictures. */
describe('every view and state', () => {
  let browsing: Browsing;
  const feed = feedTrace(Date.now() - 60_000);
  const few = feedTrace(Date.now() - 30_000, 4);
  const server = feed.find(({ kind }) => kind === 'SERVER');
  const large = largeTrace(Date.now() - 50_000, 6_000);
  const maker = traceMaker(Date.now() - 45_000);
  const torn = [
    maker.span({ name: 'GET', ms: 100, kind: 'CLIENT', service: 'murmur-web' }),
    maker.span({ name: 'left alone', at: 40, ms: 30, parent: '00000000000000aa', error: 'timeout' }),
  ];

  before(async () => {
    browsing = await startBrowsing();
  });
  after(() => browsing.close());

  /** Both themes where there is room for everything; narrow, the same elements stand in another order. */
  async function looksRight(page: Page, name: string, width: number): Promise<void> {
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      const folder = process.env.PICTURES;
      if (folder) await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png` });
      if (width < 1280 && theme === 'light') continue;
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      const said = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
      );
      assert.deepEqual(said, [], `${name}, ${theme}, ${width} px`);
    }
  }

  /** Opens an address at both widths; `seen` resolves when the view is what it should be. */
  async function visit(name: string, path: string, seen: (page: Page) => Promise<unknown>): Promise<void> {
    for (const [width, height] of [
      [1280, 800],
      [360, 740],
    ] as const) {
      const page = await browsing.open(path, { width, height });
      await seen(page);
      assert.equal(
        await page.evaluate('document.documentElement.scrollWidth'),
        width,
        `${name} scrolls sideways`,
      );
      await looksRight(page, name, width);
      await page.context().close();
    }
  }

  const heading = (text: string | RegExp) => (page: Page) =>
    page.getByRole('heading', { name: text }).waitFor();
  const rows = (page: Page) => page.locator('.row').first().waitFor();

  test('no spans yet', () => visit('no-spans', '/traces', heading('No spans have arrived yet.')));

  test('the list of traces, and a search that finds none', async () => {
    for (const spans of [feed, few, large, torn]) await browsing.send(spans);
    await visit('traces', '/traces', (page) => page.locator('lab-trace-row').nth(3).waitFor());
    await visit('no-match', '/traces?q=nobody', heading('No trace has all of that.'));
  });

  test('a trace', () => visit('trace', `/trace/${feed[0]?.traceId}`, rows));

  test('a trace with the details of a span and the critical path', () =>
    visit('span', `/trace/${feed[0]?.traceId}?span=${server?.spanId}&path=1&zoom=30-800`, async (page) => {
      await page.getByRole('region', { name: 'Span GET /feed' }).waitFor();
      await page.locator('.path').first().waitFor();
    }));

  test('a trace as text', () =>
    visit('text', `/trace/${feed[0]?.traceId}?view=text`, (page) => page.locator('pre').waitFor()));

  test('two traces compared', () =>
    visit('compared', `/trace/${few[0]?.traceId}?with=${feed[0]?.traceId}`, (page) =>
      page.getByText('Stop comparing').waitFor(),
    ));

  test('more than 5,000 spans', () =>
    visit('large', `/trace/${large[0]?.traceId}`, (page) =>
      page.getByText(/6000 spans. All of them/).waitFor(),
    ));

  test('an orphan', () =>
    visit('orphan', `/trace/${torn[0]?.traceId}?span=${torn[1]?.spanId}`, (page) =>
      page.getByText(/Its parent 00000000000000aa is not here/).waitFor(),
    ));

  test('a trace that nobody knows, and an address that leads nowhere', async () => {
    await visit('unknown-trace', `/trace/${'f'.repeat(32)}`, heading(/The lab has no trace f/));
    await visit('unknown-view', '/nowhere', heading('There is nothing at this address.'));
    browsing.complaints();
  });

  test('the keys', () =>
    visit('keys', '/traces', async (page) => {
      await page.locator('lab-trace-row').first().waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    }));

  test('nothing was complained about in the console', () => assert.deepEqual(browsing.complaints(), []));

  test('a lab that was stopped: the list stands, the header says it', async () => {
    const page = await browsing.open('/traces');
    await page.locator('lab-trace-row').first().waitFor();
    await browsing.lab.close();
    await page.getByText('Lab stopped').waitFor();
    assert.ok((await page.locator('lab-trace-row').count()) > 0);
    await page.getByRole('searchbox').fill('error');
    await page.getByRole('heading', { name: 'The lab does not answer.' }).waitFor();
    await looksRight(page, 'stopped', 1280);
    await page.setViewportSize({ width: 360, height: 740 });
    await looksRight(page, 'stopped', 360);
    await page.context().close();
    browsing.complaints();
  });
});
