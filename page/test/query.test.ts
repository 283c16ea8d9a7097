import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
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

  test('in at most eight clicks, up to a saved query', async () => {
    await page.getByRole('link', { name: 'Query', exact: true }).click();
    const over = page.locator('lab-heatmap-chart .u-over');
    await over.waitFor();
    if (process.env.PICTURES)
      await page.screenshot({ path: `${process.env.PICTURES}/walk-1.png`, fullPage: true });
    const box = await over.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 4, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, box.y + box.height * 0.6, { steps: 5 });
    await page.mouse.up();
    await page.getByText('What is different about the slow?').waitFor();
    await page.getByText(/murmur\.feed\.following_count >= /).waitFor();
    if (process.env.PICTURES)
      await page.screenshot({ path: `${process.env.PICTURES}/walk-2.png`, fullPage: true });
  });
});
