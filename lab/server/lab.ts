import type { KeptPage } from '@workshop/page';
import { type ClassCollector, startClassForwarder } from '../class-collector/index.ts';
import { type Collector, startCollector } from '../collection/index.ts';
import { startForwarder } from '../honeycomb/forward/index.ts';
import { QueryThread } from '../query-thread/index.ts';
import { type Retention, Store } from '../store/index.ts';
import { watchBurnAlerts } from './burn-alerts.ts';
import { EventLog, TraceAnnouncer } from './events/index.ts';
import { isSendersHost } from './own-addresses.ts';
import { type ServeOptions, serveApi } from './serve-api.ts';

export interface LabOptions extends ServeOptions {
  /** of the OTLP receiver; 4318 by default, 0 for any free one */
  otlpPort?: number;
  /** pages that may send spans here */
  allowedOrigins?: readonly string[] | '*';
  retention?: Retention;
  /**
   * Follows the learner's choice of `npm run honeycomb -- forward on|off`: what is stored here goes to Honeycomb, too.
   * Without it nothing leaves this machine.
   */
  honeycomb?: LabHoneycomb;
  /** to the Collector of a class go the same spans, too; `root` is the clone's */
  classCollector?: { root: string; collector: ClassCollector; log: (line: string) => void };
}

export interface LabHoneycomb {
  /** the repository's root: the choice and the spans that wait are below its .workshop, the keys in honeycomb.env */
  root: string;
  /** where keys are looked for first; process.env by default */
  env?: NodeJS.ProcessEnv;
  /** gets lines about forwarding; they hold no key */
  log: (line: string) => void;
}

export interface Lab {
  /** of the HTTP API */
  url: string;
  /** what OTEL_EXPORTER_OTLP_ENDPOINT must say */
  otlpUrl: string;
  store: Store;
  collector: Collector;
  /** the page that is served, or being built; null: none was asked for */
  page: KeptPage | null;
  close(): Promise<void>;
}

/** A week, or 2 GiB: a laptop's disk is not a trace store. */
const DEFAULT_RETENTION: Retention = { maxAgeHours: 7 * 24, maxBytes: 2 * 1024 ** 3, keepRows: 100_000 };

/**
 * Collection, store and HTTP API on this machine.
 * @throws StoreError when the data is in use; an error with code EADDRINUSE when a port is
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const store = await Store.open({ dir: options.dir, retention: options.retention ?? DEFAULT_RETENTION });
  const closers: (() => Promise<unknown>)[] = [() => store.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const events = new EventLog();
    const announcer = new TraceAnnouncer(events);
    closers.push(async () => announcer.close());
    const forwarder = options.honeycomb ? startForwarder(options.honeycomb) : null;
    if (forwarder) closers.push(() => forwarder.close());
    const ofClass = options.classCollector;
    const toClass = ofClass ? startClassForwarder(ofClass.root, ofClass.collector, ofClass.log) : null;
    if (toClass) closers.push(() => toClass.close());
    const thread = new QueryThread(() => store.rowPort());
    closers.push(() => thread.close());
    const alerts =
      options.queries === undefined ? null : watchBurnAlerts(thread, events, options.queries, options.log);
    if (alerts) closers.push(() => alerts.close());
    const collector = await startCollector({
      store,
      port: options.otlpPort,
      host: options.host,
      allowedOrigins: options.allowedOrigins,
      answersHost: isSendersHost,
      forward(spans) {
        forwarder?.forward(spans);
        toClass?.forward(spans);
      },
      onStored: (spans) => {
        announcer.arrived(spans);
        alerts?.stored();
      },
    });
    closers.push(() => collector.close());
    const { url, page } = await serveApi(options, { store, thread, collector, events }, closers);
    return { url, otlpUrl: collector.receiver.url, store, collector, page, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
