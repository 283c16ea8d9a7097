import path from 'node:path';
import { repositoryRoot, WorkshopError } from '@workshop/base';
import type { LabOptions, Mount } from '@workshop/lab';
import { type ClassCollector, readClassCollector } from '@workshop/lab/class-collector';
import { readClickHouseAddress } from '@workshop/lab/clickhouse';
import type { Ports } from './addresses.ts';

export interface OpenLab {
  /** Why it does not run, in one sentence; null if it does. */
  problem: string | null;
  /** the database of others that it reads; null: it has a store of its own */
  reads: string | null;
  close(): Promise<void>;
}

export interface OpenLabOptions {
  root: string;
  ports: Ports;
  pageOrigin: string;
  /** Where the keys of Honeycomb may be, and the address of a class's Collector. */
  shell: NodeJS.ProcessEnv;
  /** address of a ClickHouse database; absent: the lab keeps spans itself */
  store?: string;
  /** Gets what the lab has to say while it runs. */
  say: (line: string) => void;
  /** whether it has its page, which is built of this repository; absent: where the learner's folder is this one */
  page?: boolean;
  /** adds routes to it */
  mount?: Mount;
}

/**
 * Starts the lab in this process. It is loaded here only: its store has a native part that may be missing on a machine,
 * and Murmur runs without it.
 * @throws WorkshopError for an address in the environment or behind --store that cannot be used
 */
export async function openLab(options: OpenLabOptions): Promise<OpenLab> {
  const { root, shell, ports, store } = options;
  const collector = readClassCollector(root, shell, ports.collector);
  if (store !== undefined) return openReadingLab(options, store, collector);
  try {
    const { startLab } = await import('@workshop/lab');
    const lab = await startLab({
      ...commonOptions(options),
      otlpPort: ports.collector,
      honeycomb: { root, env: shell, log: options.say },
      ...(collector && { classCollector: { root, collector, log: options.say } }),
      allowedOrigins: originsOf(options),
    });
    sayPageTrouble(lab, options.say);
    return { problem: null, reads: null, close: () => lab.close() };
  } catch (error) {
    const [line = 'unknown'] = (error as Error).message.split('\n');
    return { problem: line.endsWith('.') ? line : `${line}.`, reads: null, close: async () => {} };
  }
}

/** Whoever names a database wants that one: what is wrong with it is an error, and Murmur does not run without it. */
async function openReadingLab(
  options: OpenLabOptions,
  store: string,
  collector: ClassCollector | null,
): Promise<OpenLab> {
  const { root, shell, ports, say } = options;
  const address = readClickHouseAddress(store, shell);
  if (collector === null)
    throw new WorkshopError(
      'With --store the lab collects nothing, so Murmur needs another place for its spans.',
      {
        whatToDo: 'Set OTEL_EXPORTER_OTLP_ENDPOINT to the address of the Collector that fills the database.',
      },
    );
  const { startReadingLab } = await import('@workshop/lab');
  const passOn = { root, collector, port: ports.collector, allowedOrigins: originsOf(options), log: say };
  const lab = await startReadingLab({ ...commonOptions(options), store: address, passOn });
  sayPageTrouble(lab, say);
  return { problem: null, reads: lab.reads, close: () => lab.close() };
}

function commonOptions({ root, ports, say, page, mount }: OpenLabOptions) {
  return {
    dir: path.join(root, '.workshop', 'lab'),
    port: ports.lab,
    queries: path.join(root, 'queries'),
    page: page ?? root === repositoryRoot,
    log: say,
    ...(mount && { mount }),
  } satisfies LabOptions;
}

function originsOf({ pageOrigin, ports }: OpenLabOptions): string[] {
  return [pageOrigin, ...['localhost', '127.0.0.1'].map((host) => `http://${host}:${ports.page}`)];
}

function sayPageTrouble(
  { page }: { page: { settled: Promise<unknown>; trouble: string | null } | null },
  say: (line: string) => void,
): void {
  void page?.settled.then(() => {
    if (page.trouble) say(`Its page could not be built: ${page.trouble.split('\n')[0]}`);
  });
}
