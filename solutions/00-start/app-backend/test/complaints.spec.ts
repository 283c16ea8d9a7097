import { Database } from '../src/database/database';
import { DelayProxy, startDelayProxy } from './support/delay-proxy';
import { Murmur, SignedIn, startMurmur } from './support/murmur';
import { createSeededDatabase, TestDatabase } from './support/test-database';

/** The database is 3 ms away: so long each way. */
const ROUND_TRIP_MS = 6;

/** What Murmur's users complain about. Its size must not drift unnoticed. */
describe('what users wait for', () => {
  let database: TestDatabase;
  let proxy: DelayProxy;
  let murmur: Murmur;

  beforeAll(async () => {
    database = await createSeededDatabase();
    proxy = await startDelayProxy(database.port, ROUND_TRIP_MS);
    const far = new URL(database.url);
    far.port = String(proxy.port);
    murmur = await startMurmur(far.href);
  });
  afterAll(async () => {
    await murmur?.close();
    await proxy?.close();
    await database?.drop();
  });

  const medianFeedMs = async (user: SignedIn) => {
    await user.get('/feed').expect(200);
    const times: number[] = [];
    for (let run = 0; run < 5; run++) {
      const start = performance.now();
      await user.get('/feed').expect(200);
      times.push(performance.now() - start);
    }
    return times.sort((left, right) => left - right)[2];
  };

  it('makes Iris, who follows 163 people, wait 900 ms for a feed from a database 3 ms away, and Ben, who follows 4, less than a fifth of that', async () => {
    const iris = await medianFeedMs(await murmur.signIn('iris'));
    expect(iris).toBeGreaterThanOrEqual(900);
    expect(await medianFeedMs(await murmur.signIn('ben'))).toBeLessThan(iris / 5);
  });

  it('reads them one after the other', async () => {
    const iris = await murmur.signIn('iris');
    const pool = murmur.app.get(Database);
    const query = pool.query.bind(pool);
    let open = 0;
    let mostOpen = 0;
    const spy = jest.spyOn(pool, 'query').mockImplementation(async (text, values) => {
      mostOpen = Math.max(mostOpen, ++open);
      try {
        return await query(text, values);
      } finally {
        open--;
      }
    });
    await iris.get('/feed').expect(200);
    spy.mockRestore();
    expect(mostOpen).toBe(1);
  });

  it.each([
    ['iris', 163],
    ['ben', 4],
  ])('reads the posts that it ranks for %s with %i queries, and needs 2 more', async (handle, followed) => {
    const user = await murmur.signIn(handle);
    const query = jest.spyOn(murmur.app.get(Database), 'query');
    await user.get('/feed').expect(200);
    const ranking = query.mock.calls.filter(([text]) => /WHERE p\.author_id = \$1/.test(text));
    expect(ranking.length).toBe(followed);
    expect(query.mock.calls.length).toBe(followed + 2);
    query.mockRestore();
  });
});

describe('a search that takes too long', () => {
  let database: TestDatabase;
  let murmur: Murmur;

  beforeAll(async () => {
    database = await createSeededDatabase();
    murmur = await startMurmur(database.url);
  });
  afterAll(async () => {
    await murmur?.close();
    await database?.drop();
  });

  const search = async (q: string) =>
    (await murmur.visitor().get('/search').query({ q }).expect(200)).body.posts;

  it.each(['today', 'good day'])(
    'finds nothing for "%s", though thousands of posts have it',
    async (words) => {
      const [{ count }] = await database.query<{ count: number }>(
        "SELECT count(*)::int FROM posts WHERE terms @@ websearch_to_tsquery('english', $1)",
        [words],
      );
      expect(count).toBeGreaterThan(2_500);
      expect(await search(words)).toEqual([]);
    },
  );

  it('finds nothing while somebody else holds the table, and something afterwards', async () => {
    const unlock = await database.lock('posts');
    try {
      expect(await search('otter')).toEqual([]);
    } finally {
      await unlock();
    }
    expect(await search('otter')).not.toEqual([]);
  });

  it('takes several times the limit for a common word, and a fraction of it for a rare one', async () => {
    const far = Date.now();
    await expect(
      database.query(
        `SELECT set_config('statement_timeout', '900', false);
         SELECT p.id FROM posts p WHERE p.terms @@ to_tsquery('english', 'today')
          ORDER BY (SELECT count(*) FROM follows f WHERE f.followee_id = p.author_id) LIMIT 50`,
      ),
    ).rejects.toMatchObject({ code: '57014' });
    expect(Date.now() - far).toBeGreaterThanOrEqual(900);
    const near = Date.now();
    expect(await search('otter')).not.toEqual([]);
    expect(Date.now() - near).toBeLessThan(250);
  });
});
