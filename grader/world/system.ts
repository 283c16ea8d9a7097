import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type ReceivedRequest, startReceiver } from '@workshop/telemetry';
import {
  type CapturedSpan,
  type CaptureServer,
  startCaptureServer,
  type UnendedSpan,
} from '../capture/index.ts';
import type { ProcessRecord } from '../evidence/index.ts';
import { ensureTemplate } from './database/template.ts';
import {
  createTreeDatabase,
  releaseDatabaseName,
  type TreeDatabase,
  takeDatabaseName,
} from './database/tree-database.ts';
import { type DelayProxy, startDelayProxy } from './delay-proxy.ts';
import { WorldError } from './error.ts';
import { learnerEnvironment } from './learner-environment.ts';
import { defaultLimits, LearnerProcess, type ProcessLimits } from './learner-process.ts';
import { reservePort } from './ports.ts';
import { endLeftProcesses, RunRecord } from './process/run-record.ts';
import { waitUntilServing, waitUntilWorking } from './readiness.ts';
import { scriptOf } from './script.ts';
import { sharedServer } from './shared-server.ts';
import { repositoryRoot } from './workshop-directory.ts';

export interface SystemOptions {
  /** holds app-backend/ */
  treeDir: string;
  seed: number;
  /** Milliseconds that a round trip to the database takes longer; default 0: near. */
  databaseDelayMs?: number;
  /** Start the worker as well (`start:worker`); default false, since most scenarios need none and it costs boot time. */
  worker?: boolean;
  /** Extra environment of the learner's processes (OTEL_TRACES_SAMPLER_ARG ...). */
  env?: Record<string, string>;
  limits?: Partial<ProcessLimits>;
  /** app-backend whose migrations and seed fill the database; default: that of solutions/00-start, else the working one. */
  pristineBackendDir?: string;
  onProgress?: (step: string) => void;
  /** Called once, when the API's process has been started: what needs this process's time is done best from then on. */
  onLaunched?: () => void;
}

/** A learner's running system, and the grader's hands on it. */
export interface System {
  /** null if the API never became ready */
  apiUrl: string | null;
  sessionSecret: string;
  seed: number;
  database: {
    query: TreeDatabase['query'];
    /** Milliseconds that a round trip to the database takes longer, from now on. */
    setDelay(ms: number): void;
    /** Takes the strongest lock on a table; returns how to let go. */
    lock(table: string): Promise<() => Promise<void>>;
    /** Undoes all that was written since the API became ready. */
    resetToSeed(): Promise<void>;
  };
  receiver: { url: string; requests: ReceivedRequest[] };
  capture: CaptureServer;
  processes(): Promise<ProcessRecord[]>;
  /** Waits until every process has settled (bounded), then takes its spans since the cursor (by pid). */
  collect(since: Record<number, number>): Promise<Collected>;
  /** Ends everything, drops the database and returns the final records. May be called again. */
  stop(): Promise<ProcessRecord[]>;
}

export interface Collected {
  spans: CapturedSpan[];
  unended: UnendedSpan[];
  cursor: Record<number, number>;
  settled: boolean;
}

const runRecord = new RunRecord();

/** No open span and this quiet: settled (20-40 ms in practice). */
const settleQuietMs = 25;
const settleMaxMs = 2_000;

/**
 * Starts the learner's system: its database, its API and, if asked, its worker, with the capture inside.
 * Never throws for the learner's faults: those are in processes().
 * @throws WorldError for the grader's own trouble
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  endLeftProcesses();
  const undo: (() => Promise<unknown> | unknown)[] = [];
  try {
    return await start(options, undo);
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    if (error instanceof WorldError) throw error;
    throw new WorldError(`The grader could not start: ${(error as Error).message}`, { cause: error });
  }
}

/** @param undo gets what must be undone, oldest first, if starting or running ends */
async function start(options: SystemOptions, undo: (() => Promise<unknown> | unknown)[]): Promise<System> {
  const backendDir = path.resolve(options.treeDir, 'app-backend');
  const limits = { ...defaultLimits, ...options.limits };
  const sessionSecret = randomBytes(24).toString('hex');

  // The database starts beside the learner's boot: the proxy keeps early connections waiting.
  const opening = sharedServer();
  const databaseName = takeDatabaseName(opening.kind);
  const database = openTreeDatabase(options, databaseName);
  database.catch(() => {});
  undo.push(() =>
    database.then(
      (made) => made.drop(),
      () => releaseDatabaseName(databaseName),
    ),
  );
  const target = Promise.all([opening.server, database]).then(([{ host, port }]) => ({ host, port }));
  target.catch(() => {});

  const [capture, receiver, reserved] = await Promise.all([
    startCaptureServer(),
    startReceiver({ record: true, allowedOrigins: '*' }),
    reservePort(),
  ]);
  undo.push(
    () => reserved.release(),
    () => receiver.close(),
    () => capture.close(),
  );
  const proxies: DelayProxy[] = [];
  const processes: LearnerProcess[] = [];
  let delayMs = options.databaseDelayMs ?? 0;

  const launch = async (name: 'api' | 'worker', scriptName: string, port: number | null) => {
    const proxy = await startDelayProxy({ ready: target, delayMs: delayMs / 2 });
    proxies.push(proxy);
    undo.push(() => proxy.close());
    const databaseUrl = new URL(opening.login(databaseName));
    databaseUrl.host = `127.0.0.1:${proxy.port}`;
    const learner = new LearnerProcess({
      name,
      script: scriptOf(backendDir, scriptName) ?? '',
      // Without one, the shell says so, and the record holds it like any other crash at start.
      instead: `echo app-backend/package.json has no ${scriptName} script 1>&2 && exit 1`,
      cwd: existsSync(backendDir) ? backendDir : options.treeDir,
      environment: capture.environment(
        name,
        learnerEnvironment({
          backendDir,
          port,
          databaseUrl: databaseUrl.href,
          sessionSecret,
          receiverUrl: receiver.url,
          extra: options.env,
        }),
      ),
      // Its own address of the database: the other process of this system has another.
      mark: databaseUrl.href,
      askedPort: port,
      limits,
      capture,
      runRecord,
    });
    processes.push(learner);
    undo.push(() => learner.end('stopped'));
    return { learner, proxy };
  };

  options.onProgress?.('starting the API');
  const api = await launch('api', 'start', reserved.port);
  options.onLaunched?.();
  const worker = options.worker ? await launch('worker', 'start:worker', null) : null;
  const startLimit = databaseThenLimit(target, limits.startMs);
  const [apiUrl, treeDatabase] = await Promise.all([
    waitUntilServing(api.learner, reserved.port, startLimit),
    database,
    worker && waitUntilWorking(worker.learner, worker.proxy, startLimit),
  ]);
  // What the learner's own migrations wrote belongs to the seed.
  await treeDatabase.markSeed();

  const records = () => Promise.all(processes.map((learner) => learner.record()));
  let stopping: Promise<ProcessRecord[]> | undefined;
  const stop = async () => {
    await Promise.all(processes.map((learner) => learner.end('stopped')));
    const final = await records();
    await Promise.all([
      ...proxies.map((proxy) => proxy.close()),
      treeDatabase.drop(),
      receiver.close(),
      capture.close(),
    ]);
    reserved.release();
    return final;
  };

  return {
    apiUrl,
    sessionSecret,
    seed: options.seed,
    database: {
      query: treeDatabase.query,
      lock: treeDatabase.lock,
      resetToSeed: treeDatabase.resetToSeed,
      setDelay(ms) {
        delayMs = ms;
        for (const proxy of proxies) proxy.setDelay(ms / 2);
      },
    },
    receiver,
    capture,
    processes: records,
    collect: (since) => collect(capture, since),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function openTreeDatabase(options: SystemOptions, name: string): Promise<TreeDatabase> {
  const server = await sharedServer().server;
  const template = await ensureTemplate(server, pristineBackend(options), options.onProgress);
  return await createTreeDatabase(server, template, name);
}

function pristineBackend(options: SystemOptions): string {
  if (options.pristineBackendDir) return options.pristineBackendDir;
  const start = path.join(repositoryRoot, 'solutions', '00-start', 'app-backend');
  return existsSync(path.join(start, 'package.json')) ? start : path.join(repositoryRoot, 'app-backend');
}

/** The learner's time runs from when the database is there: the first seeding is not their fault. */
async function databaseThenLimit(database: Promise<unknown>, startMs: number): Promise<void> {
  await database.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, startMs).unref());
}

async function collect(capture: CaptureServer, since: Record<number, number>): Promise<Collected> {
  const cursor = { ...since };
  const results = await Promise.all(
    capture.processes().map(async (connection) => {
      // A process that hangs or ends meanwhile has not settled; what it said before is in its last words.
      const settled = await connection
        .settle({ quietMs: settleQuietMs, maxMs: settleMaxMs })
        .catch(() => null);
      const taken = await connection.collect(since[connection.pid] ?? 0).catch(() => null);
      if (taken) cursor[connection.pid] = taken.lastSeq;
      return { settled: settled?.settled ?? false, spans: taken?.spans ?? [], unended: taken?.unended ?? [] };
    }),
  );
  return {
    spans: results.flatMap((result) => result.spans),
    unended: results.flatMap((result) => result.unended),
    cursor,
    settled: results.every((result) => result.settled),
  };
}
