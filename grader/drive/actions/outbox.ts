import { until } from '@workshop/base';
import type { System } from '../../world/index.ts';

/** A message as it stands in the outbox. */
export type OutboxRow = {
  /** the message's own id */
  id: string;
  postId: string;
  /** the whole row as JSON text, with whatever the learner put beside what Murmur writes */
  row: string;
};

/** What the worker wrote about one post. */
export type Told = {
  postId: string;
  followers: number;
  /** the author's followers by now: so many are to be told */
  wanted: number;
  /** of the transaction that told them; null: nobody was told */
  transaction: string | null;
};

/** What a message says, as Murmur writes it. */
type Payload = { postId: string; authorId: string };

/** What became of a row that was to be written. */
export type Left = { id: string } | { refused: string };

/** What a scenario does to the outbox, and knows of it. The messages are taken by the worker: it needs the option `worker`. */
export interface OutboxActions {
  /** waits until no message waits; false when nobody works on one any more, or the worker has ended */
  emptied(): Promise<boolean>;
  /**
   * leaves a message as Murmur did before anybody changed it: its type and its payload, and nothing else
   * @returns the message's id, or the database's words where it refuses such a row
   */
  leaveOld(post: { id: string; authorId: string }): Promise<Left>;
  /**
   * leaves a message that the worker cannot deliver, since the database refuses what its payload holds, and waits until it
   * was tried once
   * @returns the message's id, or the database's words where it refuses such a row
   */
  leaveBroken(payload: Payload): Promise<Left>;
  /** gives a message another payload, with which it can be delivered */
  mend(id: string, payload: Payload): Promise<void>;
  /** tells the worker of messages though there are none, and waits until it has looked; false when it never did */
  ringForNothing(): Promise<boolean>;
  /** the messages about these posts, oldest first */
  rowsOf(postIds: readonly string[]): Promise<OutboxRow[]>;
  /** how many people were told of each of these posts, and in which transaction: what one batch did has one number */
  toldOf(postIds: readonly string[]): Promise<Told[]>;
}

/** So long a worker may take to deliver, on a machine that is busy with other things. Milliseconds. */
const DELIVERED_MS = 30_000;
/** A message that fails is tried again after 1, 2, 4 s: at the third failure nobody works on it for so long. */
const QUIET_SECONDS = 3.5;

/** So long a worker may take to look for messages once it was told of some. Milliseconds. */
const LOOK_MS = 3_000;
/** It looks within 2 ms, and some scenarios have it look many times. Milliseconds. */
const LOOK_EVERY_MS = 4;

export function outboxActions({ database, workerRuns }: System): OutboxActions {
  const giveUp = () => !workerRuns();
  const isTrue = async (sql: string, parameters: unknown[] = []): Promise<boolean> =>
    (await database.query(`SELECT ${sql} AS yes`, parameters)).rows[0]?.yes === true;
  const leave = async (payload: Payload): Promise<Left> => {
    try {
      const { rows } = await database.query(
        "INSERT INTO outbox (type, payload) VALUES ('post.published', $1) RETURNING id",
        [payload],
      );
      return { id: String(rows[0]?.id) };
    } catch (error) {
      return { refused: (error as Error).message };
    }
  };
  /** waits until the worker has looked for messages since `ring`, which tells it to */
  const lookedAfter = async <T>(ring: () => Promise<T>): Promise<{ rang: T; looked: boolean }> => {
    const { rows } = await database.query('SELECT clock_timestamp()::text AS rung');
    const rang = await ring();
    const hasLooked = () => isTrue(HAS_LOOKED, [rows[0]?.rung]);
    return { rang, looked: await until(hasLooked, { maxMs: LOOK_MS, everyMs: LOOK_EVERY_MS, giveUp }) };
  };
  return {
    emptied: async () => {
      let left = false;
      const isEmpty = async (): Promise<boolean> => {
        if (await isTrue('NOT EXISTS (SELECT 1 FROM outbox WHERE processed_at IS NULL)')) return true;
        left = await isTrue(NOBODY_WORKS);
        return false;
      };
      return until(isEmpty, { maxMs: DELIVERED_MS, giveUp: () => left || giveUp() });
    },

    leaveOld: ({ id, authorId }) => leave({ postId: id, authorId }),

    leaveBroken: async (payload) => (await lookedAfter(() => leave(payload))).rang,

    async mend(id, payload) {
      await database.query('UPDATE outbox SET payload = $2 WHERE id = $1', [id, payload]);
    },

    ringForNothing: async () =>
      (await lookedAfter(() => database.query("SELECT pg_notify('outbox', '')"))).looked,

    async rowsOf(postIds) {
      const { rows } = await database.query(
        `SELECT id::text, payload->>'postId' AS "postId", to_jsonb(outbox)::text AS row
           FROM outbox WHERE payload->>'postId' = ANY($1) ORDER BY outbox.id`,
        [postIds],
      );
      return rows as OutboxRow[];
    },

    async toldOf(postIds) {
      const { rows } = await database.query(
        `SELECT p.id::text AS "postId",
                (SELECT count(*)::int FROM notifications n WHERE n.post_id = p.id) AS followers,
                (SELECT count(*)::int FROM follows f WHERE f.followee_id = p.author_id) AS wanted,
                (SELECT max(n.xmin::text) FROM notifications n WHERE n.post_id = p.id) AS transaction
           FROM posts p WHERE p.id = ANY($1::bigint[]) ORDER BY p.id`,
        [postIds],
      );
      return rows as Told[];
    },
  };
}

/** A connection of the learner's system was used since then, and none is in the middle of something. */
const HAS_LOOKED = `(SELECT bool_or(state_change > $1::timestamptz) AND bool_and(state = 'idle')
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')`;

/** No connection of the learner's system did anything for a while, and none is doing something now. */
const NOBODY_WORKS = `(SELECT coalesce(max(state_change) < clock_timestamp() - interval '${QUIET_SECONDS} seconds', true)
    AND coalesce(bool_and(state = 'idle'), true)
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')`;
