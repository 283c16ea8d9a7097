import type { System } from '../world/index.ts';
import type { DatabaseWords } from './scenario.ts';
import { until } from './until.ts';

/** What a scenario may do to the tree's own database, through the grader's own connection. */
export function databaseWords(system: System): DatabaseWords {
  const { database } = system;
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
