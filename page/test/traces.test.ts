import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { decodeTraceRequest, encodeTraceRequest } from '@workshop/telemetry';
import type { Page } from 'playwright-core';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { feedTrace, traceMaker } from './support/made-spans.ts';

describe('the list of traces', () => {
  let browsing: Browsing;
  const iris = feedTrace(Date.now() - 60_000);
  const ben = feedTrace(Date.now() - 50_000, 4).filter(({ status }) => status.code !== 'ERROR');

  before(async () => {
    browsing = await startBrowsing();
    await browsing.send(iris);
    await browsing.send(ben);
  });
  after(() => browsing.close());

  const names = (page: Page): Promise<string[]> => page.locator('lab-trace-row .name').allTextContents();
  const shows = async (page: Page, wanted: string[]): Promise<void> => {
    let seen: string[] = [];
    const matches = async (): Promise<boolean> => {
      seen = await names(page);
      return JSON.stringify(seen) === JSON.stringify(wanted);
    };
    assert.ok(await until(matches, { maxMs: 8_000 }), `${seen} instead of ${wanted}`);
  };
  const one = (name: string, ms = 5): Parameters<Browsing['send']>[0] => [
    traceMaker(Date.now()).span({ name, ms, kind: 'SERVER', attributes: { 'user.id': '7' } }),
  ];

  test('grows behind a button while one looks: nothing moves before it is asked for', async () => {
    const page = await browsing.open('/traces');
    await shows(page, ['show feed', 'show feed']);
    await page.getByText('Live').waitFor();
    const before = await page.locator('lab-trace-row').first().boundingBox();
    for (const name of ['first', 'second', 'third']) await browsing.send(one(name));
    await page.getByRole('button', { name: '3 new' }).waitFor();
    assert.deepEqual(await page.locator('lab-trace-row').first().boundingBox(), before);
    await shows(page, ['show feed', 'show feed']);
    await page.getByRole('button', { name: '3 new' }).click();
    await shows(page, ['third', 'second', 'first', 'show feed', 'show feed']);
    assert.equal(await page.getByRole('button', { name: /new/ }).count(), 0);
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('is read by one tab for all: another one hears of a trace, too, and after the first is closed', async () => {
    const first = await browsing.open('/traces');
    const second = await first.context().newPage();
    await second.goto(first.url());
    for (const page of [first, second]) {
      await page.getByText('Live').waitFor();
      await page.locator('lab-trace-row').first().waitFor();
    }
    await browsing.send(one('for both'));
    for (const page of [first, second]) await page.getByRole('button', { name: '1 new' }).waitFor();
    await first.close();
    await browsing.send(one('for the other'));
    await second.getByRole('button', { name: '2 new' }).waitFor();
    await second.context().close();
  });

  test('is searched by text, value, error, duration and service, and the search is in the address', async () => {
    const page = await browsing.open('/traces');
    const search = page.getByRole('searchbox', { name: 'Search traces' });
    for (const [text, wanted] of [
      ['first', ['first']],
      ['user.id=4711 error', ['show feed']],
      ['user.id=7 -third -second -both -other', ['first']],
      ['duration>1s -error', ['show feed']],
      ['service=murmur-worker murmur.feed.following_count=4', ['show feed']],
      [`${iris[0]?.traceId}`, ['show feed']],
      ['nobody-wrote-this', []],
    ] as const) {
      await search.fill(text);
      await page.waitForURL((url) => url.searchParams.get('q') === text);
      await shows(page, [...wanted]);
    }
    await page.getByRole('heading', { name: 'No trace has all of that.' }).waitFor();
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('leads from an attribute to the traces that have it, and back', async () => {
    const server = ben.find(({ kind }) => kind === 'SERVER');
    const page = await browsing.open(`/trace/${ben[0]?.traceId}?span=${server?.spanId}`);
    await page.getByRole('link', { name: 'murmur.feed.following_count' }).click();
    await shows(page, ['show feed']);
    assert.equal(new URL(page.url()).searchParams.get('q'), 'murmur.feed.following_count=4');
    await page.goBack();
    await page.getByRole('region', { name: 'Span GET /feed' }).waitFor();
    await page.context().close();
  });

  test('saves a trace as OTLP, and shows such a file without storing it', async () => {
    const page = await browsing.open(`/trace/${iris[0]?.traceId}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save' }).click(),
    ]);
    const { spans } = decodeTraceRequest(await readFile(await download.path()), 'application/json');
    const ids = (list: readonly { spanId: string }[]): string[] => list.map(({ spanId }) => spanId).sort();
    assert.deepEqual(ids(spans), ids(iris));
    assert.equal(spans.find(({ name }) => name === 'rank feed')?.durationMs, 900);

    const old = traceMaker(Date.parse('2018-12-13T14:51:00Z'));
    const file = encodeTraceRequest([old.span({ name: 'I am a span', ms: 7 })], 'json');
    await page.getByRole('link', { name: 'Traces' }).click();
    await page.locator('input[type=file]').setInputFiles({
      name: 'trace.json',
      mimeType: 'application/json',
      buffer: Buffer.from(file),
    });
    await page.getByRole('heading', { name: 'I am a span' }).waitFor();
    await page.getByText('From trace.json, not stored.').waitFor();
    await page.getByText('13 Dec 2018').first().waitFor();
    const inLab = async (): Promise<number> =>
      (await fetch(`${browsing.lab.url}/api/traces/${old.traceId}`)).status;
    assert.equal(await inLab(), 404);
    await page.getByRole('button', { name: 'Store it in the lab' }).click();
    await page.waitForURL((url) => !url.searchParams.has('from'));
    await page.getByRole('heading', { name: 'I am a span' }).waitFor();
    assert.equal(await inLab(), 200);
    await page.goBack();
    await page.reload();
    await page.getByRole('heading', { name: 'The file is no longer open.' }).waitFor();
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('compares two traces in one waterfall: how many, how long, only here, only in the other', async () => {
    const page = await browsing.open(`/trace/${ben[0]?.traceId}`);
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByText(/Choose a trace to compare with/).waitFor();
    await page.locator('lab-trace-row', { hasText: '177 spans' }).getByRole('link').click();
    await page.waitForURL((url) => url.searchParams.get('with') === iris[0]?.traceId);
    await page.getByText(/below "rank feed": 4 times in the first trace, 163 times in the second/).waitFor();
    const row = (name: string) => page.locator('.row', { has: page.getByText(name, { exact: true }) });
    assert.match((await row('write cache').textContent()) ?? '', /only in the other/);
    assert.match(
      (await row('pg.query:SELECT murmur').first().textContent()) ?? '',
      /4 here, 163 in the other/,
    );
    await page.getByRole('link', { name: 'Turn round' }).click();
    await page.waitForURL((url) => url.pathname.endsWith(iris[0]?.traceId ?? ''));
    await page.getByText('only here').waitFor();
    assert.match((await row('163 × pg.query:SELECT murmur').textContent()) ?? '', /163 here, 4 in the other/);
    await page.getByRole('link', { name: 'Stop comparing' }).click();
    await page.waitForURL((url) => !url.searchParams.has('with'));
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });
});
