import { setTimeout as pause } from 'node:timers/promises';
import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { PoolClient } from 'pg';
import { Database } from '../database/database';
import { FanOut } from '../notifications/fan-out';
import { FailedMessages } from './failed-messages';
import { OutboxRepository } from './outbox.repository';
import { OutboxBell } from './outbox-bell';
import { StoredOutboxMessage } from './outbox-message';
import { traceProcessing } from './outbox-tracing';

const BATCH_SIZE = 10;
/** After a failure: of a message, so that the rest of its batch is tried soon, or of the database. */
const SHORT_PAUSE_MS = 200;
/** A database that is away is asked less and less often. */
const LONGEST_PAUSE_MS = 10_000;
/** The bell tells of new messages; this long without one, the worker looks for itself. */
const IDLE_PAUSE_MS = 60_000;

/** Takes messages from the outbox, a batch at a time, until the process is told to stop. */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxWorker.name);
  private readonly stopping = new AbortController();
  private readonly failed = new FailedMessages();
  private polling: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxRepository,
    private readonly fanOut: FanOut,
    private readonly bell: OutboxBell,
  ) {}

  onApplicationBootstrap(): void {
    this.polling = this.poll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.polling;
    await this.bell.takeDown();
  }

  /** While the database is away, each pause is twice as long as the one before. */
  private async poll(): Promise<void> {
    const { signal } = this.stopping;
    let pauseMs = SHORT_PAUSE_MS;
    while (!signal.aborted) {
      try {
        await this.bell.hang();
        const askedMs = Date.now();
        const processed = await this.tryBatch(askedMs);
        pauseMs = SHORT_PAUSE_MS;
        if (processed === BATCH_SIZE) {
          continue;
        }
        const idleMs = Math.min(IDLE_PAUSE_MS, this.failed.untilNextTry(askedMs));
        await this.bell.wait(processed === null ? SHORT_PAUSE_MS : idleMs, signal);
        continue;
      } catch (error) {
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        this.logger.error(
          `The outbox cannot be read: ${(error as Error).message}. Next try in ${pauseMs / 1000} s.`,
        );
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * A batch in which a message fails is rolled back as a whole. The rest of it is tried again at the next poll.
   *
   * @param askedMs now: messages that wait for a later try are left out
   * @returns how many messages were processed, null when one failed
   * @throws Error when it failed for another reason than a message
   */
  private async tryBatch(askedMs: number): Promise<number | null> {
    try {
      return await this.processBatch(askedMs);
    } catch (error) {
      if (!(error instanceof MessageError)) {
        throw error;
      }
      const waitMs = this.failed.add(error.messageId);
      this.logger.error(`${error.message}. It is tried again in ${waitMs / 1000} s.`);
      return null;
    }
  }

  private async processBatch(askedMs: number): Promise<number> {
    const processed = await this.database.transaction(async (client) => {
      const messages = await this.outbox.claim(client, BATCH_SIZE, this.failed.waiting(askedMs));
      if (messages.length === 0) {
        return [];
      }
      return this.handleAll(client, messages);
    });
    this.failed.remove(processed);
    return processed.length;
  }

  /** @returns the ids of the messages that were handled */
  private async handleAll(client: PoolClient, messages: StoredOutboxMessage[]): Promise<string[]> {
    const ids: string[] = [];
    for (const message of messages) {
      if (this.stopping.signal.aborted) {
        break;
      }
      await traceProcessing(message, () => this.handle(client, message)).catch((error: Error) => {
        throw new MessageError(message.id, error);
      });
      ids.push(message.id);
    }
    if (ids.length > 0) {
      await this.outbox.markProcessed(client, ids);
    }
    return ids;
  }

  /** Does what a message of this type asks for, within the transaction of its batch. */
  private async handle(client: PoolClient, { type, payload }: StoredOutboxMessage): Promise<void> {
    switch (type) {
      case 'post.published':
        return this.fanOut.notifyFollowers(client, payload.authorId, payload.postId);
      default:
        throw new Error(`nobody handles the type "${type}"`);
    }
  }
}

/** A message could not be processed. */
class MessageError extends Error {
  constructor(
    readonly messageId: string,
    cause: Error,
  ) {
    super(`Message ${messageId} failed: ${cause.message}`, { cause });
  }
}
