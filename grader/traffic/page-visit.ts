import { type Draw, until } from '@workshop/base';
import type { Browser, Page } from 'playwright-core';
import { MurmurPage, type Person, type VisitorPatience } from '../drive/index.ts';
import { texts } from './api-user.ts';
import { TRAFFIC_USER_AGENT } from './user-agent.ts';
import type { VisitEnd, VisitStep } from './visits.ts';

const PATIENCE_MS = 15_000;
const LOOK_MS = 50;
/** A fetch span ends 300 ms after the body. Whoever leaves earlier loses it. */
const LOOK_AROUND_MS = 500;
/** The page sends its last spans when it is left; the window must not be gone before. */
const GOODBYE_MS = 1_000;

const patience: VisitorPatience = {
  comes: (condition) => until(condition, { maxMs: PATIENCE_MS, everyMs: LOOK_MS }),
  fail: async (step, message) => {
    throw new Error(`${step}: ${message}`);
  },
};

/** The browser's own name with ours behind it. The page's server knows us by it: a header would cause preflights. */
export async function userAgentOf(browser: Browser): Promise<string> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    return `${await page.evaluate('navigator.userAgent')} ${TRAFFIC_USER_AGENT}`;
  } finally {
    await context.close();
  }
}

/**
 * Somebody opens the page in a fresh window, signs in, reads the feed, publishes, likes and leaves. Never rejects for
 * a page that does not work.
 *
 * Neither routes nor waitForSelector: Playwright then answers preflights itself, or listens in the page to clicks.
 * @param origin of the page, such as `http://localhost:4200`
 */
export async function visitPage(
  browser: Browser,
  visit: { origin: string; userAgent: string; person: Person; draw: Draw; watch: (page: Page) => void },
): Promise<VisitEnd> {
  const { origin, userAgent, person, draw } = visit;
  let step: VisitStep = 'open';
  const context = await browser.newContext({ userAgent, viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    visit.watch(page);
    // The page would draw its layout itself, and not by the seed.
    const address = new URL(`/?variant=${draw.pick(['A', 'B'])}`, origin).href;
    await page.goto(address, { waitUntil: 'domcontentloaded', timeout: PATIENCE_MS });
    const murmur = new MurmurPage(page, patience);
    step = 'sign in';
    await murmur.signInAs(person);
    step = 'feed';
    const feed = page.getByRole('article').or(page.getByText('No posts yet.'));
    if (!(await patience.comes(async () => (await feed.count()) > 0))) return step;
    step = 'publish';
    await murmur.publish(draw.pick(texts));
    step = 'like';
    const likeable = await notLiked(page);
    if (likeable.length > 0) await murmur.like(draw.pick(likeable));
    step = 'leave';
    await page.waitForTimeout(LOOK_AROUND_MS);
    await page.goto('about:blank', { timeout: PATIENCE_MS });
    await page.waitForTimeout(GOODBYE_MS);
    return null;
  } catch {
    return step;
  } finally {
    await context.close().catch(() => {}); // the browser is gone
  }
}

/** Places in the feed, of the first five, that this person has not liked: to like a post twice is an error of Murmur's. */
async function notLiked(page: Page): Promise<number[]> {
  const buttons = await page
    .getByRole('article')
    .getByRole('button', { name: /^Like,/ })
    .all();
  const pressed = await Promise.all(buttons.slice(0, 5).map((button) => button.getAttribute('aria-pressed')));
  return [...pressed.keys()].filter((place) => pressed[place] !== 'true');
}
