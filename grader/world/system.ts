import { randomBytes } from 'node:crypto';
import { type CaptureServer, startCaptureServer } from '../capture/index.ts';
import type { ProcessEnd, ProcessRecord } from '../evidence/index.ts';
import type { TreeDatabase } from './database/tree-database.ts';
import { WorldError } from './error.ts';
import { type Launched, launch } from './launch.ts';
import { defaultLimits, type ProcessLimits } from './learner-process.ts';
import { type OtlpCollector, startCollector } from './otlp-collector.ts';
import { reservePort } from './ports.ts';
import { hideOwnSecrets } from './process/own-environment.ts';
import { endLeftProcesses } from './process/run-record.ts';
import { waitUntilServing, waitUntilWorking } from './readiness.ts';
import { type Replica, type ReplicaOptions, startReplica } from './replica.ts';
import { openSystemDatabase, type SystemDatabaseOptions } from './system-database.ts';

export interface SystemOptions extends SystemDatabaseOptions {
  /** holds app-backend/ */
  treeDir: string;
  /** Milliseconds that a round trip to the database takes longer; default 0: near. */
  databaseDelayMs?: number;
  /** Start the worker as well (`start:worker`); default false, since most scenarios need none and it costs boot time. */
  worker?: boolean;
  /** Extra environment of the learner's processes (OTEL_TRACES_SAMPLER_ARG ...). */
  env?: Record<string, string>;
  limits?: Partial<ProcessLimits>;
  /** Called once, when the API's process has been started: what needs this process's time is done best from then on. */
  onLaunched?: () => void;
  /** Ends the learner's processes when it is aborted, so that a start that nobody waits for any more is over soon. */
  signal?: AbortSignal;
}

/** A learner's running system, and the grader's hands on it. */
export interface System {
  /** null if the API never became ready */
  apiUrl: string | null;
  database: {
    query: TreeDatabase['query'];
    /** Milliseconds that a round trip to the database takes longer, from now on. */
    setDelay(ms: number): void;
    /** all connections of the learner's processes to it break; they may connect again */
    breakConnections(): void;
    /** Takes the strongest lock on a table; returns how to let go. */
    lock(table: string): Promise<() => Promise<void>>;
    /** Undoes all that was written since the API became ready. */
    resetToSeed(): Promise<void>;
  };
  receiver: OtlpCollector;
  capture: CaptureServer;
  /** Starts another instance of its API or worker, which ends with the system at the latest. */
  startReplica(options: ReplicaOptions): Promise<Replica>;
  /** false when the system was started without a worker, or its worker has ended */
  workerRuns(): boolean;
  processes(): Promise<ProcessRecord[]>;
  /** Processes that ended by themselves since then, oldest first. */
  endsSince(sinceMs: number): Promise<Omit<ProcessEnd, 'after'>[]>;
  /** Ends the learner's processes and drops the database, so that another system can take their place. stop() does the rest. */
  makeRoom(): Promise<void>;
  /** Ends everything, drops the database and returns the final records. May be called again. */
  stop(): Promise<ProcessRecord[]>;
}

/**
 * Starts the learner's system: its database, its API and, if asked, its worker, with the capture inside.
 * Never throws for the learner's faults: those are in processes().
 * @throws WorldError for the grader's own trouble
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  endLeftProcesses();
  hideOwnSecrets();
  const owned = new AsyncDisposableStack();
  try {
    return await start(options, owned);
  } catch (error) {
    await owned.disposeAsync();
    if (error instanceof WorldError) throw error;
    throw new WorldError(`The grader could not start: ${(error as Error).message}`, { cause: error });
  }
}

/** @param owned gets what must be ended with the system, or when it cannot be started */
async function start(options: SystemOptions, owned: AsyncDisposableStack): Promise<System> {
  const database = openSystemDatabase(options);
  owned.defer(() => database.drop());
  const [capture, receiver, reserved] = await Promise.all([
    startCaptureServer(),
    startCollector(),
    reservePort(),
  ]);
  owned.defer(() => reserved.release());
  owned.defer(() => receiver.close());
  owned.defer(() => capture.close());

  const limits = { ...defaultLimits, ...options.limits };
  const sessionSecret = randomBytes(24).toString('hex');
  const launched: Launched[] = [];
  const shared = { treeDir: options.treeDir, env: options.env, limits, database, capture, sessionSecret };
  const launchOne = async (name: 'api' | 'worker', script: string, port: number | null) => {
    const one = await launch(name, script, port, {
      ...shared,
      databaseDelayMs: options.databaseDelayMs ?? 0,
      receiverUrl: receiver.url,
    });
    owned.defer(() => one.proxy.close());
    owned.defer(() => one.learner.end('stopped'));
    const end = () => void one.learner.end('stopped');
    if (options.signal?.aborted) end();
    options.signal?.addEventListener('abort', end);
    owned.defer(() => options.signal?.removeEventListener('abort', end));
    launched.push(one);
    return one;
  };

  options.onProgress?.('starting the API');
  const api = await launchOne('api', 'start', reserved.port);
  options.onLaunched?.();
  const worker = options.worker ? await launchOne('worker', 'start:worker', null) : null;
  const startLimit = databaseThenLimit(database.target, limits.startMs);
  const [apiUrl, treeDatabase] = await Promise.all([
    waitUntilServing(api.learner, reserved.port, startLimit),
    database.opened,
    worker &&
      waitUntilWorking(worker.learner, worker.proxy, startLimit, async () =>
        listensToOutbox(await database.opened),
      ),
  ]);
  // What the learner's own migrations wrote belongs to the seed.
  await treeDatabase.markSeed();

  const processes = () => Promise.all(launched.map(({ learner }) => learner.record()));
  const endProcesses = async () => {
    await Promise.all(launched.map(({ learner }) => learner.end('stopped')));
  };
  const stop = async () => {
    await endProcesses();
    const final = await processes();
    await owned.disposeAsync();
    return final;
  };
  let stopping: Promise<ProcessRecord[]> | undefined;
  return {
    apiUrl,
    database: {
      query: treeDatabase.query,
      lock: treeDatabase.lock,
      resetToSeed: treeDatabase.resetToSeed,
      setDelay: (ms) => launched.forEach(({ proxy }) => void proxy.setDelay(ms / 2)),
      breakConnections: () => launched.forEach(({ proxy }) => void proxy.breakConnections()),
    },
    receiver,
    capture,
    async startReplica(wanted) {
      const replica = await startReplica(
        {
          ...shared,
          listensToOutbox: async () => listensToOutbox(await database.opened),
          requests: receiver.requests,
        },
        wanted,
      );
      owned.defer(() => replica.close());
      return replica;
    },
    workerRuns: () => worker !== null && worker.learner.ended === 'running',
    processes,
    async endsSince(sinceMs) {
      const ends = await Promise.all(launched.map(({ learner }) => learner.endsSince(sinceMs)));
      return ends.flat().sort((a, b) => a.atMs - b.atMs);
    },
    async makeRoom() {
      await endProcesses();
      await database.drop();
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** The learner's time runs from when the database is there: the first seeding is not their fault. */
async function databaseThenLimit(database: Promise<unknown>, startMs: number): Promise<void> {
  await database.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, startMs).unref());
}

/** Whether a process of the learner's listens to the outbox, as Murmur's worker does once it is up. */
async function listensToOutbox({ query }: TreeDatabase): Promise<boolean> {
  const { rows } = await query(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query ~* '^\\s*LISTEN\\s+outbox'",
  );
  return rows.length > 0;
}
