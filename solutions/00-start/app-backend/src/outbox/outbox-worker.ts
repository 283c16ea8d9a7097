import { setTimeout as pause } from 'node:timers/promises';
import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { PoolClient } from 'pg';
import { Database } from '../database/database';
import { FanOut } from '../notifications/fan-out';
import { OutboxRepository } from './outbox.repository';
import { StoredOutboxMessage } from './outbox-message';

const BATCH_SIZE = 10;
const POLL_INTERVAL_MS = 200;

/** Takes messages from the outbox, a batch at a time, until the process is told to stop. */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxWorker.name);
  private readonly stopping = new AbortController();
  private polling: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxRepository,
    private readonly fanOut: FanOut,
  ) {}

  onApplicationBootstrap(): void {
    this.polling = this.poll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.polling;
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const processed = await this.tryBatch();
      if (processed < BATCH_SIZE) {
        await pause(POLL_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** A batch that fails is rolled back as a whole, and tried again at the next poll. */
  private async tryBatch(): Promise<number> {
    try {
      return await this.processBatch();
    } catch (error) {
      this.logger.error(`A batch failed: ${(error as Error).message}`);
      return 0;
    }
  }

  /** @returns how many messages were processed */
  private processBatch(): Promise<number> {
    return this.database.transaction(async (client) => {
      const processed: string[] = [];
      for (const message of await this.outbox.claim(client, BATCH_SIZE)) {
        if (this.stopping.signal.aborted) {
          break;
        }
        await this.handle(client, message);
        processed.push(message.id);
      }
      if (processed.length > 0) {
        await this.outbox.markProcessed(client, processed);
      }
      return processed.length;
    });
  }

  /** Does what a message of this type asks for, within the transaction of its batch. */
  private async handle(client: PoolClient, { type, payload }: StoredOutboxMessage): Promise<void> {
    switch (type) {
      case 'post.published':
        return this.fanOut.notifyFollowers(client, payload.authorId, payload.postId);
      default:
        throw new Error(`The worker knows no messages of type "${type}".`);
    }
  }
}
