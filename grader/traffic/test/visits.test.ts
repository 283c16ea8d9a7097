import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { routeOf } from '../page-requests.ts';
import { isTraffic, TRAFFIC_USER_AGENT } from '../user-agent.ts';
import { runVisits, SIDE_BY_SIDE, type VisitEnd, visitsLine } from '../visits.ts';

const people = ['iris', 'ben', 'ada'].map((handle, n) => ({
  id: String(n),
  name: handle,
  handle,
  followingCount: n,
}));

/** Runs visits that end so, one after the other, and is stopped after the last. */
async function runThrough(ends: VisitEnd[]) {
  const stop = new AbortController();
  const visitors: string[] = [];
  const visits = await runVisits({
    people,
    seconds: 60,
    sideBySide: 1,
    seed: 1,
    signal: stop.signal,
    visit: async ({ handle }) => {
      if (visitors.length === ends.length) {
        stop.abort();
        return await new Promise(() => {});
      }
      visitors.push(handle);
      return ends[visitors.length - 1]!;
    },
  });
  return { visits, visitors };
}

describe('visits of the page', () => {
  test('are made by each in turn, and one that never ends does not hold up Ctrl-C', async () => {
    const { visits, visitors } = await runThrough([null, null, 'like', null]);
    assert.deepEqual(visitors, ['iris', 'ben', 'ada', 'iris']);
    assert.deepEqual(visits.ends, [null, null, 'like', null]);
    assert.equal(visits.people, 3);
    assert.equal(visits.lostPage, false);
  });

  test('end when the page is gone, not when it fails once', async () => {
    const { visits } = await runThrough(['open', 'open', null, 'open', 'open', 'open', null]);
    assert.equal(visits.ends.length, 6);
    assert.equal(visits.lostPage, true);
  });

  test('end after their time', async () => {
    const visit = () => new Promise<null>((resolve) => setTimeout(() => resolve(null), 20));
    const { ends, seconds } = await runVisits({ people, seconds: 0.01, sideBySide: 1, seed: 1, visit });
    assert.equal(ends.length, 1);
    assert.ok(seconds >= 0.01);
  });

  test('run side by side, each person in one window at a time', async () => {
    const [open, most]: [Set<string>, number[]] = [new Set(), []];
    const stop = new AbortController();
    const { ends } = await runVisits({
      people,
      seconds: 60,
      seed: 1,
      signal: stop.signal,
      visit: async ({ handle }) => {
        assert.equal(open.has(handle), false, `${handle} is here twice`);
        open.add(handle);
        most.push(open.size);
        if (most.length === 12) stop.abort();
        // Iris takes her time.
        for (let n = handle === 'iris' ? 8 : 1; n > 0; n--) await new Promise(setImmediate);
        open.delete(handle);
        return null;
      },
    });
    assert.equal(Math.max(...most), SIDE_BY_SIDE);
    assert.ok(ends.length >= 6);
  });

  test('are summed up in one line', () => {
    const more = { people: 5, seconds: 60.4, lostPage: false };
    assert.equal(visitsLine({ ...more, ends: [null, null] }), '2 visits of 5 people in 60 s, all complete.');
    assert.equal(
      visitsLine({ ends: ['like', 'sign in', 'like'], people: 1, seconds: 9, lostPage: false }),
      '3 visits of 1 person in 9 s. Ended early at: sign in x 1, like x 2.',
    );
  });
});

test('requests of the page are counted by route', () => {
  assert.deepEqual(['/feed', '/posts/12/likes', '/shared/7', '/posts'].map(routeOf), [
    '/feed',
    '/posts/:id/likes',
    '/shared/:id',
    '/posts',
  ]);
});

describe('the name of traffic', () => {
  test('is known behind that of a browser, and no other is taken for it', () => {
    assert.equal(isTraffic(`Mozilla/5.0 HeadlessChrome/153 ${TRAFFIC_USER_AGENT}`), true);
    assert.equal(isTraffic(TRAFFIC_USER_AGENT), true);
    assert.equal(isTraffic('Mozilla/5.0 Chrome/153'), false);
    assert.equal(isTraffic(undefined), false);
  });
});
