import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { Pool, PoolClient, QueryResultRow } from 'pg';
import { AppConfig } from '../config/app-config';

/** No statement of a request may take longer, in milliseconds. The server enforces it. */
const STATEMENT_TIMEOUT_MS = 2_000;

/** A server that is frozen enforces nothing: so long we wait for an answer, in milliseconds, or for a connection. */
const SILENCE_LIMIT_MS = 5_000;

/** The connection pool that all repositories share. */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly logger = new Logger(Database.name);
  private readonly pool: Pool;

  constructor(config: AppConfig) {
    this.pool = new Pool({
      connectionString: config.databaseUrl,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: SILENCE_LIMIT_MS,
      connectionTimeoutMillis: SILENCE_LIMIT_MS,
      max: 10,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', (error) => this.logger.warn(`An idle connection was lost: ${error.message}`));
    // The same for one that a transaction holds: the pool does not listen to it, and its query tells of the loss.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Runs one statement on any free connection and gives its rows. */
  async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const result = await this.pool.query<Row>(text, values);
    return result.rows;
  }

  /** Runs `work` between BEGIN and COMMIT on one connection; an error rolls back and is thrown again. */
  async transaction<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      // A connection that cannot roll back must not go back to the pool.
      client.release(broken);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
