import { INestApplicationContext } from '@nestjs/common';
import { Database } from '../src/database/database';
import { FailedMessages } from '../src/outbox/failed-messages';
import { eventually } from './support/eventually';
import { Murmur, startMurmur, startWorker } from './support/murmur';
import { createSeededDatabase, TestDatabase } from './support/test-database';

describe('the worker', () => {
  let database: TestDatabase;
  let murmur: Murmur;
  let workers: INestApplicationContext[];

  beforeEach(async () => {
    database = await createSeededDatabase();
    murmur = await startMurmur(database.url);
    workers = [];
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await murmur.close();
    await database.drop();
  });

  const work = async () => {
    workers.push(await startWorker(database.url));
  };

  const mostFollowed = async () => {
    const [row] = await database.query<{ handle: string; followers: number }>(
      `SELECT u.handle, count(*)::int AS followers FROM follows f JOIN users u ON u.id = f.followee_id
        GROUP BY u.id ORDER BY followers DESC LIMIT 1`,
    );
    return row;
  };

  const publish = async (handle: string, times = 1): Promise<string[]> => {
    const author = await murmur.signIn(handle);
    const ids: string[] = [];
    for (let index = 0; index < times; index++) {
      ids.push((await author.post('/posts', { text: `Number ${index}` }).expect(201)).body.id);
    }
    return ids;
  };

  const waitUntilProcessed = () =>
    eventually(
      async () =>
        (
          await database.query<{ waiting: number }>(
            'SELECT count(*)::int AS waiting FROM outbox WHERE processed_at IS NULL',
          )
        )[0].waiting,
      (waiting) => waiting === 0,
    );

  const receiversOf = async (postIds: string[]) =>
    (
      await database.query<{ user_id: number }>(
        'SELECT user_id FROM notifications WHERE post_id = ANY($1::bigint[])',
        [postIds],
      )
    ).map((row) => row.user_id);

  it('tells every follower once', async () => {
    const { handle, followers } = await mostFollowed();
    const ids = await publish(handle);
    await work();
    expect(await waitUntilProcessed()).toBe(0);
    const receivers = await receiversOf(ids);
    expect(receivers).toHaveLength(followers);
    expect(new Set(receivers).size).toBe(followers);
  });

  it('shows the notification to a follower', async () => {
    await work();
    const iris = await murmur.signIn('iris');
    const [followed] = await database.query<{ handle: string }>(
      'SELECT u.handle FROM follows f JOIN users u ON u.id = f.followee_id WHERE f.follower_id = $1 LIMIT 1',
      [iris.id],
    );
    const [id] = await publish(followed.handle);
    await waitUntilProcessed();
    const { notifications } = (await iris.get('/notifications').expect(200)).body;
    expect(notifications[0].post).toMatchObject({ id, author: { handle: followed.handle } });
  });

  it('commits a batch as one, so that a short message waits for a long one', async () => {
    const { handle } = await mostFollowed();
    const ids = [...(await publish('ben')), ...(await publish(handle))];
    await work();
    await waitUntilProcessed();
    const batches = await database.query(
      'SELECT DISTINCT xmin::text FROM notifications WHERE post_id = ANY($1::bigint[])',
      [ids],
    );
    expect(batches).toHaveLength(1);
  });

  it('shares the work with a second worker without telling anybody twice', async () => {
    const { handle, followers } = await mostFollowed();
    const ids = await publish(handle, 25);
    await Promise.all([work(), work()]);
    expect(await waitUntilProcessed()).toBe(0);
    expect(await receiversOf(ids)).toHaveLength(25 * followers);
  });

  it('tries a batch again after the database refused it', async () => {
    const { handle, followers } = await mostFollowed();
    const ids = await publish(handle);
    const unlock = await database.lock('notifications');
    await work();
    await eventually(
      () =>
        database.query(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO notifications%'",
        ),
      (waiting) => waiting.length > 0,
    );
    await database.query(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO notifications%'",
    );
    await unlock();
    expect(await waitUntilProcessed()).toBe(0);
    expect(await receiversOf(ids)).toHaveLength(followers);
  });

  it('tries it again in time, too, when its time came while the worker was looking for others', async () => {
    const inserting = "wait_event_type = 'Lock' AND query LIKE 'INSERT INTO notifications%'";
    const claiming = "wait_event_type = 'Lock' AND query LIKE 'SELECT id, type, payload%'";
    const untilThere = (what: string) =>
      eventually(
        () => database.query(`SELECT 1 FROM pg_stat_activity WHERE ${what}`),
        (rows) => rows.length > 0,
      );
    const { handle, followers } = await mostFollowed();
    const ids = await publish(handle);
    const unlockNotifications = await database.lock('notifications');
    await work();
    await untilThere(inserting);
    await database.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE ${inserting}`);
    await unlockNotifications();
    const unlockOutbox = await database.lock('outbox');
    await untilThere(claiming);
    // The message waits a second for its next try, and that is over when the worker has looked.
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await unlockOutbox();
    expect(await waitUntilProcessed()).toBe(0);
    expect(await receiversOf(ids)).toHaveLength(followers);
  });

  const leave = async (type: string, payload: object): Promise<string> => {
    const [{ id }] = await database.query<{ id: string }>(
      'INSERT INTO outbox (type, payload) VALUES ($1, $2) RETURNING id',
      [type, payload],
    );
    return id;
  };

  it('hears of a message and asks for none while there is none', async () => {
    await work();
    const transaction = jest.spyOn(workers[0].get(Database), 'transaction');
    const { handle, followers } = await mostFollowed();
    const ids = await publish(handle);
    expect(await waitUntilProcessed()).toBe(0);
    expect(await receiversOf(ids)).toHaveLength(followers);
    const before = transaction.mock.calls.length;
    // Nothing can be waited for: this is a time in which nothing may happen.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(transaction.mock.calls.length - before).toBeLessThanOrEqual(1);
  });

  it.each([
    ['whose type nobody handles', async () => leave('post.forgotten', { postId: '1', authorId: '1' })],
    [
      'that always fails',
      async () => {
        const [{ id }] = await database.query<{ id: number }>(
          'SELECT followee_id AS id FROM follows GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
        );
        return leave('post.published', { postId: '999999999', authorId: String(id) });
      },
    ],
  ])('processes what stands behind a message %s, and keeps that one', async (_which, leaveBad) => {
    const bad = await leaveBad();
    const { handle, followers } = await mostFollowed();
    const ids = await publish(handle);
    await work();
    const waiting = () => database.query<{ id: string }>('SELECT id FROM outbox WHERE processed_at IS NULL');
    expect(await eventually(waiting, (rows) => rows.length === 1)).toEqual([{ id: bad }]);
    expect(await receiversOf(ids)).toHaveLength(followers);
  });
});

describe('failed messages', () => {
  it('wait twice as long after each failure, up to a minute', () => {
    const failed = new FailedMessages();
    expect(Array.from({ length: 8 }, () => failed.add('1', 0) / 1000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect([failed.waiting(59_999), failed.waiting(60_000)]).toEqual([['1'], []]);
    expect([failed.untilNextTry(59_000), failed.untilNextTry(60_000)]).toEqual([1_000, Infinity]);
  });

  it('are forgotten once they were processed', () => {
    const failed = new FailedMessages();
    failed.add('1', 0);
    failed.add('2', 0);
    failed.remove(['1']);
    expect(failed.waiting(0)).toEqual(['2']);
    expect(failed.add('1', 0)).toBe(1_000);
  });
});
