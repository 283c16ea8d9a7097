import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  type MadeSpan,
  PAGE_CAPTURE_BINDING,
  PageRecorder,
  pageCaptureScript,
  type StackReader,
  type StrangerSpan,
} from '../../capture/index.ts';
import type { Json, PageRecord } from '../../evidence/index.ts';
import {
  fetchHere,
  flushProviders,
  hideDocument,
  keep,
  makeStrangerSpans,
  type ResourceTiming,
  resourceTimings,
  rested,
  visibleText,
} from './in-page.js';

/** One entry of the browser's resource timing. Milliseconds; 0 where the other origin does not allow to see it. */
export type PageTiming = ResourceTiming;

/** What the page's own JavaScript can read of an answer. */
export interface PageAnswer {
  /** null: the browser refused the answer, or there was none */
  status: number | null;
  error: string | null;
  /** the headers that the page may read */
  headers: Record<string, string>;
  /** the parsed body, or text */
  body: Json;
  /** the newest resource timing entry of that address */
  timing: PageTiming | null;
}

export interface VisitorOptions {
  browser: Browser;
  /** of the page */
  origin: string;
  stacks: StackReader;
}

export type Layout = 'A' | 'B';

/** A session, as the API gives it and Murmur keeps it. */
export interface KeptSession {
  token: string;
  user: { id: string; name: string; handle: string };
}

/** What the visitor's browser saw of the page, beside its spans. */
export type PageSeen = Required<
  Pick<PageRecord, 'console' | 'errors' | 'failedRequests' | 'scripts' | 'sent'>
>;

const MOST_KEPT = 300;
/** After the last span and the last request. What is open or under way is counted, so this need not cover it. */
const QUIET_MS = 100;
/** A page that is at work for longer than this is asked again. */
const REST_MS = 1_000;
const LEAVE_MS = 5_000;

/**
 * One person with a browser of their own: nothing is kept from visitor to visitor. The capture runs in each page.
 *
 * Playwright's routes are not used (with one, it answers preflights itself), nor waitForSelector and waitForFunction
 * (they add listeners in the page, which instrumentations see): locators and asking again do all of it.
 */
export class Visitor {
  readonly recorder: PageRecorder;
  readonly seen: PageSeen = { console: [], errors: [], failedRequests: [], scripts: [], sent: [] };
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #origin: string;
  readonly #stacks: StackReader;
  #underWay = 0;
  #lastRequest = performance.now();

  static async arrive(options: VisitorOptions): Promise<Visitor> {
    const context = await options.browser.newContext({
      viewport: { width: 1024, height: 600 },
      locale: 'en-GB',
      reducedMotion: 'reduce', // without a graphics card each frame costs processor time, and nobody watches
    });
    const page = await context.newPage();
    const visitor = new Visitor(context, page, options);
    const session = await context.newCDPSession(page);
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === PAGE_CAPTURE_BINDING) visitor.recorder.receive(payload, page);
    });
    // Told as a request leaves the page's own thread: before the browser asks an API of another origin for permission.
    session.on(
      'Network.requestWillBeSent',
      ({ request: { method, url }, type, wallTime, redirectResponse }) => {
        if (redirectResponse || (type !== 'Fetch' && type !== 'XHR')) return;
        add(visitor.seen.sent, { method, url, atMs: wallTime * 1000 });
      },
    );
    await session.send('Network.enable');
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', { name: PAGE_CAPTURE_BINDING });
    await context.addInitScript(pageCaptureScript);
    return visitor;
  }

  private constructor(context: BrowserContext, page: Page, { origin, stacks }: VisitorOptions) {
    this.#context = context;
    this.page = page;
    this.#origin = origin;
    this.#stacks = stacks;
    this.recorder = new PageRecorder(stacks);
    this.#listen();
  }

  /** Which of Murmur's two layouts this visitor gets; the page itself would draw one at random. */
  async keepLayout(layout: Layout): Promise<void> {
    await this.#context.addInitScript(keep, {
      storage: 'localStorage',
      key: 'murmur.layout',
      value: layout,
    } as const);
  }

  /** This visitor signed in before. */
  async keepSession(session: KeptSession): Promise<void> {
    await this.#context.addInitScript(keep, {
      storage: 'sessionStorage',
      key: 'murmur.session',
      value: JSON.stringify(session),
    } as const);
  }

  /** Goes to a path of the page. Returns once the document is there; what it needs may still be on its way. */
  async goto(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.#origin).href, {
      waitUntil: 'domcontentloaded',
      timeout: 15_000,
    });
  }

  /** Open spans of documents that are still there, and requests under way. */
  busy(): number {
    return this.recorder.openCount() + this.#underWay;
  }

  /**
   * True if nothing is open, nothing happened for a while, and the page's own thread has nothing left to do: on a busy
   * machine what follows from an answer may come later than any while.
   */
  isSettled(): Promise<boolean> {
    return this.#staysSo(() => this.busy() === 0 && this.recorder.quietForMs() >= QUIET_MS);
  }

  /** The same of its requests alone: spans of what was answered may still be open. */
  isAnswered(): Promise<boolean> {
    return this.#staysSo(() => this.#underWay === 0);
  }

  /** False: it has not started a single span, nor one that was not sampled. */
  hasSpans(): boolean {
    const { spansStarted, notSampled } = this.recorder.telemetry;
    return spansStarted + notSampled > 0;
  }

  /** Asks the page's tracer providers to send what they hold; at most `maxMs`. */
  async flush(maxMs: number): Promise<void> {
    await this.within(maxMs, this.page.evaluate(flushProviders));
  }

  /** The first 2000 characters that the page shows. */
  async visibleText(): Promise<string> {
    const shown = this.page.evaluate(visibleText).catch(() => '');
    const text = (await this.within(REST_MS, shown)) ? await shown : '';
    return text.replace(/\n{3,}/g, '\n\n').slice(0, 2000);
  }

  /** A request of the page's own JavaScript. */
  async fetch(request: {
    url: string;
    method: string;
    token: string | null;
    body?: Json;
  }): Promise<PageAnswer> {
    const answer = await this.page.evaluate(fetchHere, request as Parameters<typeof fetchHere>[0]);
    return { ...answer, body: answer.body as Json, timing: (await this.timings(request.url)).at(-1) ?? null };
  }

  /** Has the page make spans as a library of somebody else would. */
  async makeSpans(spans: readonly StrangerSpan[]): Promise<MadeSpan[]> {
    return this.page.evaluate(makeStrangerSpans, JSON.stringify(spans));
  }

  /** Resource timing of the requests to addresses that begin so, since the document was loaded. */
  async timings(prefix: string): Promise<PageTiming[]> {
    return this.page.evaluate(resourceTimings, prefix);
  }

  /** Cuts the network, or joins it again. */
  async setOffline(offline: boolean): Promise<void> {
    await this.#context.setOffline(offline);
  }

  /**
   * The visitor looks at something else while `during` runs, and then the page is gone, as on a phone: it is told that it
   * is hidden, may finish what it does at that, and is frozen. A browser without a window hides no page by itself.
   */
  async whileHidden<T>(during: () => Promise<T>): Promise<T> {
    const session = await this.#context.newCDPSession(this.page);
    await session.send('Debugger.enable');
    await this.page.evaluate(hideDocument);
    await this.within(REST_MS, this.page.evaluate(rested, REST_MS));
    // It is answered once the page runs again.
    session.send('Debugger.pause').catch(() => {});
    try {
      return await during();
    } finally {
      // It runs again, and nobody looks at what it still does.
      await session.detach().catch(() => {});
      await this.within(LEAVE_MS, this.page.goto('about:blank'));
    }
  }

  async screenshot(path: string): Promise<boolean> {
    return this.page.screenshot({ path, timeout: 3000, animations: 'disabled' }).then(
      () => true,
      () => false,
    );
  }

  async leave(): Promise<void> {
    // A page that computes without end does not close either; the browser takes it along in the end.
    await this.within(LEAVE_MS, this.#context.close());
  }

  /** True if that is so, no request came for a while, and all of it stays so when the page has nothing left to do. */
  async #staysSo(isSo: () => boolean): Promise<boolean> {
    const isQuiet = (): boolean => isSo() && performance.now() - this.#lastRequest >= QUIET_MS;
    if (!isQuiet()) return false;
    const reached = await this.within(REST_MS, this.page.evaluate(rested, REST_MS));
    return reached && isQuiet();
  }

  /** False when the page does not answer in time, or was left meanwhile. */
  async within(maxMs: number, asked: Promise<unknown>): Promise<boolean> {
    const answered = asked.then(
      () => true,
      () => false,
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, maxMs, false);
    });
    const inTime = await Promise.race([answered, late]);
    clearTimeout(timer);
    return inTime;
  }

  #listen(): void {
    const { page, seen } = this;
    const isSlow = (url: string) => /^https?:/.test(url);
    page.on('request', (request) => {
      if (!isSlow(request.url())) return;
      this.#underWay++;
      this.#lastRequest = performance.now();
      if (request.resourceType() === 'script') add(seen.scripts, new URL(request.url()).pathname);
    });
    const over = () => {
      this.#underWay = Math.max(0, this.#underWay - 1);
      this.#lastRequest = performance.now();
    };
    page.on('requestfinished', (request) => {
      if (isSlow(request.url())) over();
    });
    page.on('requestfailed', (request) => {
      if (!isSlow(request.url())) return;
      over();
      if (seen.failedRequests.length >= MOST_KEPT) return;
      const error = request.failure()?.errorText ?? '';
      seen.failedRequests.push({ method: request.method(), url: request.url(), error });
    });
    page.on('console', (message) => add(seen.console, `${message.type()} ${message.text()}`.slice(0, 1000)));
    page.on('pageerror', (error) => add(seen.errors, this.#described(error)));
    page.on('crash', () => add(seen.errors, 'the page crashed'));
  }

  #described(error: Error): string {
    const { place } = this.#stacks.read(error.stack ?? '');
    return `${error.name}: ${error.message}${place ? ` (${place})` : ''}`.slice(0, 1000);
  }
}

function add<T>(list: T[], one: T): void {
  if (list.length < MOST_KEPT) list.push(one);
}
