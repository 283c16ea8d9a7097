import { AppConfig } from '../src/config/app-config';
import { Database } from '../src/database/database';
import { applyMigrations } from '../src/database/migrations';
import { seedDatabase } from '../src/database/seed';
import { populate } from '../src/database/seed/population';
import { startDelayProxy } from './support/delay-proxy';
import { createEmptyDatabase, createSeededDatabase, TestDatabase } from './support/test-database';

const MIGRATIONS = [
  '0001_users_and_follows.sql',
  '0002_posts_and_likes.sql',
  '0003_outbox_and_notifications.sql',
  '0004_shares.sql',
  '0005_outbox_bell.sql',
];

describe('migrations', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(() => database.drop());

  it('are applied once, in order', async () => {
    expect(await applyMigrations(database.url)).toEqual(MIGRATIONS);
    expect(await applyMigrations(database.url)).toEqual([]);
  });

  it('are applied once when several processes boot together', async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, () => applyMigrations(database.url)));
    expect(applied.flat()).toEqual(MIGRATIONS);
    const rows = await database.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name');
    expect(rows.map((row) => row.name)).toEqual(MIGRATIONS);
  });

  it('leave nothing behind when one fails, and name it', async () => {
    await database.query('CREATE TABLE likes (id bigint)');
    await expect(applyMigrations(database.url)).rejects.toThrow('Migration 0002_posts_and_likes.sql failed');
    const rows = await database.query<{ posts: string | null }>("SELECT to_regclass('posts') AS posts");
    expect(rows).toEqual([{ posts: null }]);
  });
});

describe('the seed', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createSeededDatabase();
  });
  afterAll(() => database?.drop());

  const count = async (sql: string) => (await database.query<{ count: number }>(sql))[0].count;
  const followsOf = (handle: string) =>
    count(
      `SELECT count(*)::int FROM follows f JOIN users u ON u.id = f.follower_id WHERE u.handle = '${handle}'`,
    );

  it('has 200 users, 5,000 posts and 10,000 follows', async () => {
    expect(await count('SELECT count(*)::int FROM users')).toBe(200);
    expect(await count('SELECT count(*)::int FROM posts')).toBe(5_000);
    expect(await count('SELECT count(*)::int FROM follows')).toBe(10_000);
  });

  it('lets Iris follow 163 people and Ben 4', async () => {
    expect(await followsOf('iris')).toBe(163);
    expect(await followsOf('ben')).toBe(4);
  });

  it('spreads followers unevenly', async () => {
    const rows = await database.query<{ count: number }>(
      'SELECT count(*)::int FROM follows GROUP BY followee_id ORDER BY 1 DESC',
    );
    expect(rows[0].count).toBeGreaterThan(150);
    expect(rows[100].count).toBeLessThan(50);
  });

  it('gives new posts ids above its own', async () => {
    const [post] = await database.query<{ id: string }>(
      "INSERT INTO posts (author_id, text) SELECT id, 'new' FROM users LIMIT 1 RETURNING id",
    );
    expect(post.id).toBe('5001');
    await database.query('DELETE FROM posts WHERE id = 5001');
  });

  it('is always the same, but for the day', () => {
    const now = Date.UTC(2026, 10, 20, 8, 30);
    const day = 24 * 60 * 60 * 1000;
    expect(populate(now)).toEqual(populate(now));
    const later = populate(now + day);
    expect(later).toEqual({
      ...populate(now),
      posts: populate(now).posts.map((post) => ({
        ...post,
        createdAt: new Date(post.createdAt.getTime() + day),
      })),
    });
  });

  it('has posts of the last hour, and none of the future', async () => {
    const recent = await count(
      "SELECT count(*)::int FROM posts WHERE created_at > now() - interval '1 hour'",
    );
    expect(recent).toBeGreaterThan(0);
    expect(await count('SELECT count(*)::int FROM posts WHERE created_at > now()')).toBe(0);
  });

  it('changes nothing in a database with users', async () => {
    expect(await seedDatabase(database.url)).toBe(false);
    expect(await count('SELECT count(*)::int FROM users')).toBe(200);
  });

  it('has words that nearly everybody uses, many in some posts, and none in between', async () => {
    const words = await database.query<{ word: string; ndoc: number }>(
      "SELECT word, ndoc FROM ts_stat('SELECT terms FROM posts')",
    );
    const common = words.filter(({ ndoc }) => ndoc > 150);
    expect(common.map(({ word }) => word).sort()).toEqual(['day', 'good', 'today']);
    expect(common.every(({ ndoc }) => ndoc >= 3_000)).toBe(true);
    expect(words.find(({ word }) => word === 'otter')?.ndoc).toBeLessThan(10);
  });
});

describe('a database that has frozen', () => {
  it('does not hold a request for ever, whether it has a connection or waits for one', async () => {
    const database = await createSeededDatabase();
    const proxy = await startDelayProxy(database.port, 0);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const pool = new Database(AppConfig.fromEnvironment({ DATABASE_URL: url.href }));
    try {
      await pool.query('SELECT 1');
      proxy.freeze();
      const answers = await Promise.allSettled([pool.query('SELECT 1'), pool.query('SELECT 1')]);
      expect(answers).toMatchObject([
        { status: 'rejected', reason: { message: 'Query read timeout' } },
        { status: 'rejected', reason: { message: expect.stringContaining('timeout') } },
      ]);
    } finally {
      await proxy.close();
      await pool.onApplicationShutdown();
      await database.drop();
    }
  });
});
