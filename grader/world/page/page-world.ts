import type { PageRecord } from '../../evidence/index.ts';
import { type DelayProxy, startDelayProxy } from '../delay-proxy.ts';
import { WorldError } from '../error.ts';
import { Arrivals } from './arrivals.ts';
import { type OpenBrowser, openBrowser } from './browser.ts';
import { type BuiltPage, buildPage } from './build-page.ts';
import { findKeys } from './keys.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { startThirdParty, type ThirdParty } from './third-party.ts';
import type { Layout, Visitor } from './visitor.ts';

export interface PageWorldOptions {
  /** holds app-frontend/ */
  treeDir: string;
  onProgress?: (step: string) => void;
}

/** What all boots share: the build of a tree's page, and a browser. */
export interface PageWorld {
  /** From now on it is another tree's page; the browser stays. Sites must be disconnected before. */
  change(options: PageWorldOptions): void;
  /** Starts building the page and starting a browser, and returns at once: both take a while. */
  prepare(): void;
  /** A place where the page is served, for one boot of the API. */
  openSite(): Promise<PageSite>;
  close(): Promise<void>;
}

/** Where one boot's page is served, and somebody else's server beside it. */
export interface PageSite {
  /** `http://localhost:<port>`: the API must know it as PAGE_ORIGIN before it starts */
  origin: string;
  thirdParty: ThirdParty;
  /** Has one more visitor come now and wait for newVisitor(): a browser window opens while the page is built. */
  expectVisitor(): void;
  /**
   * Waits for build and browser, and tells the page where API and collector are.
   * @throws BrowserMissingError when this machine has no browser
   * @throws WorldError when the tree has no page, or the builder itself does not work
   */
  connect(apiUrl: string | null, collectorUrl: string): Promise<ConnectedPage>;
  /** Before the page world changes to another tree: connect() gives its page then. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectedPage {
  /** what is known before anybody opens the page */
  facts: Pick<PageRecord, 'url' | 'apiUrl' | 'collectorUrl' | 'thirdPartyUrl' | 'browser' | 'build' | 'keys'>;
  /** the way between page and API */
  network: DelayProxy;
  /** What config.json says to the next load of the page about the share of traces to keep, 0 to 1; at first all. */
  keepShare(ratio: number): void;
  /** A new visitor; null when the build failed. */
  newVisitor(layout: Layout): Promise<Visitor | null>;
}

/** Nothing is started before it is needed. A page that does not build is a fact of connect(), not an error. */
export function pageWorld(options: PageWorldOptions): PageWorld {
  let { treeDir, onProgress } = options;
  let building: Building | undefined;
  let opening: Promise<OpenBrowser> | undefined;
  const built = (): Building => {
    building ??= build(treeDir);
    return building;
  };
  const opened = async (): Promise<OpenBrowser> => {
    // A browser that crashed, or that an operating system short of memory ended, is opened again.
    const before = opening;
    if (before && !(await isRunning(before)) && opening === before) opening = undefined;
    opening ??= open();
    return opening;
  };
  return {
    change(next) {
      ({ treeDir, onProgress } = next);
      building = undefined;
    },
    prepare() {
      built();
      opened().catch(() => {}); // awaited in connect(); close() may come first
    },
    openSite: () =>
      openSite({ page: () => built().page, browser: opened }, () => {
        if (!built().done) onProgress?.('building the page');
      }),
    async close() {
      await opening?.then(({ browser }) => browser.close()).catch(() => {});
    },
  };
}

interface Building {
  page: Promise<BuiltPage | null>;
  done: boolean;
}

function build(treeDir: string): Building {
  const building: Building = { page: buildPage(treeDir), done: false };
  building.page.then(
    () => {
      building.done = true;
    },
    () => {},
  );
  return building;
}

function isRunning(opening: Promise<OpenBrowser>): Promise<boolean> {
  return opening.then(
    ({ browser }) => browser.isConnected(),
    () => false,
  );
}

function open(): Promise<OpenBrowser> {
  const opening = openBrowser();
  opening.catch(() => {});
  return opening;
}

async function openSite(
  ready: { page: () => Promise<BuiltPage | null>; browser: () => Promise<OpenBrowser> },
  onConnect: () => void,
): Promise<PageSite> {
  const [server, thirdParty] = await Promise.all([startPageServer(), startThirdParty()]);
  let connected: ConnectedPage | undefined;
  const arrivals = new Arrivals({ origin: server.origin, ...ready });
  return {
    origin: server.origin,
    thirdParty,
    expectVisitor: () => arrivals.expect(),
    async connect(apiUrl, collectorUrl) {
      onConnect();
      const [built, open] = await Promise.all([ready.page(), ready.browser()]);
      if (built === null) {
        throw new WorldError('The tree has no app-frontend folder, so there is no page to open.');
      }
      if (built.directory) server.serve(built.directory);
      const newVisitor = async (layout: Layout): Promise<Visitor | null> => {
        const visitor = await arrivals.next();
        await visitor?.keepLayout(layout);
        return visitor;
      };
      connected = await connectPage({ built, open, server, thirdParty, newVisitor }, apiUrl, collectorUrl);
      return connected;
    },
    async disconnect() {
      arrivals.leave();
      await connected?.network.close();
      connected = undefined;
    },
    async close() {
      arrivals.leave();
      await Promise.all([connected?.network.close(), server.close(), thirdParty.close()]);
    },
  };
}

interface OpenSite extends Pick<ConnectedPage, 'newVisitor'> {
  built: BuiltPage;
  open: OpenBrowser;
  server: PageServer;
  thirdParty: ThirdParty;
}

async function connectPage(
  { built, open, server, thirdParty, newVisitor }: OpenSite,
  apiUrl: string | null,
  collectorUrl: string,
): Promise<ConnectedPage> {
  // Without an API nothing listens behind the proxy, and the page says that it cannot be reached.
  const behind = new URL(apiUrl ?? 'http://127.0.0.1:9');
  const network = await startDelayProxy({
    targetHost: behind.hostname.replace(/^\[|\]$/g, ''),
    targetPort: Number(behind.port),
  });
  const addresses = { apiUrl: `http://localhost:${network.port}`, collectorUrl: onLocalhost(collectorUrl) };
  const keepShare = (tracesSampleRatio: number) => server.configure({ ...addresses, tracesSampleRatio });
  keepShare(1);
  return {
    facts: {
      url: server.origin,
      ...addresses,
      thirdPartyUrl: thirdParty.url,
      browser: { source: open.source, version: open.version },
      build: { ok: built.ok, ms: built.ms, cached: built.cached, output: built.output },
      keys: built.directory ? findKeys(built.directory) : [],
    },
    network,
    keepShare,
    newVisitor,
  };
}

/** As a developer's page names its collector. */
function onLocalhost(url: string): string {
  const collector = new URL(url);
  collector.hostname = 'localhost';
  return collector.origin;
}
