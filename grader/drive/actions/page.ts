import { until } from '@workshop/base';
import type { Json } from '../../evidence/index.ts';
import type { PageAnswer, PageTiming, System } from '../../world/index.ts';
import { SETTLE_MS, type Visit } from '../page/visit.ts';
import { LATE_START_MS } from './late-start.ts';
import type { PeopleActions } from './people.ts';
import type { Person } from './person.ts';
import { missingOf } from './replicas.ts';

/** Uses the learner's page as a visitor does. A step that the page does not let through ends the scenario. */
export interface PageActions {
  /** the layout that the visitor has, to be said before the page is opened; A by default, never at random */
  useLayout(layout: 'A' | 'B'): void;
  /** the share of traces that config.json tells the page to keep, from the next time that it is opened; 1 by default */
  keepShare(ratio: number): void;
  /** goes to a path of the page and waits until it can be used; `as` has signed in before */
  open(path?: string, options?: { as?: Person }): Promise<void>;
  /** chooses that person on the sign-in page and waits for what comes behind it */
  signInAs(person: Person): Promise<void>;
  /** writes a post and presses Publish; waits until the page says that it is over, unless told not to */
  publish(text: string, options?: { wait?: boolean }): Promise<void>;
  /** likes the nth post of the feed, counted from 0, and waits for the count to change */
  like(nth?: number): Promise<void>;
  /** follows a link of the menu: Feed, Search, Notifications */
  goTo(link: string | RegExp): Promise<void>;
  search(text: string): Promise<void>;
  /** waits until the page shows this text; false after `maxMs` (15,000) */
  sees(text: string | RegExp, maxMs?: number): Promise<boolean>;
  reload(): Promise<void>;
  /** goes away to an empty page */
  leave(): Promise<void>;
  /** the visitor looks at something else while `during` runs: the page is told so and frozen, and then it is gone */
  whileHidden<T>(during: () => Promise<T>): Promise<T>;
  /** the ids of the spans that the page has ended by now, also of pages that were left */
  ended(): Promise<string[]>;
  /** waits until the collector has all of these spans, at most so long: which it has not then */
  missing(spanIds: readonly string[], maxMs: number): Promise<string[]>;
  /** waits until no span is open, no request is under way and the page has nothing left to do; false after `maxMs` (15,000) */
  settled(maxMs?: number): Promise<boolean>;
  /** waits until no request is under way and the page has nothing left to do, though spans may be open; false after `maxMs` (15,000) */
  answered(maxMs?: number): Promise<boolean>;
  /** waits until the page has made a span, for tracing that starts late; false after `maxMs` (2,500) */
  traced(maxMs?: number): Promise<boolean>;
  /** a request of the page's own JavaScript; a path means the API, and `as` adds that person's session */
  fetch(url: string, options?: { method?: string; as?: Person; body?: Json }): Promise<PageAnswer>;
  /** asks somebody else's server from within the page; the evidence holds the headers that it got */
  fetchFromThirdParty(path?: string): Promise<PageAnswer>;
  /** the resource timing of all requests to the API since the page was loaded */
  timings(): Promise<PageTiming[]>;
}

/** The way between the page and the API. */
export interface NetworkActions {
  /** how far away the API is: added to every round trip, in milliseconds; the driver's own requests are not delayed */
  setDistance(roundTripMs: number): void;
  /** how fast the API's answers come, in kilobytes per second; null: at once. The first byte of each is never late. */
  setAnswerRate(kilobytesPerSecond: number | null): void;
  /** the visitor has no network while `during` runs */
  whileOffline<T>(during: () => Promise<T>): Promise<T>;
}

export function pageActions(
  visit: Visit,
  tokenOf: PeopleActions['tokenOf'],
  receiver: System['receiver'],
): PageActions {
  const { facts } = visit.connected;
  return {
    useLayout: (layout) => visit.useLayout(layout),
    keepShare: (ratio) => visit.connected.keepShare(ratio),

    async open(to = '/', { as } = {}) {
      if (as) {
        const { id, name, handle } = as;
        const token = await tokenOf(as);
        await (await visit.visitor()).keepSession({ token, user: { id, name, handle } });
      }
      await visit.arrive(to, (visitor) => visitor.goto(to));
    },

    reload: () =>
      visit.arrive('the page again', ({ page }) => page.reload({ waitUntil: 'domcontentloaded' })),

    signInAs: async (person) => (await visit.murmur()).signInAs(person),
    publish: async (text, options) => (await visit.murmur()).publish(text, options),
    like: async (nth) => (await visit.murmur()).like(nth),
    goTo: async (link) => (await visit.murmur()).follow(link),
    search: async (text) => (await visit.murmur()).search(text),

    async sees(text, maxMs = 15_000) {
      const { page } = await visit.visitor();
      return until(() => page.getByText(text).first().isVisible(), { maxMs });
    },

    async leave() {
      const { page } = await visit.visitor();
      await page.goto('about:blank');
    },

    whileHidden: async (during) => (await visit.visitor()).whileHidden(during),

    async ended() {
      return (await visit.visitor()).recorder.spans().map(({ spanId }) => spanId);
    },

    async missing(spanIds, maxMs) {
      const spans = spanIds.map((spanId) => ({ spanId }));
      await until(() => missingOf(spans, receiver).length === 0, { maxMs });
      return missingOf(spans, receiver);
    },

    async settled(maxMs = SETTLE_MS) {
      const visitor = await visit.visitor();
      return until(() => visitor.isSettled(), { maxMs });
    },

    async answered(maxMs = SETTLE_MS) {
      const visitor = await visit.visitor();
      return until(() => visitor.isAnswered(), { maxMs });
    },

    async traced(maxMs = LATE_START_MS) {
      const visitor = await visit.visitor();
      return until(() => visitor.hasSpans(), { maxMs });
    },

    async fetch(to, { method = 'GET', as, body } = {}) {
      const token = as ? await tokenOf(as) : null;
      const visitor = await visit.visitor();
      return visitor.fetch({ url: new URL(to, facts.apiUrl).href, method, token, body });
    },

    async fetchFromThirdParty(to = '/weather') {
      const visitor = await visit.visitor();
      return visitor.fetch({ url: new URL(to, facts.thirdPartyUrl).href, method: 'GET', token: null });
    },

    async timings() {
      return (await visit.visitor()).timings(facts.apiUrl);
    },
  };
}

export function networkActions(visit: Visit): NetworkActions {
  const { network } = visit.connected;
  return {
    setDistance: (roundTripMs) => network.setDelay(roundTripMs / 2),
    setAnswerRate: (kilobytesPerSecond) => network.setAnswerRate(kilobytesPerSecond),
    async whileOffline(during) {
      const visitor = await visit.visitor();
      await visitor.setOffline(true);
      try {
        return await during();
      } finally {
        await visitor.setOffline(false);
      }
    },
  };
}
