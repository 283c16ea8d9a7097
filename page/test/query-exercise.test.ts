import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { goTo, loadManifest } from '../../grader/workshop/index.ts';
import { openBrowser } from '../../grader/world/index.ts';
import { Learner } from './support/learner.ts';

/** A grading takes 3 to 13 s, on a busy machine more. */
const GRADING_MS = 120_000;

describe('exercise 05 in the page: both queries are built and saved there', () => {
  let learner: Learner;
  let browser: Browser;
  let page: Page;
  const wrong: string[] = [];

  before(async () => {
    learner = new Learner();
    const all = await loadManifest();
    const exercise = all.find(({ number }) => number === '05');
    assert.ok(exercise);
    await goTo(exercise, all, {
      place: { root: learner.root, workshop: path.join(learner.root, '.workshop') },
    });
    const [opened] = await Promise.all([openBrowser(), learner.start()]);
    browser = opened.browser;
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  });
  after(async () => {
    await browser?.close();
    await learner?.stop();
  });

  const combobox = (name: string) => page.getByRole('combobox', { name, exact: true });
  const passes = (number: string): Promise<void> =>
    page
      .locator('lab-check-list li', { hasText: number })
      .getByText('passes')
      .first()
      .waitFor({ timeout: GRADING_MS, state: 'attached' })
      .catch(async (error: Error) => {
        const list = await page.locator('lab-check-list').innerText();
        throw new Error(`${error.message}\n${list}\n${learner.output.slice(-2_000)}`);
      });
  const saveAs = async (name: string, file: string): Promise<void> => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this query' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('File').fill(file);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(`Saved as queries/${file}.json.`).waitFor();
  };

  test('the first with the clauses', async () => {
    await page.goto(`${learner.labUrl}/learn/05`);
    await page.getByRole('heading', { name: '05 · From one trace to all' }).waitFor({ timeout: GRADING_MS });
    // As long as the page was built, there was none.
    wrong.length = 0;
    await page.getByRole('link', { name: 'Query', exact: true }).click();
    await combobox('New filter on').fill('user.id');
    await combobox('New filter on').press('Enter');
    await combobox('Column of filter 2').waitFor();
    await combobox('New group by').fill('user.id');
    await combobox('New group by').press('Enter');
    await combobox('Group by 1').waitFor();
    await page.getByRole('button', { name: '+ order' }).click();
    await page.getByLabel('Order 1', { exact: true }).selectOption('P95(duration_ms)');
    await page.getByLabel('limit').fill('20');
    await page.getByLabel('limit').press('Enter');
    await page.waitForURL((url) => /"limit":20/.test(url.searchParams.get('q') ?? ''));
    await saveAs('Latency by UserID', 'latency-by-user');
    assert.deepEqual(JSON.parse(learner.read('queries/latency-by-user.json')), {
      name: 'Latency by UserID',
      description: '',
      query: {
        calculations: [
          { op: 'HEATMAP', column: 'duration_ms' },
          { op: 'COUNT' },
          { op: 'P50', column: 'duration_ms' },
          { op: 'P95', column: 'duration_ms' },
        ],
        filters: [
          { column: 'span.kind', op: '=', value: 'server' },
          { column: 'user.id', op: 'exists' },
        ],
        time_range: 7_200,
        breakdowns: ['user.id'],
        orders: [{ op: 'P95', column: 'duration_ms', order: 'descending' }],
        limit: 20,
      },
    });
  });

  test('the second as JSON', async () => {
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+A');
    // Chromium gives what replaces a selection its style, which the page's policy does not let it, and says so.
    await page.keyboard.press('Backspace');
    const query = {
      breakdowns: ['trace.trace_id', 'name'],
      calculations: [{ op: 'MAX', column: 'duration_ms' }],
      filters: [{ column: 'trace.parent_id', op: 'does-not-exist' }],
      orders: [{ op: 'MAX', column: 'duration_ms', order: 'descending' }],
      limit: 20,
      time_range: 600,
    };
    await page.keyboard.insertText(JSON.stringify(query));
    await page.waitForURL((url) => /trace\.parent_id/.test(url.searchParams.get('q') ?? ''));
    assert.equal(await combobox('Group by 2').inputValue(), 'name', 'the clauses follow');
    await saveAs('Recent Traces', 'recent-traces');
  });

  test('both pass at once, on spans that nobody has seen', async () => {
    await page.getByRole('link', { name: 'Learn', exact: true }).click();
    await page.getByRole('heading', { name: '05 · From one trace to all' }).waitFor();
    for (let check = 1; check <= 8; check++) await passes(`05.${check}`);
    assert.deepEqual(wrong, []);
  });
});
