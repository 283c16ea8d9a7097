import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { PageRecord } from '../evidence/index.ts';
import { type ConnectedPage, repositoryRoot, type Visitor } from '../world/index.ts';
import type { NetworkWords, PageWords } from './page.ts';
import type { People } from './scenario.ts';
import { StepFailed } from './step-failed.ts';
import { until } from './until.ts';

/** How long a visitor waits for what a page shows at last. */
const patienceMs = 15_000;
/** Nothing under way and still nothing to see: it will not come. */
const emptyAfterMs = 1_500;
const settleMs = 8_000;

export interface PageGround {
  connected: ConnectedPage;
  tokenOf: People['tokenOf'];
  /** where a picture is put when a step fails, without the ending */
  screenshot: string;
}

/** One scenario's visit to the page. */
export interface Visit {
  page: PageWords;
  network: NetworkWords;
  /** Ends the visit: waits for open spans, has the page send what it holds, and tells what was seen. */
  finish(failed: boolean): Promise<VisitOutcome>;
}

export interface VisitOutcome {
  record: PageRecord;
  spans: ReturnType<Visitor['recorder']['spans']>;
  unended: ReturnType<Visitor['recorder']['unended']>;
  settled: boolean;
}

export function startVisit({ connected, tokenOf, screenshot }: PageGround): Visit {
  let state: PageRecord['state'] = 'not-opened';
  let arriving: Promise<Visitor | null> | undefined;
  let known: Visitor | null = null;
  let failure: { text: string; picture?: string } | null = null;

  const visitor = async (): Promise<Visitor> => {
    arriving ??= connected.newVisitor();
    known = await arriving;
    if (known) return known;
    state = 'build-failed';
    throw new StepFailed('build the page', 'ng build failed');
  };

  const fail = async (step: string, message: string): Promise<never> => {
    if (known) failure = { text: await known.visibleText(), picture: await takePicture(known, screenshot) };
    throw new StepFailed(step, message);
  };

  /** Waits for any of them; fails the step when none comes. */
  const expectAny = async (step: string, ...wanted: Locator[]): Promise<void> => {
    const seen = await until(async () => {
      for (const locator of wanted) if (await locator.first().isVisible()) return true;
      return false;
    }, patienceMs);
    if (!seen) await fail(step, `the page did not show it within ${patienceMs / 1000} s`);
  };

  const click = async (step: string, locator: Locator): Promise<void> => {
    try {
      await locator.click({ timeout: patienceMs });
    } catch {
      await fail(step, 'it could not be clicked');
    }
  };

  const open = async (to: string, go: (visitor: Visitor) => Promise<unknown>): Promise<void> => {
    const here = await visitor();
    await go(here).catch(() => {});
    state = await becomeUsable(here);
    if (state !== 'usable') await fail(`open ${to}`, `the page is ${state}`);
  };

  const words: PageWords = {
    open: (to = '/') => open(to, (here) => here.goto(to)),
    reload: () => open('the page again', (here) => here.page.reload({ waitUntil: 'domcontentloaded' })),
    async signInAs(person) {
      const { page } = await visitor();
      const step = `sign in as ${person.name} on the page`;
      const button = page.getByRole('button', { name: new RegExp(`@${person.handle}(?!\\w)`) });
      await expectAny(step, button);
      await click(step, button);
      await expectAny(
        step,
        page.getByRole('article'),
        page.getByText('No posts yet.'),
        page.getByRole('alert'),
      );
    },
    async publish(text, { wait = true } = {}) {
      const { page } = await visitor();
      const step = 'publish a post on the page';
      const field = page.getByRole('textbox', { name: 'What is on your mind?' });
      await expectAny(step, field);
      await field.fill(text);
      await click(step, page.getByRole('button', { name: 'Publish' }));
      if (!wait) return;
      // The feed ranks, so it need not show the new post.
      const underWay = page.getByRole('status').getByText('Publishing');
      const over = await until(async () => !(await underWay.isVisible()), patienceMs);
      if (!over) await fail(step, `it was not over within ${patienceMs / 1000} s`);
    },
    async like(nth = 0) {
      const { page } = await visitor();
      const step = 'like a post on the page';
      const button = page
        .getByRole('article')
        .nth(nth)
        .getByRole('button', { name: /^Like,/ });
      await expectAny(step, button);
      const before = await button.getAttribute('aria-label');
      await click(step, button);
      const changed = await until(
        async () => (await button.getAttribute('aria-label')) !== before,
        patienceMs,
      );
      if (!changed) await fail(step, 'the number of likes did not change');
    },
    async goTo(link) {
      const { page } = await visitor();
      const step = `follow the link ${link}`;
      const found = page.getByRole('navigation').getByRole('link', { name: link });
      await expectAny(step, found);
      await click(step, found);
    },
    async search(text) {
      const { page } = await visitor();
      await words.goTo('Search');
      const field = page.getByRole('main').getByRole('searchbox');
      await expectAny('search on the page', field);
      await field.fill(text);
      await field.press('Enter');
      await expectAny('search on the page', page.getByRole('main').getByText(text), page.getByRole('alert'));
    },
    async sees(text, maxMs = patienceMs) {
      const { page } = await visitor();
      return until(() => page.getByText(text).first().isVisible(), maxMs);
    },
    async leave() {
      const { page } = await visitor();
      await page.goto('about:blank');
    },
    async settled(maxMs = settleMs) {
      const here = await visitor();
      return until(() => here.isSettled(), maxMs);
    },
    async fetch(to, { method = 'GET', as, body } = {}) {
      const token = as ? await tokenOf(as) : null;
      return (await visitor()).fetch({ url: new URL(to, connected.facts.apiUrl).href, method, token, body });
    },
    async fetchFromThirdParty(to = '/weather') {
      const url = new URL(to, connected.facts.thirdPartyUrl).href;
      return (await visitor()).fetch({ url, method: 'GET', token: null });
    },
    async timings() {
      return (await visitor()).timings(connected.facts.apiUrl);
    },
  };

  return {
    page: words,
    network: {
      setDistance: (ms) => connected.network.setDelay(ms / 2),
      async whileOffline(during) {
        const here = await visitor();
        await here.setOffline(true);
        try {
          return await during();
        } finally {
          await here.setOffline(false);
        }
      },
    },
    async finish(failed) {
      connected.network.setDelay(0);
      // A build that failed is told also where the scenario ended before it asked for the page.
      if (!connected.facts.build.ok) state = 'build-failed';
      const settled = known ? await until(() => known?.isSettled() ?? true, settleMs) : true;
      if (known && failed)
        failure ??= { text: await known.visibleText(), picture: await takePicture(known, screenshot) };
      const text = failure?.text ?? (known ? await known.visibleText() : '');
      await known?.flush(2000);
      const outcome: VisitOutcome = {
        record: {
          ...connected.facts,
          state,
          visibleText: text,
          ...(known?.seen ?? { console: [], errors: [], failedRequests: [], scripts: [] }),
          telemetry: known?.recorder.telemetry ?? noTelemetry(),
          ...(failure?.picture && { screenshot: failure.picture }),
        },
        spans: known?.recorder.spans() ?? [],
        unended: known?.recorder.unended() ?? [],
        settled,
      };
      await known?.leave();
      return outcome;
    },
  };
}

/** Waits until the page shows its main part. Ends early where it shows that it never will. */
async function becomeUsable(visitor: Visitor): Promise<PageRecord['state']> {
  const { page, seen } = visitor;
  const main = page.getByRole('main').first();
  let emptySince: number | null = null;
  let usable = false;
  await until(async () => {
    usable = await main.isVisible();
    if (usable) return true;
    if (visitor.busy() > 0) emptySince = null;
    else emptySince ??= performance.now();
    return emptySince !== null && performance.now() - emptySince > emptyAfterMs;
  }, patienceMs);
  if (usable) return 'usable';
  const hasError = seen.errors.length > 0 || seen.console.some((line) => /^error .*Error/.test(line));
  if (hasError) return 'script-error';
  return (await visitor.visibleText()).trim() === '' ? 'blank' : 'never-ready';
}

async function takePicture(visitor: Visitor, screenshot: string): Promise<string | undefined> {
  const file = `${screenshot}.png`;
  await mkdir(path.dirname(file), { recursive: true });
  return (await visitor.screenshot(file))
    ? path.relative(repositoryRoot, file).replaceAll(path.sep, '/')
    : undefined;
}

function noTelemetry(): PageRecord['telemetry'] {
  return {
    apiVersions: [],
    providers: [],
    exporters: [],
    spansStarted: 0,
    spansEnded: 0,
    notSampled: 0,
    setAfterEnd: [],
    duplicateRegistrations: 0,
    diagMessages: [],
    warnings: [],
  };
}
