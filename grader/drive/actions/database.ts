import { until } from '@workshop/base';
import type { System } from '../../world/index.ts';

/** What a scenario may do to the tree's own database, through the grader's own connection. */
export interface DatabaseActions {
  /** how far away the database is: milliseconds each way, so twice as much for every query */
  setDistance(oneWayMs: number): void;
  /**
   * Takes an exclusive lock, runs `during`, releases it. With `mostMs` the lock goes after so long even when `during` is not
   * over: Murmur's statements give up after 2 s, and on a busy machine a right answer would become a 500.
   */
  whileLocked<T>(table: string, during: () => Promise<T>, mostMs?: number): Promise<T>;
  /** waits until so many statements of the learner's system wait for a lock at once; false when they never did */
  untilWaiting(count?: number): Promise<boolean>;
  /** the same, then cancels them: their requests end in a 500 */
  cancelWaiting(count?: number): Promise<boolean>;
  /** the same, then breaks the connections to the database: their requests end in a 500 that it did not send */
  breakWaiting(count?: number): Promise<boolean>;
  /** asks the database itself what a check needs to know; never writes */
  read(sql: string, parameters?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** Statements of the learner's system that wait for a lock. */
const WAITING = `FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'`;

export function databaseActions({ database }: System): DatabaseActions {
  const untilWaiting = (count = 1): Promise<boolean> =>
    until(async () => {
      const { rows } = await database.query(`SELECT count(*)::int AS waiting ${WAITING}`);
      return (rows[0]?.waiting as number) >= count;
    });
  return {
    setDistance: (oneWayMs) => database.setDelay(2 * oneWayMs),
    whileLocked: async (table, during, mostMs) => {
      const unlock = await database.lock(table);
      let released: Promise<void> | undefined;
      const release = (): Promise<void> => {
        released ??= unlock();
        return released;
      };
      // A failing release is thrown where it is awaited.
      const timer = mostMs === undefined ? undefined : setTimeout(() => release().catch(() => {}), mostMs);
      try {
        return await during();
      } finally {
        clearTimeout(timer);
        await release();
      }
    },
    untilWaiting,
    async cancelWaiting(count) {
      if (!(await untilWaiting(count))) return false;
      const { rows } = await database.query(`SELECT pg_cancel_backend(pid) AS cancelled ${WAITING}`);
      return rows.some((row) => row.cancelled === true);
    },
    async breakWaiting(count) {
      if (!(await untilWaiting(count))) return false;
      database.breakConnections();
      return true;
    },
    read: (sql, parameters) => database.query(sql, parameters),
  };
}
