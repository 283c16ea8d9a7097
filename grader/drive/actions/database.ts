import { until } from '@workshop/base';
import type { System } from '../../world/index.ts';

/** What a scenario may do to the tree's own database, through the grader's own connection. */
export interface DatabaseActions {
  /** how far away the database is: milliseconds each way, so twice as much for every query */
  setDistance(oneWayMs: number): void;
  /** takes an exclusive lock, runs `during`, releases it */
  whileLocked<T>(table: string, during: () => Promise<T>): Promise<T>;
  /** waits until a statement of the learner's system waits for a lock, then cancels it; false when none ever waited */
  cancelWaiting(): Promise<boolean>;
  /** asks the database itself what a check needs to know; never writes */
  read(sql: string, parameters?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

export function databaseActions({ database }: System): DatabaseActions {
  return {
    setDistance: (oneWayMs) => database.setDelay(2 * oneWayMs),
    whileLocked: async (table, during) => {
      const release = await database.lock(table);
      try {
        return await during();
      } finally {
        await release();
      }
    },
    cancelWaiting: () =>
      until(async () => {
        const { rows } = await database.query(
          `SELECT pg_cancel_backend(pid) AS cancelled FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'`,
        );
        return rows.some((row) => row.cancelled === true);
      }),
    read: (sql, parameters) => database.query(sql, parameters),
  };
}
