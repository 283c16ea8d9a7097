import { Injectable } from '@nestjs/common';
import { PoolClient } from 'pg';
import { OutboxMessage, StoredOutboxMessage } from './outbox-message';
import { traceSending } from './outbox-tracing';

/** Every method takes the caller's client: a message belongs to the transaction that it tells about. */
@Injectable()
export class OutboxRepository {
  async add(client: PoolClient, message: OutboxMessage): Promise<void> {
    await traceSending(async (carrier) => {
      const { rows } = await client.query<{ id: string }>(
        'INSERT INTO outbox (type, payload, context) VALUES ($1, $2, $3) RETURNING id',
        [message.type, message.payload, carrier],
      );
      return rows[0].id;
    });
  }

  /**
   * The oldest waiting messages that no other worker holds, those in `except` left out. They stay locked until the
   * transaction ends.
   */
  async claim(client: PoolClient, limit: number, except: string[] = []): Promise<StoredOutboxMessage[]> {
    const { rows } = await client.query<StoredOutboxMessage>(
      `SELECT id, type, payload, context
         FROM outbox
        WHERE processed_at IS NULL
          AND id <> ALL($2::bigint[])
        ORDER BY id
        LIMIT $1
          FOR UPDATE SKIP LOCKED`,
      [limit, except],
    );
    return rows;
  }

  async markProcessed(client: PoolClient, ids: string[]): Promise<void> {
    await client.query('UPDATE outbox SET processed_at = now() WHERE id = ANY($1::bigint[])', [ids]);
  }
}
