import { mkdirSync } from 'node:fs';
import type { KeptPage } from '@workshop/page';
import { type ClassCollector, startClassForwarder } from '../class-collector/index.ts';
import { type ClickHouseAddress, CollectsNothing } from '../clickhouse/index.ts';
import { noCollector, startCollector } from '../collection/index.ts';
import { QUERY_LIMIT_MS, QueryThread } from '../query-thread/index.ts';
import { ArrivalWatch } from './arrivals.ts';
import { watchBurnAlerts } from './burn-alerts.ts';
import { EventLog } from './events/index.ts';
import { isSendersHost } from './own-addresses.ts';
import { type ServeOptions, serveApi } from './serve-api.ts';

export interface ReadingLabOptions extends ServeOptions {
  /** the database that a Collector fills */
  store: ClickHouseAddress;
  /**
   * Takes spans at a port of this machine and passes them on to the Collector that fills the database: Murmur's page
   * cannot show a token, and what tells of a person stays here.
   */
  passOn?: {
    root: string;
    collector: ClassCollector;
    port?: number;
    allowedOrigins: readonly string[];
    log: (line: string) => void;
  };
}

/** A lab over a database of others. */
export interface ReadingLab {
  /** of the HTTP API */
  url: string;
  /** what it reads, for a person */
  reads: string;
  page: KeptPage | null;
  close(): Promise<void>;
}

/**
 * The same page and HTTP API over spans that an OpenTelemetry Collector puts into ClickHouse. It takes no spans itself:
 * a second copy of some of them would make every count wrong.
 * @throws ClickHouseProblem when they cannot be read; an error with code EADDRINUSE when the port is taken
 */
export async function startReadingLab(options: ReadingLabOptions): Promise<ReadingLab> {
  mkdirSync(options.dir, { recursive: true });
  const { ClickHouseStore } = await import('../clickhouse/store.ts');
  const store = await ClickHouseStore.open(options.store, QUERY_LIMIT_MS);
  const closers: (() => Promise<unknown>)[] = [() => store.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const events = new EventLog();
    const { passOn } = options;
    if (passOn) {
      const forwarder = startClassForwarder(passOn.root, passOn.collector, passOn.log, true);
      closers.push(() => forwarder.close());
      const receiver = await startCollector({
        store: { write: async (spans) => ({ stored: spans.length, duplicates: 0 }) },
        port: passOn.port,
        allowedOrigins: passOn.allowedOrigins,
        answersHost: isSendersHost,
        forward: (spans) => forwarder.forward(spans),
      });
      closers.push(() => receiver.close());
    }
    const thread = new QueryThread(() => options.store);
    closers.push(() => thread.close());
    const arrivals = new ArrivalWatch(thread, events);
    closers.push(() => arrivals.close());
    if (options.queries !== undefined) {
      const alerts = watchBurnAlerts(thread, events, options.queries, options.log);
      closers.push(() => alerts.close());
    }
    const collector = noCollector(() => new CollectsNothing(store.path));
    const { url, page } = await serveApi(options, { store, thread, collector, events }, closers);
    return { url, reads: store.path, page, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
