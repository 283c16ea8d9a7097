import { createRequire } from 'node:module';
import { join } from 'node:path';

/** ClickHouse as a library: the part of `chdb` that is used here. */
export interface Engine {
  /** Runs a statement with its parameters. @throws Error with ClickHouse's own text, `Code: 60. DB::Exception: …` */
  run(sql: string, parameters: Readonly<Record<string, unknown>>): Promise<Uint8Array>;
  close(): void;
}

interface Session {
  queryBindAsync(
    sql: string,
    parameters: object,
    options: { format: string },
  ): Promise<{ bytes(): Uint8Array }>;
  close(): void;
}

/** `npm run test:clickhouse` puts it there: 543 MB, which nobody else needs. */
export const ENGINE_FOLDER = join(import.meta.dirname, '..', '..', '..', '.workshop', 'clickhouse');
export const CHDB = 'chdb@3.4.0';

/** Opens a database of its own in a folder that is made and removed by it. One in a process. */
export function openEngine(): Engine {
  const { Session } = createRequire(join(ENGINE_FOLDER, 'package.json'))('chdb') as {
    Session: new () => Session;
  };
  const session = new Session();
  return {
    async run(sql, parameters) {
      const result = await session.queryBindAsync(sql, parameters, { format: 'JSONEachRow' });
      return result.bytes();
    },
    close: () => session.close(),
  };
}
