import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Span } from '@workshop/telemetry';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { looksRight } from './support/looks-right.ts';
import { traceMaker } from './support/made-spans.ts';

/** SLOs below the cards of Board: every number was worked out by hand. */
describe('SLOs in the page', () => {
  let browsing: Browsing;
  const queries = mkdtempSync(path.join(tmpdir(), 'lab-slos-'));
  const write = (file: string, value: unknown) => {
    mkdirSync(path.dirname(path.join(queries, file)), { recursive: true });
    writeFileSync(path.join(queries, file), JSON.stringify(value));
  };

  before(async () => {
    browsing = await startBrowsing({ queries });
  });
  after(async () => {
    await browsing.close();
    rmSync(queries, { recursive: true, force: true });
  });

  function feeds(count: number, ms: number, sampleRate: number): Span[] {
    return Array.from({ length: count }, () => {
      const { span } = traceMaker(Date.now() - 60_000);
      return span({
        name: 'GET /feed',
        ms,
        kind: 'SERVER',
        attributes: { 'http.route': '/feed', sampleRate },
      });
    });
  }

  test('a card says what is left, how fast it goes and what is alarming, and follows new spans', async () => {
    write('calculated-fields/feed.json', {
      alias: 'feed_is_fast',
      expression: 'IF($http.route = "/feed", $duration_ms < 500)',
    });
    write('slos/feed.json', {
      name: 'Feed is fast',
      description: 'Nobody waits for the feed',
      sli: { alias: 'feed_is_fast' },
      time_period_days: 7,
      target_per_million: 900_000,
      burn_alerts: [{ alert_type: 'exhaustion_time', exhaustion_minutes: 240 }],
    });
    write('slos/broken.json', { name: 'Broken' });
    // 10 x 19 good, 10 not: 10 of 200 failed, 20 may.
    await browsing.send([...feeds(10, 100, 19), ...feeds(10, 900, 1)]);
    const page = await browsing.open('/board');
    const card = page.locator('lab-slo-list li').first();
    await card.getByText('50 % of the budget left').waitFor();
    const text = await card.innerText();
    assert.match(text, /90 % of the last 7 days/);
    assert.match(text, /95 %: 190 of 200/);
    assert.match(text, /10; 20 may/);
    assert.match(text, /0\.5 in the last hour, 0\.5 in 4 hours/);
    assert.match(text, /Burn alert: At the rate of the last 60 minutes the budget is spent in 60 minutes/);
    assert.match(
      await page.locator('lab-slo-list').innerText(),
      /queries\/slos\/broken\.json: .*it is missing/,
    );
    await looksRight(page, 'slo');
    const narrow = await browsing.open('/board', { width: 360, height: 740 });
    await narrow.getByText('50 % of the budget left').waitFor();
    await looksRight(narrow, 'slo-narrow');
    // 190 more were good: 10 of 390 failed, 39 may, 29 of 39 are left.
    await browsing.send(feeds(10, 100, 19));
    await card.getByText('74.36 % of the budget left').waitFor({ timeout: 20_000 });
    assert.deepEqual(browsing.complaints(), []);
  });
});
