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

/** What a learner's page needs around it: its build, a server, a browser, and somebody else's server. */
export interface PageWorld {
  /** `http://localhost:<port>`: the API must know it as PAGE_ORIGIN before it starts */
  origin: string;
  thirdParty: ThirdParty;
  /**
   * Waits for build and browser, and tells the page where API and collector are; another boot of the API connects again.
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
  disconnect(): Promise<void>;
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
  const [server, thirdParty] = await Promise.all([startPageServer(), startThirdParty()]);

  return {
    origin: server.origin,
    thirdParty,
    async connect(apiUrl, collectorUrl) {
      options.onProgress?.('building the page');
      const [built, open] = await Promise.all([building, opening]);
      if (built === null) {
        throw new WorldError('The tree has no app-frontend folder, so there is no page to open.');
      }
      if (built.directory) server.serve(built.directory);
      return connectPage(built, open, server, thirdParty, apiUrl, collectorUrl);
    },
    async close() {
      const closed = opening.then(({ browser }) => browser.close()).catch(() => {});
      await Promise.all([closed, server.close(), thirdParty.close()]);
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
    disconnect: () => network.close(),
  };
}

/** As a developer's page names its collector. */
function onLocalhost(url: string): string {
  const collector = new URL(url);
  collector.hostname = 'localhost';
  return collector.origin;
}
