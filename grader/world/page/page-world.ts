import { stackReader } from '../../capture/index.ts';
import type { PageRecord } from '../../evidence/index.ts';
import { type DelayProxy, startDelayProxy } from '../delay-proxy.ts';
import { WorldError } from '../error.ts';
import { type OpenBrowser, openBrowser } from './browser.ts';
import { type BuiltPage, buildPage } from './build-page.ts';
import { findKeys } from './keys.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { startThirdParty, type ThirdParty } from './third-party.ts';
import { type Layout, Visitor } from './visitor.ts';

export interface PageWorldOptions {
  /** holds app-frontend/ */
  treeDir: string;
  onProgress?: (step: string) => void;
}

/** What all boots of one tree share: the page's build, and a browser. */
export interface PageWorld {
  /** A place where the page is served, for one boot of the API. */
  openSite(): Promise<PageSite>;
  close(): Promise<void>;
}

/** Where one boot's page is served, and somebody else's server beside it. */
export interface PageSite {
  /** `http://localhost:<port>`: the API must know it as PAGE_ORIGIN before it starts */
  origin: string;
  thirdParty: ThirdParty;
  /**
   * Waits for build and browser, and tells the page where API and collector are.
   * @throws BrowserMissingError when this machine has no browser
   * @throws WorldError when the tree has no page, or the builder itself does not work
   */
  connect(apiUrl: string | null, collectorUrl: string): Promise<ConnectedPage>;
  close(): Promise<void>;
}

export interface ConnectedPage {
  /** what is known before anybody opens the page */
  facts: Pick<PageRecord, 'url' | 'apiUrl' | 'collectorUrl' | 'thirdPartyUrl' | 'browser' | 'build' | 'keys'>;
  /** the way between page and API */
  network: DelayProxy;
  /** A new visitor; null when the build failed. */
  newVisitor(layout: Layout): Promise<Visitor | null>;
}

/**
 * Starts building the page and starting a browser, and returns at once: both go on beside the boot of the API.
 * A page that does not build is a fact of connect(), not an error.
 */
export async function startPageWorld(options: PageWorldOptions): Promise<PageWorld> {
  const building = buildPage(options.treeDir);
  const opening = openBrowser();
  // They are awaited in connect(); close() may come first.
  building.catch(() => {});
  opening.catch(() => {});
  let built = false;
  building.then(
    () => {
      built = true;
    },
    () => {},
  );
  return {
    openSite: () =>
      openSite(() => {
        if (!built) options.onProgress?.('building the page');
        return Promise.all([building, opening]);
      }),
    close: () => opening.then(({ browser }) => browser.close()).catch(() => {}),
  };
}

async function openSite(ready: () => Promise<[BuiltPage | null, OpenBrowser]>): Promise<PageSite> {
  const [server, thirdParty] = await Promise.all([startPageServer(), startThirdParty()]);
  let connected: ConnectedPage | undefined;
  return {
    origin: server.origin,
    thirdParty,
    async connect(apiUrl, collectorUrl) {
      const [built, open] = await ready();
      if (built === null) {
        throw new WorldError('The tree has no app-frontend folder, so there is no page to open.');
      }
      if (built.directory) server.serve(built.directory);
      connected = await connectPage(built, open, server, thirdParty, apiUrl, collectorUrl);
      return connected;
    },
    async close() {
      await Promise.all([connected?.network.close(), server.close(), thirdParty.close()]);
    },
  };
}

async function connectPage(
  built: BuiltPage,
  open: OpenBrowser,
  server: PageServer,
  thirdParty: ThirdParty,
  apiUrl: string | null,
  collectorUrl: string,
): Promise<ConnectedPage> {
  // Without an API nothing listens behind the proxy, and the page says that it cannot be reached.
  const behind = new URL(apiUrl ?? 'http://127.0.0.1:9');
  const network = await startDelayProxy({
    targetHost: behind.hostname.replace(/^\[|\]$/g, ''),
    targetPort: Number(behind.port),
  });
  const config = { apiUrl: `http://localhost:${network.port}`, collectorUrl: onLocalhost(collectorUrl) };
  server.configure(config);
  return {
    facts: {
      url: server.origin,
      ...config,
      thirdPartyUrl: thirdParty.url,
      browser: { source: open.source, version: open.version },
      build: { ok: built.ok, ms: built.ms, cached: built.cached, output: built.output },
      keys: built.directory ? findKeys(built.directory) : [],
    },
    network,
    newVisitor: async (layout) =>
      built.directory === null
        ? null
        : Visitor.arrive({
            browser: open.browser,
            origin: server.origin,
            stacks: stackReader(built.directory),
            layout,
          }),
  };
}

/** As a developer's page names its collector. */
function onLocalhost(url: string): string {
  const collector = new URL(url);
  collector.hostname = 'localhost';
  return collector.origin;
}
