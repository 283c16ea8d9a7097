import type { Locator, Page } from 'playwright-core';
import type { Person } from '../actions/person.ts';

/** How long a visitor waits, and what becomes of a step that the page does not let through. */
export interface VisitorPatience {
  /** Waits for a condition; false when it never held. */
  comes(condition: () => Promise<boolean>): Promise<boolean>;
  fail(step: string, message: string): Promise<never>;
}

/**
 * Murmur's page as its visitors use it: a page object. Everything is found as a screen reader finds it, by role and name.
 *
 * Never waitForSelector or waitForFunction: they add listeners in the page, which instrumentations see.
 */
export class MurmurPage {
  readonly #page: Page;
  readonly #patience: VisitorPatience;

  constructor(page: Page, patience: VisitorPatience) {
    this.#page = page;
    this.#patience = patience;
  }

  /** Chooses that person on the sign-in page and waits for what comes behind it. */
  async signInAs(person: Pick<Person, 'name' | 'handle'>): Promise<void> {
    const step = `sign in as ${person.name} on the page`;
    // By its text, since two hundred buttons stand there: their accessible names would take half a second.
    const handle = this.#page.getByText(`@${person.handle}`, { exact: true });
    await this.#click(step, this.#page.getByRole('button').filter({ has: handle }));
    await this.#expectAny(
      step,
      this.#page.getByRole('article'),
      this.#page.getByText('No posts yet.'),
      this.#page.getByRole('alert'),
    );
  }

  /** Writes a post and presses Publish; waits until the page says that it is over, unless told not to. */
  async publish(text: string, { wait = true } = {}): Promise<void> {
    const step = 'publish a post on the page';
    const field = this.#page.getByRole('textbox', { name: 'What is on your mind?' });
    await this.#expectAny(step, field);
    await field.fill(text);
    const press = () => this.#click(step, this.#page.getByRole('button', { name: 'Publish' }));
    if (!wait) return press();
    const before = await this.#announced();
    await press();
    // The feed ranks, so it need not show the new post. And "Publishing" comes a moment after the click: that it is not
    // there says nothing as long as nothing new was said.
    let hasBegun = false;
    let isUnderWay = true;
    const over = await this.#patience.comes(async () => {
      isUnderWay = true; // as long as the page does not answer
      const now = await this.#announced();
      isUnderWay = now.includes('Publishing');
      hasBegun ||= now.some((said) => !before.includes(said));
      return hasBegun && !isUnderWay;
    });
    // A problem that stood there before may be told again in the same words: the page is idle then.
    if (!over && isUnderWay) await this.#patience.fail(step, 'the page never said that it was over');
  }

  /** Likes the nth post of the feed, counted from 0, and waits for the count to change. */
  async like(nth = 0): Promise<void> {
    const step = 'like a post on the page';
    const button = this.#page
      .getByRole('article')
      .nth(nth)
      .getByRole('button', { name: /^Like,/ });
    await this.#expectAny(step, button);
    const before = await button.getAttribute('aria-label');
    await this.#click(step, button);
    const changed = await this.#patience.comes(
      async () => (await button.getAttribute('aria-label')) !== before,
    );
    if (!changed) await this.#patience.fail(step, 'the number of likes did not change');
  }

  /** Follows a link of the menu. */
  async follow(link: string | RegExp): Promise<void> {
    await this.#click(`follow the link ${link}`, this.#page.getByRole('link', { name: link }).first());
  }

  /** Goes to the search, types the text, and waits for what it finds. */
  async search(text: string): Promise<void> {
    const step = 'search on the page';
    const main = this.#page.getByRole('main');
    const field = main.getByRole('searchbox');
    if (!(await field.isVisible())) await this.follow('Search');
    await this.#expectAny(step, field);
    await field.fill(text);
    await field.press('Enter');
    await this.#expectAny(step, main.getByText(text), this.#page.getByRole('alert'));
  }

  /** What the page tells a screen reader by itself: the words, and where their links lead. */
  async #announced(): Promise<string[]> {
    const all = this.#page.getByRole('status').or(this.#page.getByRole('alert'));
    const said = await all.evaluateAll((regions) =>
      regions.map((region) =>
        [region, ...region.querySelectorAll('a')].map(
          (one) => one.getAttribute('href') ?? one.textContent.trim(),
        ),
      ),
    );
    return said.map((parts) => parts.join(' ')).filter((words) => words !== '');
  }

  /** Waits for any of them; fails the step when none comes. */
  async #expectAny(step: string, ...wanted: Locator[]): Promise<void> {
    const any = wanted.reduce((one, other) => one.or(other)).filter({ visible: true });
    const seen = await this.#patience.comes(async () => (await any.count()) > 0);
    if (!seen) await this.#patience.fail(step, 'the page did not show what a visitor waits for here');
  }

  async #click(step: string, locator: Locator): Promise<void> {
    await this.#expectAny(step, locator);
    try {
      await locator.click({ timeout: 5_000 });
    } catch {
      await this.#patience.fail(step, 'it could not be clicked');
    }
  }
}
