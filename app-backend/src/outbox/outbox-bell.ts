import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Client } from 'pg';
import { AppConfig } from '../config/app-config';

/** How long the database may take to answer, in milliseconds. */
const SILENCE_LIMIT_MS = 5_000;

/** Rings when messages were put into the outbox, so that an idle worker need not ask for them again and again. */
@Injectable()
export class OutboxBell {
  private client: Client | undefined;
  private ring = new AbortController();

  constructor(private readonly config: AppConfig) {}

  /**
   * Listens from now on. It takes a connection of its own: one of the pool cannot be told anything.
   *
   * @throws Error when the database is away
   */
  async hang(): Promise<void> {
    if (this.client) {
      return;
    }
    const client = new Client({
      connectionString: this.config.databaseUrl,
      connectionTimeoutMillis: SILENCE_LIMIT_MS,
      query_timeout: SILENCE_LIMIT_MS,
    });
    client.on('notification', () => this.ring.abort());
    client.on('error', () => undefined);
    // A lost connection rings, too: whoever waits finds out why, and hangs the bell up again.
    client.on('end', () => {
      if (this.client === client) {
        this.client = undefined;
      }
      this.ring.abort();
    });
    try {
      await client.connect();
      await client.query('LISTEN outbox');
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
  }

  /** Waits until it rings, at most so long. A ring since the last time counts. */
  async wait(maxMs: number, signal: AbortSignal): Promise<void> {
    await pause(maxMs, undefined, { signal: AbortSignal.any([signal, this.ring.signal]) }).catch(
      () => undefined,
    );
    this.ring = new AbortController();
  }

  async takeDown(): Promise<void> {
    await this.client?.end();
  }
}
