import { accepts, until } from '@workshop/base';
import type { Outage, ProcessStop } from '../../evidence/index.ts';
import type { CollectorCondition, Replica, System } from '../../world/index.ts';
import type { ApiActions, ApiClient } from './api.ts';

/** Other instances of the learner's API and worker, to be stopped: the system itself goes on. */
export interface ReplicaActions {
  /**
   * starts one and returns at once
   * @param label what the checks call it
   */
  start(kind: 'api' | 'worker', label: string, options?: ReplicaStart): Promise<StartedReplica>;
}

export interface ReplicaStart {
  /** more environment; null: it is not told that */
  env?: Record<string, string | null>;
  /** how far away its database is: milliseconds each way */
  databaseDistance?: number;
}

/** What is known of a process that was to end. */
type StopOutcome = Pick<ProcessStop, 'askedMs' | 'endedMs' | 'patienceMs' | 'code' | 'signal'>;

/** One of them. It has a collector of its own. */
export interface StartedReplica {
  /** as the origin of its spans says */
  readonly process: string;
  /** waits until it answers, or works on messages; false when it never will: then there is nothing more to do with it */
  ready(): Promise<boolean>;
  /** waits until it has called its database, as it does while it starts; false when it never did */
  reachedDatabase(): Promise<boolean>;
  /** requests to it, once it is ready; only of an API */
  api(): ApiActions;
  setCollector(condition: CollectorCondition): void;
  /** how many spans its process has ended by now */
  ended(): number;
  /**
   * its collector goes away while `during` runs, and until it was called in vain and given up
   * @returns when it was away, and which spans had not come `backMs` after it was back
   */
  whileAway(during: () => Promise<unknown>, backMs: number): Promise<Outage>;
  /** waits until it has no spans that its collector lacks; false after `maxMs` */
  arrived(maxMs: number): Promise<boolean>;
  /** waits until it takes no new connection, as an API does that was told to end; false after `maxMs` */
  closed(maxMs: number): Promise<boolean>;
  /** has it end with SIGTERM and waits, at most 8 s where nothing else runs; the evidence says what became of it. Called again, it waits for the first. */
  stop(): Promise<void>;
}

/**
 * The task gives a process 5 s to end. On a machine that is busy with other things, too, right ones took up to 6 s; on one
 * that is so busy that a start takes longer than usual, a process has so much longer to end as well. Milliseconds.
 */
const PATIENCE_MS = 8_000;
const USUAL_START_MS = 4_000;
const MOST_PATIENCE_MS = 60_000;

/** A collector that is away is called within so long: an SDK that nobody configured sends every 5 s. Milliseconds. */
const CALLED_MS = 7_000;
/** An exporter that tries for 1 s, as its environment says here, has given up by then. Milliseconds after its first call. */
const GIVEN_UP_MS = 1_500;

/** @param stops gets what became of each, also of those that were never ready */
export function replicaActions(
  system: System,
  client: ApiClient,
  stops: ProcessStop[],
): { actions: ReplicaActions; closeAll(): Promise<void> } {
  const all: Replica[] = [];
  /** the system has the first of each */
  let number = 1;
  let slowestStartMs = 0;
  const patienceMs = () =>
    Math.min(MOST_PATIENCE_MS, PATIENCE_MS * Math.max(1, slowestStartMs / USUAL_START_MS));
  const start: ReplicaActions['start'] = async (kind, label, { env, databaseDistance = 0 } = {}) => {
    const name = `${kind}-${++number}`;
    const replica = await system.startReplica({ kind, name, env, databaseDelayMs: 2 * databaseDistance });
    all.push(replica);
    const beganMs = performance.now();
    let url: string | null = null;
    let stopping: Promise<void> | undefined;
    const noteStop = async (outcome: StopOutcome): Promise<void> => {
      const inVainMs = [...replica.collector.inVain];
      const record = await replica.record();
      stops.push({ label, kind, process: name, inVainMs, record, ...outcome });
    };
    const arrived = (maxMs: number): Promise<boolean> =>
      until(() => missingOf(replica.spans(), system.receiver).length === 0, { maxMs });
    return {
      process: name,
      async ready() {
        url = await replica.ready();
        if (url === null)
          await noteStop({ askedMs: null, endedMs: null, patienceMs: 0, code: null, signal: null });
        slowestStartMs = Math.max(slowestStartMs, performance.now() - beganMs);
        return url !== null;
      },
      reachedDatabase: () => replica.reachedDatabase(),
      api: () => client.at(url ?? ''),
      setCollector: (condition) => replica.collector.setCondition(condition),
      ended: () => replica.spans().length,
      arrived,
      closed: (maxMs) =>
        until(async () => url !== null && !(await accepts(Number(new URL(url).port))), { maxMs }),
      async whileAway(during, backMs) {
        const { collector } = replica;
        const fromMs = Date.now();
        collector.setCondition('away');
        await during();
        const firstCall = (): number | undefined => collector.inVain.find((atMs) => atMs >= fromMs);
        const called = await until(() => firstCall() !== undefined, { maxMs: CALLED_MS });
        if (called) await until(() => Date.now() - (firstCall() ?? 0) >= GIVEN_UP_MS, { maxMs: GIVEN_UP_MS });
        collector.setCondition('there');
        const toMs = Date.now();
        const came = await arrived(backMs);
        const missing = missingOf(replica.spans(), system.receiver);
        return { process: name, kind, fromMs, toMs, waitedMs: came ? null : Date.now() - toMs, missing };
      },
      stop() {
        const maxMs = patienceMs();
        stopping ??= replica.stop(maxMs).then((outcome) => noteStop({ ...outcome, patienceMs: maxMs }));
        return stopping;
      },
    };
  };
  return {
    actions: { start },
    closeAll: async () => void (await Promise.all(all.map((replica) => replica.close()))),
  };
}

/** The ids of those of these spans that no collector of a system has kept. */
export function missingOf(
  spans: readonly { spanId: string }[],
  { requests }: Pick<System['receiver'], 'requests'>,
): string[] {
  const kept = new Set(
    requests.flatMap((request) => (request.status === 200 ? request.spans.map(({ spanId }) => spanId) : [])),
  );
  return spans.map(({ spanId }) => spanId).filter((spanId) => !kept.has(spanId));
}
