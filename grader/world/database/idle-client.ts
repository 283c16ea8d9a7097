import type pg from 'pg';

export type Query = (sql: string, parameters?: unknown[]) => Promise<pg.QueryResult>;

export interface IdleClient {
  query: Query;
  end(): Promise<void>;
}

/**
 * Queries on a connection that stays open but does not keep this process alive: only a query under way does.
 * @param client connected, and used through what is returned alone
 */
export function idleClient(client: pg.Client): IdleClient {
  const socket = client as unknown as { ref(): void; unref(): void };
  let running = 0;
  socket.unref();
  return {
    async query(sql, parameters) {
      if (running++ === 0) socket.ref();
      try {
        return await client.query(sql, parameters);
      } finally {
        if (--running === 0) socket.unref();
      }
    },
    async end() {
      socket.ref();
      await client.end().catch(() => {});
    },
  };
}
