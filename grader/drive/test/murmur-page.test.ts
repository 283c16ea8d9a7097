/** What a visitor waits for, on a page whose timing is known: Murmur's own draws when its browser finds the time. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@workshop/base';
import type { Page } from 'playwright-core';
import { BrowserMissingError, openBrowser } from '../../world/index.ts';
import { MurmurPage, type VisitorPatience } from '../page/murmur-page.ts';

const opened = await openBrowser().catch((error: unknown) => {
  if (error instanceof BrowserMissingError) return error.message;
  throw error;
});
const noBrowser = typeof opened === 'string' ? opened : false;

/** A composer as Murmur has it. It is drawn some milliseconds after the click, and the answer comes later. */
const composer = (drawnAfterMs: number, answeredAfterMs: number) => `
  <textarea aria-label="What is on your mind?"></textarea>
  <p role="status" id="under-way"></p><button>Publish</button>
  <div role="status" id="news">Welcome.</div>
  <script>
    globalThis.posts = 0;
    globalThis.say = (id, html) => { document.getElementById(id).innerHTML = html; };
    document.querySelector('button').onclick = () => {
      globalThis.answered = false;
      setTimeout(() => { if (!answered) say('under-way', 'Publishing'); }, ${drawnAfterMs});
      setTimeout(() => {
        globalThis.answered = true;
        say('under-way', '');
        say('news', 'Published. <a href="/posts/' + ++posts + '">See your post</a>');
      }, ${answeredAfterMs});
    };
  </script>`;

describe('publishing on the page', { skip: noBrowser }, () => {
  let page: Page;
  const failed: string[] = [];
  const patience: VisitorPatience = {
    // A page that computes without end answers nothing, and is not waited for.
    comes: (condition) =>
      until(() => Promise.race([condition(), delay(500, false)]), { maxMs: 2_000, everyMs: 5 }),
    fail: (step, message) => {
      failed.push(message);
      throw new Error(`${step}: ${message}`);
    },
  };

  before(async () => {
    if (typeof opened !== 'string') page = await opened.browser.newPage();
  });
  after(async () => {
    if (typeof opened !== 'string') await opened.browser.close();
  });

  for (const [what, drawnAfterMs, answeredAfterMs] of [
    ['is over when the page says so, though it says late that it has begun', 150, 400],
    ['is over when it was too quick to be drawn', 150, 60],
  ] as const)
    test(what, async () => {
      await page.setContent(composer(drawnAfterMs, answeredAfterMs));
      const murmur = new MurmurPage(page, patience);
      for (const text of ['one', 'another']) {
        await murmur.publish(text);
        assert.equal(await page.evaluate('answered'), true, text);
      }
      assert.deepEqual(failed, []);
    });

  test('that is never over fails the step', async () => {
    await page.setContent(composer(20, 60_000));
    await assert.rejects(new MurmurPage(page, patience).publish('one'), /never said that it was over/);
  });

  test('that ends in a computation without end fails the step, though it did not say that it had begun', async () => {
    await page.setContent(composer(60_000, 60_000));
    await page.evaluate(`document.querySelector('button').addEventListener('click', () =>
      setTimeout(() => { for (;;); }, 100))`);
    await assert.rejects(new MurmurPage(page, patience).publish('one'), /never said that it was over/);
  });
});
