import { EXIT_CODES, WorkshopError } from '@workshop/base';
import type { Page } from 'playwright-core';
import type { Person } from '../drive/index.ts';
import { openBrowser } from '../world/index.ts';
import { choosePeople } from './api-traffic.ts';
import { MurmurClient, type Sample } from './murmur-client.ts';
import { watchRequests } from './page-requests.ts';
import { userAgentOf, visitPage } from './page-visit.ts';
import { TRAFFIC_USER_AGENT } from './user-agent.ts';
import { runVisits, type Visits, type VisitsOptions } from './visits.ts';

export interface BrowserTrafficOptions
  extends Pick<VisitsOptions, 'seconds' | 'seed' | 'onProgress' | 'signal'> {
  /** Address of the page that `npm start` serves. */
  pageUrl: string;
  /** How many of the seeded people visit it. */
  users: number;
}

export interface BrowserTraffic {
  visits: Visits;
  /** What the page asked of the API, as its browser saw it. */
  samples: Sample[];
  people: Person[];
  page: string;
  /** Origin of the API that the page uses. */
  api: string;
}

/**
 * A few people use Murmur's page in a real browser for a while.
 * @throws WorkshopError with what to do when Murmur is not there
 * @throws BrowserMissingError with what to install
 */
export async function runBrowserTraffic(options: BrowserTrafficOptions): Promise<BrowserTraffic> {
  const page = new URL(options.pageUrl).origin;
  const apiUrl = await apiOf(page);
  const people = await choosePeople(new MurmurClient(apiUrl), { ...options, apiUrl });
  const { browser } = await openBrowser();
  try {
    const userAgent = await userAgentOf(browser);
    const samples: Sample[] = [];
    const visits = await runVisits({
      ...options,
      people,
      visit: (person, draw) => {
        const watch = (one: Page) => watchRequests(one, apiUrl, person.handle, samples);
        return visitPage(browser, { origin: page, userAgent, person, draw, watch });
      },
    });
    return { visits, samples, people, page, api: new URL(apiUrl).origin };
  } finally {
    // At Ctrl-C Playwright ends the browser itself, and then this process: the summary must not wait for it.
    if (!options.signal?.aborted) await browser.close();
  }
}

/** Where the page finds the API, as our browser is told. */
async function apiOf(page: string): Promise<string> {
  try {
    const response = await fetch(new URL('/config.json', page), {
      headers: { 'user-agent': TRAFFIC_USER_AGENT },
      signal: AbortSignal.timeout(15_000),
    });
    const { apiUrl } = (await response.json()) as { apiUrl: string };
    return new URL(apiUrl, page).href;
  } catch {
    throw new WorkshopError(`There is no page of Murmur at ${page}.`, {
      exitCode: EXIT_CODES.failed,
      whatToDo: 'Start Murmur with "npm start" in another terminal, then try again.',
    });
  }
}

/** Whether the page needs an opt-in to send `traceparent` to the API. */
export function originsLine({ page, api }: Pick<BrowserTraffic, 'page' | 'api'>): string {
  return page === api ? `Page and API share the origin ${page}.` : `Page ${page}, API ${api}: two origins.`;
}
