import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { slowForSome } from './support/many-feeds.ts';

describe('from "the feed is slow for some" to the cause, with the mouse alone', () => {
  let browsing: Browsing;
  let page: Page;
  const queries = mkdtempSync(path.join(tmpdir(), 'lab-queries-'));

  before(async () => {
    browsing = await startBrowsing({ queries });
    await browsing.send(slowForSome(Date.now() - 60_000));
    page = await browsing.open('/traces');
  });
  after(async () => {
    await browsing.close();
    rmSync(queries, { recursive: true, force: true });
  });

  const picture = async (name: string): Promise<void> => {
    const folder = process.env.PICTURES;
    if (folder) await page.screenshot({ path: `${folder}/walk-${name}.png`, fullPage: true });
  };
  let clicks = 0;
  const click = async (target: Locator): Promise<void> => {
    await target.click();
    clicks++;
  };
  /** One drag over the part of a heatmap above a height, from 0 at its top to 1 at its foot. */
  const dragDownTo = async (height: number): Promise<void> => {
    const box = await page.locator('lab-heatmap-chart .u-over').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 4, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, box.y + box.height * height, { steps: 5 });
    await page.mouse.up();
    clicks++;
  };

  test('with at most eight clicks, up to a saved query on the board', async () => {
    await click(page.getByRole('link', { name: 'Query', exact: true }));
    await page.locator('lab-heatmap-chart .u-over').waitFor();
    await page.getByRole('heading', { name: 'What is on these spans' }).waitFor();
    await picture('1-asked');
    await dragDownTo(0.6);
    await page.getByRole('heading', { name: 'What is different about the slow?' }).waitFor();
    const first = page.locator('lab-differences li').first();
    await first
      .getByText('murmur.feed.following_count >= 121: 100 % of the slow, 4 % of the others')
      .waitFor();
    await picture('2-different');
    await click(first.getByRole('button', { name: /^Group by murmur/ }));
    const row = page.locator('lab-result-table tbody tr').first();
    await row.getByText('163').waitFor();
    await picture('3-grouped');
    await click(page.getByRole('button', { name: 'Save', exact: true }));
    await picture('4-save');
    await click(page.getByRole('dialog').getByRole('button', { name: 'Save' }));
    await page
      .getByText('Saved as queries/p95-of-duration-ms-by-murmur-feed-following-count.json.')
      .waitFor();
    await click(page.getByRole('link', { name: 'To the board' }));
    const card = page.locator('lab-board-card');
    await card.getByRole('link', { name: 'P95 of duration_ms by murmur.feed.following_count' }).waitFor();
    await card.getByRole('cell', { name: '163' }).waitFor();
    await picture('5-board');
    assert.ok(clicks <= 8, `${clicks} clicks`);
    const saved = JSON.parse(
      readFileSync(path.join(queries, 'p95-of-duration-ms-by-murmur-feed-following-count.json'), 'utf8'),
    );
    assert.deepEqual(saved.query.breakdowns, ['murmur.feed.following_count']);
    assert.deepEqual(browsing.complaints(), []);
  });

  test('the card leads back to the query, and Back to the board', async () => {
    await page.getByRole('link', { name: 'P95 of duration_ms by murmur.feed.following_count' }).click();
    await page.locator('lab-result-table tbody tr').first().getByText('163').waitFor();
    await page.goBack();
    await page.locator('lab-board-card').waitFor();
  });
});
