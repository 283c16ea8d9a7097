import type { Locator } from 'playwright-core';
import type { PageWords } from './page.ts';
import type { People } from './scenario.ts';
import { type Stay, settleMs } from './stay.ts';
import { until } from './until.ts';

/** The words with which a scenario uses the page. Everything is found as a screen reader finds it: by role and name. */
export function pageWords(stay: Stay, tokenOf: People['tokenOf']): PageWords {
  const { facts } = stay.connected;

  /** Waits for any of them; fails the step when none comes. */
  const expectAny = async (step: string, ...wanted: Locator[]): Promise<void> => {
    const any = wanted.reduce((one, other) => one.or(other)).filter({ visible: true });
    const seen = await stay.comes(async () => (await any.count()) > 0);
    if (!seen) await stay.fail(step, 'the page did not show what a visitor waits for here');
  };

  const click = async (step: string, locator: Locator): Promise<void> => {
    await expectAny(step, locator);
    try {
      await locator.click({ timeout: 5_000 });
    } catch {
      await stay.fail(step, 'it could not be clicked');
    }
  };

  const words: PageWords = {
    useLayout(layout) {
      stay.layout = layout;
    },

    async open(to = '/', { as } = {}) {
      if (as) {
        const { id, name, handle } = as;
        const token = await tokenOf(as);
        await (await stay.visitor()).keepSession({ token, user: { id, name, handle } });
      }
      await stay.arrive(to, (visitor) => visitor.goto(to));
    },

    reload: () => stay.arrive('the page again', ({ page }) => page.reload({ waitUntil: 'domcontentloaded' })),

    async signInAs(person) {
      const { page } = await stay.visitor();
      const step = `sign in as ${person.name} on the page`;
      // By its text, since two hundred buttons stand there: their accessible names would take half a second.
      const handle = page.getByText(`@${person.handle}`, { exact: true });
      await click(step, page.getByRole('button').filter({ has: handle }));
      await expectAny(
        step,
        page.getByRole('article'),
        page.getByText('No posts yet.'),
        page.getByRole('alert'),
      );
    },

    async publish(text, { wait = true } = {}) {
      const { page } = await stay.visitor();
      const step = 'publish a post on the page';
      const field = page.getByRole('textbox', { name: 'What is on your mind?' });
      await expectAny(step, field);
      await field.fill(text);
      await click(step, page.getByRole('button', { name: 'Publish' }));
      if (!wait) return;
      // The feed ranks, so it need not show the new post.
      const underWay = page.getByRole('status').getByText('Publishing');
      const over = await stay.comes(async () => !(await underWay.isVisible()));
      if (!over) await stay.fail(step, 'the page never said that it was over');
    },

    async like(nth = 0) {
      const { page } = await stay.visitor();
      const step = 'like a post on the page';
      const button = page
        .getByRole('article')
        .nth(nth)
        .getByRole('button', { name: /^Like,/ });
      await expectAny(step, button);
      const before = await button.getAttribute('aria-label');
      await click(step, button);
      const changed = await stay.comes(async () => (await button.getAttribute('aria-label')) !== before);
      if (!changed) await stay.fail(step, 'the number of likes did not change');
    },

    async goTo(link) {
      const { page } = await stay.visitor();
      await click(`follow the link ${link}`, page.getByRole('link', { name: link }).first());
    },

    async search(text) {
      const { page } = await stay.visitor();
      const step = 'search on the page';
      const main = page.getByRole('main');
      const field = main.getByRole('searchbox');
      if (!(await field.isVisible())) await words.goTo('Search');
      await expectAny(step, field);
      await field.fill(text);
      await field.press('Enter');
      await expectAny(step, main.getByText(text), page.getByRole('alert'));
    },

    async sees(text, maxMs = 15_000) {
      const { page } = await stay.visitor();
      return until(() => page.getByText(text).first().isVisible(), maxMs);
    },

    async leave() {
      const { page } = await stay.visitor();
      await page.goto('about:blank');
    },

    async settled(maxMs = settleMs) {
      const visitor = await stay.visitor();
      return until(() => visitor.isSettled(), maxMs);
    },

    async fetch(to, { method = 'GET', as, body } = {}) {
      const token = as ? await tokenOf(as) : null;
      const visitor = await stay.visitor();
      return visitor.fetch({ url: new URL(to, facts.apiUrl).href, method, token, body });
    },

    async fetchFromThirdParty(to = '/weather') {
      const visitor = await stay.visitor();
      return visitor.fetch({ url: new URL(to, facts.thirdPartyUrl).href, method: 'GET', token: null });
    },

    async timings() {
      return (await stay.visitor()).timings(facts.apiUrl);
    },
  };
  return words;
}
