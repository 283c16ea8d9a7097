import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import type { Locator, Page } from 'playwright-core';
import { type Learning, startLearning } from './support/learning.ts';
import { looksRight } from './support/looks-right.ts';
import { traceMaker } from './support/made-spans.ts';

describe('the command palette', () => {
  let learning: Learning;
  let page: Page;
  const trace = traceMaker(Date.now());
  before(async () => {
    learning = await startLearning();
    await learning.send([trace.span({ name: 'GET /feed', ms: 5 })]);
    page = await learning.open('/learn/03');
    await page.getByRole('heading', { name: /^03 · / }).waitFor();
  });
  after(() => learning.close());

  const field = (): Locator => page.getByRole('combobox', { name: 'Search and commands' });
  const options = (): Locator => page.getByRole('option');
  /** Opens it, types, and runs what stands first. */
  async function ask(words: string, first: string | RegExp): Promise<void> {
    await page.keyboard.press('Control+k');
    await field().waitFor();
    await page.keyboard.type(words);
    await options().first().getByText(first).waitFor();
    await page.keyboard.press('Enter');
    await field().waitFor({ state: 'detached' });
  }

  test('opens with Ctrl+K wherever the focus is, and closes with Esc', async () => {
    const search = page.getByRole('searchbox').first();
    await page.goto(new URL('/traces', page.url()).href);
    await search.focus();
    await page.keyboard.press('Control+k');
    assert.ok(await until(() => field().evaluate((element) => element.matches(':focus'))));
    await page.keyboard.press('Escape');
    await field().waitFor({ state: 'detached' });
    assert.ok(await until(() => search.evaluate((element) => element.matches(':focus'))));
    await page.getByRole('button', { name: 'Search and commands' }).click();
    await field().waitFor();
    await page.keyboard.press('Control+k');
    await field().waitFor({ state: 'detached' });
  });

  test('opens again right after it was closed, before the browser has told of that', async () => {
    await page.evaluate(`(() => {
      const press = (key) => document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true }));
      for (let times = 0; times < 3; times++) press('k');
    })()`);
    await field().waitFor();
    await page.keyboard.type('05');
    await options()
      .first()
      .getByText(/^05 · /)
      .waitFor();
    await page.keyboard.press('Escape');
    await field().waitFor({ state: 'detached' });
  });

  test('is a combobox: the arrows move the option that it speaks of', async () => {
    await page.goto(new URL('/learn/03', page.url()).href);
    await page.getByRole('heading', { name: /^03 · / }).waitFor();
    await page.keyboard.press('Control+k');
    await options().nth(2).waitFor();
    const spoken = () => field().getAttribute('aria-activedescendant');
    assert.equal(await spoken(), await options().first().getAttribute('id'));
    await page.keyboard.press('ArrowDown');
    assert.ok(await until(async () => (await spoken()) === (await options().nth(1).getAttribute('id'))));
    assert.equal(await options().nth(1).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    assert.ok(await until(async () => (await spoken()) === (await options().last().getAttribute('id'))));
    await looksRight(page, 'palette');
    await page.setViewportSize({ width: 360, height: 740 });
    await looksRight(page, 'palette');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press('Escape');
    // Ctrl+K closes one that is still open.
    await field().waitFor({ state: 'detached' });
  });

  test('leads to exercises and views, and says when nothing is called so', async () => {
    await ask('05', /^05 · /);
    await page.getByRole('heading', { name: /^05 · / }).waitFor();
    await ask('traces', 'Traces');
    await page.waitForURL(/\/traces$/);
  });

  test('opens a trace by its id, and looks for words in all of them', async () => {
    await ask(trace.traceId.toUpperCase(), `Open trace ${trace.traceId}`);
    await page.waitForURL(new RegExp(`/trace/${trace.traceId}$`));
    await page.getByRole('row', { name: /^GET \/feed/ }).waitFor();
    await ask('<b>error=true', 'Search the traces for <b>error=true');
    await page.waitForURL(/\/traces\?q=/);
    assert.equal(new URL(page.url()).searchParams.get('q'), '<b>error=true');
  });

  test('grades, gives the next hint, changes the colours and shows the keys', async () => {
    await page.goto(new URL('/learn/03', page.url()).href);
    await page.getByRole('heading', { name: /^03 · / }).waitFor();
    await ask('hint', 'Next hint');
    await page.locator('lab-hint-ladder').getByText('Hint 1').waitFor();
    await ask('dark', 'Colours: dark');
    assert.ok(
      await until(async () => (await page.evaluate('document.documentElement.style.colorScheme')) === 'dark'),
    );
    await ask('keys', 'Keys');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    const asked = page.waitForRequest((request) => request.url().endsWith('/api/learn/03/grade'));
    await ask('grade', 'Grade now');
    assert.equal((await (await asked).response())?.status(), 202);
    assert.deepEqual(learning.complaints(), []);
  });
});
