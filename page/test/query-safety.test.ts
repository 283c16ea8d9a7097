import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Span } from '@workshop/telemetry';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { hostile, isHarmless } from './support/hostile.ts';
import { traceMaker } from './support/made-spans.ts';

/** Forty requests whose every text is a stranger's; ten of them are slow, and differ in one attribute. */
function hostileRequests(endMs: number): Span[] {
  return Array.from({ length: 40 }, (_, n) => {
    const { span } = traceMaker(endMs - n * 20_000);
    const slow = n % 4 === 0;
    const root = span({
      name: hostile('name'),
      ms: slow ? 900 : 20,
      kind: 'SERVER',
      service: hostile('service'),
      attributes: { [hostile('key')]: hostile(slow ? 'slow' : 'quick') },
      error: hostile('status'),
    });
    return [root, span({ name: 'inner', at: 2, ms: 5, parent: root, service: hostile('other') })];
  }).flat();
}

describe('what strangers write into spans, into addresses and into files', () => {
  let browsing: Browsing;
  const queries = mkdtempSync(path.join(tmpdir(), 'lab-queries-'));

  before(async () => {
    browsing = await startBrowsing({ queries });
    await browsing.send(hostileRequests(Date.now() - 60_000));
  });
  after(async () => {
    await browsing.close();
    rmSync(queries, { recursive: true, force: true });
  });

  test('is text in Query: suggestions, groups, differences, distributions, traces, history', async () => {
    const page = await browsing.open('/query');
    await page.getByRole('button', { name: /^Group by key <img/ }).waitFor();
    await isHarmless(page);
    await page.getByRole('combobox', { name: 'New group by' }).fill('key');
    await page.getByRole('option', { name: /^key <img/ }).waitFor();
    await isHarmless(page);
    await page.getByRole('option', { name: /^key <img/ }).click();
    await page
      .getByRole('cell', { name: /^slow <img/ })
      .first()
      .waitFor();
    await isHarmless(page);
    for (const chart of ['lines', 'bars']) {
      await page.getByRole('button', { name: chart, exact: true }).click();
      await page.locator(`lab-${chart.slice(0, -1)}-chart canvas`).waitFor();
      await isHarmless(page);
    }
    await page.getByRole('button', { name: /^Traces of slow <img/ }).click();
    await page
      .locator('lab-traces-here li')
      .first()
      .getByText(/name <img/)
      .waitFor();
    await isHarmless(page);
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    await page
      .locator('.cm-content')
      .getByText(/key <img/)
      .first()
      .waitFor();
    await isHarmless(page);
    await page.getByRole('button', { name: 'History' }).click();
    await page
      .getByRole('dialog')
      .getByText(/by key <img/)
      .waitFor();
    await isHarmless(page);
    await page.goto(new URL('/query?sel=500..,..', page.url()).href);
    await page
      .locator('lab-differences')
      .getByText(/key <img.* = slow <img/)
      .first()
      .waitFor();
    await isHarmless(page);
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('is text on the map and on the board', async () => {
    const page = await browsing.open('/map');
    await page.locator('.node', { hasText: 'service <img' }).waitFor();
    await isHarmless(page);
    const query = { breakdowns: [hostile('key')], calculations: [{ op: 'COUNT', name: hostile('count') }] };
    const saved = { name: hostile('saved'), description: hostile('about'), query };
    writeFileSync(path.join(queries, 'hostile.json'), JSON.stringify(saved));
    writeFileSync(
      path.join(queries, 'refused.json'),
      JSON.stringify({ ...saved, query: { [hostile('field')]: 1 } }),
    );
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await page
      .getByRole('link', { name: /^saved <img/ })
      .first()
      .waitFor();
    await page
      .getByRole('cell', { name: /slow <img/ })
      .first()
      .waitFor();
    await page
      .getByText(/field <img/)
      .first()
      .waitFor();
    await isHarmless(page);
    assert.ok(browsing.complaints().every((text) => text.includes('422')));
    await page.context().close();
  });

  test('does no harm from an address, whatever it holds', async () => {
    const page = await browsing.open('/nowhere');
    const evil = hostile('evil');
    for (const q of [
      evil,
      'null',
      JSON.stringify({ [evil]: evil }),
      JSON.stringify({ calculations: [evil, null, { op: evil, column: evil, name: 5, filters: evil }] }),
      JSON.stringify({ filters: [{ column: 5, op: {} }, null, { column: evil, op: evil, value: [evil] }] }),
      JSON.stringify({
        breakdowns: [evil, 7, {}],
        orders: [{ op: evil }, 3],
        havings: [{ op: evil }, {}],
        limit: evil,
      }),
      JSON.stringify({
        formulas: [{ name: evil, expression: evil }],
        calculated_fields: evil,
        time_range: evil,
      }),
      JSON.stringify({
        start_time: evil,
        end_time: -1e300,
        granularity: {},
        compare_time_offset_seconds: [],
      }),
    ]) {
      const parameters = {
        q,
        sel: evil,
        at: JSON.stringify({ filters: [{ column: evil }], words: evil }),
        as: evil,
        of: evil,
        json: '1',
        file: evil,
      };
      await page.goto(new URL(`/query?${new URLSearchParams(parameters)}`, page.url()).href);
      await page
        .getByRole('heading', {
          name: /^The query (cannot run as it is|in the address is no JSON object)\.$/,
        })
        .waitFor();
      await isHarmless(page);
      const wrong = browsing.complaints().filter((text) => !text.includes('422'));
      assert.deepEqual(wrong, [], q);
    }
    await page.context().close();
  });
});
