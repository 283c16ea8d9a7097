import type { Draw } from '@workshop/base';
import type { Browser, Locator } from 'playwright-core';
import { trafficUserAgent } from './user-agent.ts';
import { type Person, texts } from './visitor.ts';
import type { VisitEnd, VisitStep } from './visits.ts';

const patienceMs = 15_000;
const lookMs = 50;
/** A fetch span ends 300 ms after the body. Whoever leaves earlier loses it. */
const lookAroundMs = 500;
/** The page sends its last spans when it is left; the window must not be gone before. */
const goodbyeMs = 1_000;

/** The page did not show what a visitor waits for. */
class NotShown extends Error {}

/** The browser's own name with ours behind it. The page's server knows us by it: a header would cause preflights. */
export async function userAgentOf(browser: Browser): Promise<string> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    return `${await page.evaluate('navigator.userAgent')} ${trafficUserAgent}`;
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
  visit: { origin: string; userAgent: string; person: Person; draw: Draw },
): Promise<VisitEnd> {
  const { origin, userAgent, person, draw } = visit;
  let step: VisitStep = 'open';
  const context = await browser.newContext({ userAgent, viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    // The page would draw its layout itself, and not by the seed.
    const address = new URL(`/?variant=${draw.pick(['A', 'B'])}`, origin).href;
    await page.goto(address, { waitUntil: 'domcontentloaded', timeout: patienceMs });
    step = 'sign in';
    await click(page.getByRole('button', { name: new RegExp(`@${person.handle}(?!\\w)`) }));
    step = 'feed';
    const posts = page.getByRole('article');
    await shown(posts.or(page.getByText('No posts yet.')));
    step = 'publish';
    await page
      .getByRole('textbox', { name: 'What is on your mind?' })
      .fill(draw.pick(texts), { timeout: patienceMs });
    await click(page.getByRole('button', { name: 'Publish' }));
    await until(async () => !(await page.getByRole('status').getByText('Publishing').isVisible()));
    step = 'like';
    await like(posts, draw);
    step = 'leave';
    await page.waitForTimeout(lookAroundMs);
    await page.goto('about:blank', { timeout: patienceMs });
    await page.waitForTimeout(goodbyeMs);
    return null;
  } catch {
    return step;
  } finally {
    await context.close().catch(() => {}); // the browser is gone
  }
}

async function like(posts: Locator, draw: Draw): Promise<void> {
  // To like a post twice is an error of Murmur's, and it has no place in every visit.
  const buttons = posts.getByRole('button', { name: /^Like,/, pressed: false });
  const count = await buttons.count();
  if (count > 0) await click(buttons.nth(Math.floor(draw.number() * Math.min(count, 5))));
}

async function click(locator: Locator): Promise<void> {
  await shown(locator);
  await locator.first().click({ timeout: 5_000 });
}

function shown(locator: Locator): Promise<void> {
  return until(() => locator.first().isVisible());
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + patienceMs; !(await condition()); ) {
    if (performance.now() > deadline) throw new NotShown();
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
