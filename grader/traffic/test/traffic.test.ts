import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until, WorkshopError } from '@workshop/base';
import { runTraffic, type TrafficOptions } from '../api-traffic.ts';
import { pollHealth } from '../load-balancer.ts';
import { runRush, rushLines } from '../rush.ts';
import { feedRows, percentile, routeRows, summaryLines } from '../summary.ts';
import { type StubMurmur, startStubMurmur } from './stub-murmur.ts';

describe('traffic', () => {
  let murmur: StubMurmur;
  beforeEach(async () => {
    murmur = await startStubMurmur();
  });
  afterEach(() => murmur.close());
  const run = (more: Partial<TrafficOptions> = {}) =>
    runTraffic({ apiUrl: murmur.url, seconds: 60, rate: 20_000, users: 12, seed: 7, ...more });
  /** As quickly as this machine can, until so many requests have been seen. */
  const runUntil = (requests: number) => {
    const stop = new AbortController();
    const onProgress = () => murmur.seen.length >= requests && stop.abort();
    return run({ signal: stop.signal, onProgress });
  };

  test('knows how many requests were asked for, unless it was ended early', async () => {
    assert.equal((await run({ seconds: 0.05, rate: 200 })).wanted, 10);
    assert.equal((await runUntil(20)).wanted, null);
  });

  test('is watched by a load balancer, which asks until it is over, also where nobody answers', async () => {
    const over = new AbortController();
    const polling = pollHealth(murmur.url, over.signal, 5);
    await until(() => murmur.seen.filter((line) => line === '- GET /health').length >= 3);
    over.abort();
    assert.ok((await polling) >= 3);
    await murmur.close();
    assert.equal(await pollHealth(murmur.url, AbortSignal.timeout(20), 1_000), 1);
  });

  test('uses every route, signed in and not, and meets the faults that users meet', async () => {
    const { samples } = await runUntil(800);
    const routes = new Set(samples.map((sample) => sample.route));
    assert.deepEqual([...routes].sort(), [
      'GET /feed',
      'GET /notifications',
      'GET /posts/:id',
      'GET /search',
      'GET /shared/:id',
      'GET /users',
      'POST /posts',
      'POST /posts/:id/likes',
      'POST /posts/:id/shares',
      'POST /sessions',
    ]);
    const statuses = new Set(samples.map((sample) => sample.status));
    for (const status of [200, 201, 401, 404, 500]) assert.ok(statuses.has(status), `no ${status}`);
    assert.ok(murmur.seen.some((line) => line.startsWith('- GET /search')));
    assert.ok(murmur.seen.some((line) => line.includes('/shared/1?token=a%20b')));
    assert.ok(murmur.seen.some((line) => line.includes('q=today')));
  });

  test('likes nothing that is liked already, so run after run only impatient likes fail', async () => {
    for (const seed of [1, 2, 3]) await run({ seconds: 1, rate: 400, seed });
    const likes = Map.groupBy(
      murmur.seen.filter((line) => line.endsWith('/likes')),
      (line) => line,
    );
    const times = [...likes.values()].map(({ length }) => length);
    assert.deepEqual([...new Set(times)].sort(), [1, 2], 'once, or twice at once');
    const twice = times.filter((one) => one === 2).length;
    assert.ok(twice / times.length < 0.4, `${twice} of ${times.length} were liked twice`);
  });

  test('shows Iris and others who follow many', async () => {
    const traffic = await runUntil(150);
    const feeds = feedRows(traffic);
    assert.ok(traffic.people.some((person) => person.handle === 'ben'));
    const busiest = traffic.people.toSorted((a, b) => b.followingCount - a.followingCount).slice(0, 3);
    for (const { handle } of busiest) {
      assert.ok((feeds.find((row) => row.handle === handle)?.feeds ?? 0) >= 2, `@${handle} is not seen`);
    }
    assert.equal(feeds.find((row) => row.handle === 'iris')?.followingCount, 163);
  });

  test('ends after so many requests, or when told', async () => {
    const bounded = await run({ seconds: 0.5, rate: 100 });
    // Each visitor under way may end what it does: 16 at once, three requests each.
    assert.ok(bounded.samples.length <= 50 + 48, `${bounded.samples.length} requests`);
    const stop = new AbortController();
    stop.abort();
    assert.equal((await run({ signal: stop.signal })).samples.length, 1);
  });

  test('has the same people for the same seed, and others for another', async () => {
    const people = async (seed: number) =>
      (await run({ seed, seconds: 0.05 })).people.map((person) => person.handle);
    assert.deepEqual(await people(7), await people(7));
    assert.notDeepEqual(await people(7), await people(8));
  });

  test('says what to do when nobody answers', async () => {
    await murmur.close();
    await assert.rejects(
      run(),
      (error: Error) =>
        error instanceof WorkshopError &&
        error.exitCode === 1 &&
        /Nothing answers at .*\n.*npm start/.test(error.text),
    );
  });

  test('a rush is one post of each of the same eight people, the first of them before the others', async () => {
    const rush = await runRush(murmur.url);
    const posts = murmur.seen.filter((line) => line.endsWith(' POST /posts'));
    assert.equal(posts[0], 'otis POST /posts');
    assert.deepEqual(
      posts.map((line) => line.split(' ')[0]).sort(),
      rush.authors.map(({ handle }) => handle).sort(),
    );
    assert.equal(new Set(posts).size, 8);
    assert.match(rushLines(rush)[0] ?? '', /^8 people published within \d\.\d s: User 2, /);
    await murmur.close();
    await assert.rejects(runRush(murmur.url), /Nothing answers at/);
  });

  test('ends when the API goes away', async () => {
    const lost = run({ onProgress: () => murmur.seen.length >= 50 && void murmur.close() });
    const { lostApi, samples } = await lost;
    assert.equal(lostApi, true);
    assert.equal(samples.at(-1)?.status, null);
  });
});

describe('the summary', () => {
  const sample = (
    route: string,
    status: number | null,
    durationMs: number,
    handle: string | null = null,
  ) => ({
    route,
    status,
    durationMs,
    handle,
  });

  test('takes percentiles by nearest rank', () => {
    const values = Array.from({ length: 20 }, (_, n) => 20 - n);
    assert.equal(percentile(values, 0.5), 10);
    assert.equal(percentile(values, 0.95), 19);
    assert.equal(percentile([5], 0.95), 5);
    assert.ok(Number.isNaN(percentile([], 0.5)));
  });

  test('counts statuses by route, a missing answer too', () => {
    const rows = routeRows([
      sample('POST /likes', 201, 5),
      sample('POST /likes', 500, 7),
      sample('POST /likes', null, 9),
      sample('GET /feed', 200, 1),
    ]);
    assert.deepEqual(
      rows.map((row) => [row.route, row.count, row.statuses]),
      [
        ['POST /likes', 3, '201 x 1, 500 x 1, no answer x 1'],
        ['GET /feed', 1, '200 x 1'],
      ],
    );
  });

  test('orders feeds by time, without those that were refused', () => {
    const people = [
      { id: '1', name: 'Iris', handle: 'iris', followingCount: 163 },
      { id: '2', name: 'Ben', handle: 'ben', followingCount: 4 },
    ];
    const samples = [
      sample('GET /feed', 200, 40, 'ben'),
      sample('GET /feed', 200, 900, 'iris'),
      sample('GET /feed', 401, 5_000),
    ];
    const rows = feedRows({ samples, people });
    assert.deepEqual(
      rows.map((row) => [row.handle, row.followingCount, row.p50Ms]),
      [
        ['iris', 163, 900],
        ['ben', 4, 40],
      ],
    );
    const lines = summaryLines({ samples, people, seconds: 60, wanted: 3, lostApi: false });
    assert.ok(
      lines
        .join('\n')
        .split('\n')
        .every((line) => line.length <= 80),
    );
    assert.equal(lines[0], '3 requests of 2 people in 60 s');
    assert.equal(lines[1], '');
  });

  test('says that it sent fewer requests than were asked for, but not of a run that was ended early', () => {
    const summary = (wanted: number | null) =>
      summaryLines({ samples: [], people: [], seconds: 60, wanted, lostApi: false }).join('\n');
    assert.match(summary(300), /Asked for were 300: Murmur answers too slowly for more\./);
    assert.doesNotMatch(summary(null), /Asked for/);
  });
});
