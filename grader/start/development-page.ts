import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { until } from '@workshop/base';
import type { Addresses, Ports } from './addresses.ts';
import { type PageServer, startDevelopmentPageServer } from './development-page-server.ts';
import { appEnvironment } from './environment.ts';
import type { LogLines } from './log-lines.ts';
import { configFor } from './page-config.ts';
import { Service } from './service.ts';

/** A first build takes 8 to 20 s, on a busy machine many times that. */
const BUILD_PATIENCE_MS = 300_000;
const LOOK_MS = 50;
/** The build begins with the rest, so what is this much older than the start is an earlier one. */
const OLDER_MS = 15_000;

export interface DevelopmentPage {
  server: PageServer;
  builder: Service;
  /** Whether it came to a first build; false when the builder ended, or `giveUp` said so. */
  built(giveUp: () => boolean): Promise<boolean>;
}

/** Builds the learner's page at each save, and serves it. Nobody waits for the first build. */
export async function startDevelopmentPage(options: {
  root: string;
  ports: Ports;
  addresses: Addresses;
  shell: NodeJS.ProcessEnv;
  color: boolean;
  log: LogLines;
}): Promise<DevelopmentPage> {
  const { root, ports, addresses, shell, color, log } = options;
  const startedAt = Date.now();
  const packageDir = path.join(root, 'app-frontend');
  const dist = path.join(packageDir, 'dist');
  const server = await startDevelopmentPageServer({
    dist,
    port: ports.page,
    config: (headers) => configFor(headers, addresses),
    hosts: addresses.pageHosts,
    passOn: addresses.sameOrigin ? { api: ports.api, collector: ports.collector } : {},
  });
  const builder = new Service({
    packageDir,
    scriptName: 'watch',
    environment: appEnvironment({
      shell,
      packageDir,
      databaseUrl: '',
      pageOrigin: addresses.page,
      collectorUrl: '',
      color,
    }),
    log,
    patienceMs: 0,
    afterEnd: 'The page is not built any more. Stop with Ctrl-C and start again.',
  });
  await builder.start();
  const index = path.join(dist, 'index.html');
  const isFresh = () => existsSync(index) && statSync(index).mtimeMs > startedAt - OLDER_MS;
  return {
    server,
    builder,
    built: (giveUp) =>
      until(isFresh, {
        maxMs: BUILD_PATIENCE_MS,
        everyMs: LOOK_MS,
        giveUp: () => giveUp() || !builder.running,
      }),
  };
}
