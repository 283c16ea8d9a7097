import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { startLab } from '@workshop/lab';
import type { Page } from 'playwright-core';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { slowForSome } from './support/many-feeds.ts';

describe('Query in use', () => {
  let browsing: Browsing;
  const queries = mkdtempSync(path.join(tmpdir(), 'lab-queries-'));

  before(async () => {
    browsing = await startBrowsing({ queries });
    await browsing.send(slowForSome(Date.now() - 60_000));
  });
  after(async () => {
    await browsing.close();
    rmSync(queries, { recursive: true, force: true });
  });

  const ask = (query: object, more: Record<string, string> = {}): string =>
    `/query?${new URLSearchParams({ q: JSON.stringify(query), ...more })}`;
  // biome-ignore lint/suspicious/noExplicitAny: a query of any shape is looked into here
  const queryOf = (page: Page): any => JSON.parse(new URL(page.url()).searchParams.get('q') ?? '{}');
  const rows = (page: Page) => page.locator('lab-result-table tbody tr');
  const byRoute = {
    calculations: [{ op: 'COUNT' }, { op: 'P95', column: 'duration_ms' }],
    filters: [{ column: 'span.kind', op: '=', value: 'server' }],
    breakdowns: ['http.route'],
    orders: [{ op: 'COUNT', order: 'descending' }],
  };

  test('the keyboard alone builds a query, with the columns and values that there are, and selects a box', async () => {
    const page = await browsing.open('/query');
    await page.locator('lab-heatmap-chart canvas').waitFor();
    await page.getByRole('combobox', { name: 'New filter on' }).focus();
    await page.keyboard.type('http.');
    await page.getByRole('option', { name: /^http\.route/ }).waitFor();
    const http = page.getByRole('option', { name: /^http\./ });
    const route = (await http.allInnerTexts()).findIndex((words) => words.startsWith('http.route'));
    for (let at = 0; at <= route; at++) {
      await page.keyboard.press('ArrowDown');
      // A key that comes before the last one is drawn counts, too: who does not look goes too far.
      await page.locator(`[role=option]:nth-child(${at + 1})[aria-selected=true]`).waitFor();
    }
    assert.ok(await page.getByRole('option', { name: /^http\.route/, selected: true }).isVisible());
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Operation of filter 2' }).selectOption('=');
    const value = page.getByRole('combobox', { name: 'Value of filter 2' });
    await value.focus();
    await page.getByRole('option', { name: /^\/feed/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(() => queryOf(page).filters[1]?.value === '/feed');
    assert.ok(await value.evaluate((element) => element.matches(':focus')), 'the focus stays');
    await page.getByLabel('slower than').fill('500');
    await page.keyboard.press('Enter');
    await page.getByText('murmur.feed.following_count >= 121: 100 % of the slow').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('sel'), '500..,..');
    const boxIsDrawn = async (): Promise<boolean> =>
      ((await page.locator('lab-heatmap-chart .u-select').boundingBox())?.width ?? 0) > 500;
    assert.ok(await until(boxIsDrawn), 'the box is drawn');
    await page.reload();
    await page.locator('lab-heatmap-chart canvas').waitFor();
    assert.ok(await until(boxIsDrawn), 'it is drawn from the address, too');
    await page.goBack();
    await page.getByRole('heading', { name: 'What is on these spans' }).waitFor();
    assert.equal(await page.getByLabel('slower than').inputValue(), '');
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('a line of what is different filters, and opens the slowest trace of its kind', async () => {
    const page = await browsing.open('/query?sel=500..,..');
    await page.getByRole('button', { name: /^Filter: murmur\.feed/ }).click();
    await page.waitForURL(() => queryOf(page).filters?.[1]?.value === 121);
    await rows(page).first().getByText('40').waitFor();
    await page.goBack();
    await page.getByRole('button', { name: /^Slowest trace with murmur\.feed/ }).click();
    await page.waitForURL(/\/trace\//);
    await page.getByRole('heading', { name: 'GET /feed' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1);
    const trace = (await (await fetch(`${browsing.lab.url}/api/traces/${id}`)).json()) as {
      spans: { durationMs: number }[];
    };
    assert.equal(Math.max(...trace.spans.map(({ durationMs }) => durationMs)), 20 + 163 * 6.5 + 10);
    await page.goBack();
    await page.getByRole('heading', { name: 'What is different about the slow?' }).waitFor();
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('a cell, a point, a bar and a row open their traces; Back closes them', async () => {
    const page = await browsing.open('/query');
    const here = page.getByRole('heading', { name: /^Traces: / });
    const cell = page.locator('lab-heatmap-chart .u-over');
    await cell.waitFor();
    const box = await cell.boundingBox();
    assert.ok(box);
    // The foot of the last quarter is full of quick requests.
    await cell.click({ position: { x: box.width * 0.9, y: box.height - 3 } });
    await here.getByText(/duration_ms from 0 to/).waitFor();
    await page.locator('lab-traces-here li').first().waitFor();
    await page.goBack();
    await here.waitFor({ state: 'detached' });
    await page.goto(new URL(ask(byRoute, { as: 'bars' }), page.url()).href);
    const bars = page.locator('lab-bar-chart .u-over');
    const place = await bars.boundingBox();
    assert.ok(place);
    await bars.click({ position: { x: place.width * 0.14, y: place.height - 10 } });
    await here.getByText('/feed').waitFor();
    await page.getByRole('button', { name: 'lines' }).click();
    const lines = page.locator('lab-line-chart .u-over');
    await lines.click({ position: { x: place.width * 0.9, y: place.height - 10 } });
    await here.getByText(/\/(feed|notifications), /).waitFor();
    await page.getByRole('button', { name: 'Traces of /notifications' }).click();
    await here.getByText('/notifications', { exact: false }).waitFor();
    await page.locator('lab-traces-here a').first().click();
    await page.getByRole('heading', { name: 'GET /notifications' }).waitFor();
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('a link that is copied holds the time that is shown', async () => {
    const page = await browsing.open(ask(byRoute));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await rows(page).nth(1).waitFor();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Copied, with the time that is shown.').waitFor();
    const copied = new URL(String(await page.evaluate('navigator.clipboard.readText()')));
    const { time_range, start_time, end_time } = JSON.parse(copied.searchParams.get('q') ?? '{}');
    assert.equal(time_range, undefined);
    assert.equal(end_time - start_time, 7_200);
    assert.ok(Math.abs(end_time - Date.now() / 1_000) < 60);
    await page.goto(copied.href);
    await rows(page).nth(1).waitFor();
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('a save is taken back, and a file that is there is written over only knowingly', async () => {
    const page = await browsing.open(ask(byRoute));
    const file = path.join(queries, 'by-route.json');
    const save = async (button: string): Promise<void> => {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('By route');
      await page.getByRole('textbox', { name: 'File' }).fill('by-route');
      await page.getByRole('dialog').getByRole('button', { name: button }).click();
      await page.getByText('Saved as queries/by-route.json.').waitFor();
    };
    await save('Save');
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')).query, byRoute);
    await page.getByLabel('limit').fill('7');
    await page.getByLabel('limit').press('Enter');
    await page.waitForURL(() => queryOf(page).limit === 7);
    await save('Write over it');
    const limit = (): unknown => JSON.parse(readFileSync(file, 'utf8')).query.limit;
    assert.ok(await until(() => limit() === 7), 'it is written over');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('It is what it was before.').waitFor();
    assert.equal(limit(), undefined);
    assert.ok(existsSync(queries));
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('the queries that ran are there after a restart of the lab', async () => {
    const page = await browsing.open(ask({ ...byRoute, limit: 3 }));
    await rows(page).nth(1).waitFor();
    const ran = page.waitForResponse((answer) => answer.url().endsWith('/api/query-history'));
    await page.getByRole('button', { name: 'Run again' }).click();
    await ran;
    await page.context().close();
    await browsing.lab.close();
    const lab = await startLab({ dir: browsing.dir, port: 0, otlpPort: 0, page: true, queries });
    await lab.page?.settled;
    const again = await (await browsing.browser.newContext()).newPage();
    await again.goto(`${lab.url.replace('127.0.0.1', 'localhost')}/query`);
    await again.getByRole('button', { name: 'History' }).click();
    await again
      .getByRole('dialog')
      .getByRole('button', { name: /by http\.route/ })
      .first()
      .click();
    await again.waitForURL((url) => /"limit":3/.test(url.searchParams.get('q') ?? ''));
    await rows(again).nth(1).waitFor();
    await again.context().close();
    await lab.close();
    browsing.complaints();
  });
});
