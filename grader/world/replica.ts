import { until } from '@workshop/base';
import type { CapturedSpan } from '../capture/index.ts';
import type { ProcessRecord } from '../evidence/index.ts';
import { askToStop, type StopOutcome } from './ask-to-stop.ts';
import { type LaunchOptions, launch } from './launch.ts';
import { type OtlpCollector, startCollector } from './otlp-collector.ts';
import { reservePort } from './ports.ts';
import { waitUntilServing, waitUntilWorking } from './readiness.ts';

export interface ReplicaOptions {
  kind: 'api' | 'worker';
  /** what the origin of its spans says: `api-2`; each name only once in a system */
  name: string;
  /** more environment; null: what the system's own has there is left out */
  env?: Record<string, string | null>;
  /** milliseconds that a round trip to the database takes longer for it; default 0 */
  databaseDelayMs?: number;
}

/** Another instance of the learner's API or worker beside those of a system, with a collector of its own. */
export interface Replica {
  readonly kind: 'api' | 'worker';
  readonly name: string;
  readonly collector: OtlpCollector;
  /** waits until it answers, or until it works on messages: its address, '' for a worker; null when it never will */
  ready(): Promise<string | null>;
  /** waits until it has called its database, as it does while it starts; false when it never did */
  reachedDatabase(): Promise<boolean>;
  /** what its process has ended by now */
  spans(): readonly CapturedSpan[];
  /** asks it to end and waits, at most so many milliseconds; what is left then is ended */
  stop(patienceMs: number): Promise<StopOutcome>;
  record(): Promise<ProcessRecord>;
  close(): Promise<void>;
}

/** What all replicas of a system share with it. */
export interface ReplicaWorld extends Omit<LaunchOptions, 'receiverUrl' | 'follow' | 'databaseDelayMs'> {
  /** says whether a worker listens to the outbox */
  listensToOutbox: () => Promise<boolean>;
  requests: OtlpCollector['requests'];
}

/** The same code has started once, in the system itself: several at once may take long on a busy machine. Milliseconds. */
const START_MS = 60_000;

/** Starts it and returns at once. Its spans are told as they end, so that they are known however it ends. */
export async function startReplica(world: ReplicaWorld, options: ReplicaOptions): Promise<Replica> {
  const { kind, name } = options;
  const [collector, reserved] = await Promise.all([
    startCollector(world.requests),
    kind === 'api' ? reservePort() : null,
  ]);
  const { learner, proxy } = await launch(
    name,
    kind === 'api' ? 'start' : 'start:worker',
    reserved?.port ?? null,
    {
      ...world,
      env: { ...world.env, ...options.env },
      databaseDelayMs: options.databaseDelayMs ?? 0,
      receiverUrl: collector.url,
      follow: true,
    },
  );
  const startLimit = new Promise<void>((resolve) => setTimeout(resolve, START_MS).unref());
  let over = false;
  void learner.over.then(() => {
    over = true;
  });
  const becomeReady = async (): Promise<string | null> => {
    const works = () => waitUntilWorking(learner, proxy, startLimit, world.listensToOutbox);
    const url = reserved
      ? await waitUntilServing(learner, reserved.port, startLimit)
      : (await works())
        ? ''
        : null;
    // What it says of itself now is known even if a signal ends it.
    if (url !== null) await learner.record();
    return url;
  };
  const end = async (): Promise<void> => {
    await learner.end('stopped');
    await Promise.all([proxy.close(), collector.close(), reserved?.release()]);
  };
  let asked = false;
  let becoming: Promise<string | null> | undefined;
  let ending: Promise<void> | undefined;
  return {
    kind,
    name,
    collector,
    ready() {
      becoming ??= becomeReady();
      return becoming;
    },
    reachedDatabase: () =>
      until(() => proxy.accepted > 0, { maxMs: START_MS, everyMs: 5, giveUp: () => over }),
    spans: () => learner.connection()?.followed ?? [],
    async stop(patienceMs) {
      asked = true;
      const outcome = await askToStop(learner, patienceMs);
      await learner.end('stopped');
      return outcome;
    },
    async record() {
      const record = await learner.record();
      // It ended since it was asked to, and messages call it by what it is.
      return { ...record, ended: asked && record.ended === 'exited' ? 'stopped' : record.ended, name: kind };
    },
    close() {
      ending ??= end();
      return ending;
    },
  };
}
