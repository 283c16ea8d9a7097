import { type Actions, type Person, scenario } from '@workshop/grader/drive';

/**
 * Shares to keep, and of how many requests or messages. They are so many that chance makes no right sampler fail, and no
 * share of 0.05 pass for one of 0.25: grader/judge/test/chance.test.ts reckons both.
 */
export const SHARES = {
  api: { ratio: 0.25, requests: 300 },
  /** messages without a context: API and worker are told the same share */
  worker: { ratio: 0.25, messages: 48 },
  /** of an API that is told no share */
  none: { requests: 12 },
  page: [
    { ratios: [0], requests: 12 },
    { ratios: [1], requests: 12 },
    { ratios: [0.2, 0.5], requests: 80 },
  ],
};
/** How many requests of a caller that decided, each way. */
const DECIDED = 12;
/** So many people publish at once, of each kind of caller. */
const PUBLISHED = 5;
/** So many posts are published about whose traces the API decides: all are dropped once in 100,000 runs. */
const OWN_PUBLISHED = 40;
/** Health checks of each kind: at a ratio of 0.25 some of so many would be kept. */
const HEALTH_CHECKS = 16;
/** How often the worker is called for nothing: at a ratio of 0.25 each of so many is dropped once in 100,000 runs. */
const CALLS_FOR_NOTHING = 40;
const AT_ONCE = 8;
/** Whoever has so few followers is told of in no time. */
const FEW_FOLLOWERS = 30;
/** Four people have so few: theirs are the messages of which there are many, since each follower costs a query. */
const FEWEST_FOLLOWERS = 20;
/** A statement of the worker gives up after 2 s, and a batch is put together meanwhile. Milliseconds. */
const MOST_LOCKED_MS = 1_500;
/** Whatever was sent has come by then. */
const COME_MS = 5_000;

/**
 * Many requests that begin a trace at the API, and messages that begin one in the worker. Some of a caller that kept its
 * trace, and some of one that dropped it: quick ones, slow ones, failures, and posts that are published, whose delivery
 * fails at first, too. Health checks of every kind, and a worker that is called for nothing. Then the page, with three
 * shares to keep. Another API meanwhile, that is told no share.
 */
export default scenario(
  async (actions) => {
    const { api, page, people, database, outbox, draw, note } = actions;
    const [reader] = await people.drawn(1, { min: 4, max: 20 });
    const posts = await api.feedOf(reader);
    const aPost = () => `/posts/${draw.pick(posts).id}`;
    note('api ratio', SHARES.api.ratio);
    const deliveries = deliveriesIn(actions);
    const earlier = draw.sample(await postsOfQuietest(actions), SHARES.worker.messages);

    await Promise.all([
      many(SHARES.api.requests, () => api.get(aPost(), { label: 'of nobody' })),
      deliveries.leaveOld(earlier),
      callWithoutShare(actions, aPost),
    ]);

    const post = await api.publish(`A ${draw.word()} for everybody`, { as: reader, label: 'publish' });
    deliveries.published(post);
    await api.post(`/posts/${post}/likes`, { as: reader, label: 'first like' });
    await deliveries.failFirst();
    for (const label of ['kept by its caller', 'dropped by its caller'] as const) {
      const options = (as?: Person) => ({ as, label, headers: callerOf(label, actions) });
      await many(DECIDED, () => api.get(aPost(), options()));
      await api.post(`/posts/${post}/likes`, options(reader)); // it ends in a 500
      await api.get(`/search?q=health${draw.word()}`, options(reader));
      database.setDistance(60);
      await api.get(aPost(), options()); // a slow one
      database.setDistance(0);
    }

    const probes = [
      { method: 'GET', path: () => '/health' },
      { method: 'GET', path: () => `/health?probe=${draw.word()}` },
      { method: 'HEAD', path: () => '/health' },
    ];
    for (const { method, path } of probes) {
      const check = (headers = {}) => api.request(method, path(), { label: 'health check', headers });
      await many(HEALTH_CHECKS, () => check());
      await check(callerOf('kept by its caller', actions));
    }
    await deliveries.publishTogether();
    await deliveries.publishMany(OWN_PUBLISHED);

    const visits: { ratio: number; word: string; requests: number; fromMs: number }[] = [];
    for (const { ratios, requests } of SHARES.page) {
      const ratio = draw.pick(ratios);
      const word = draw.word();
      page.keepShare(ratio);
      visits.push({ ratio, word, requests, fromMs: Date.now() });
      note('visits', visits);
      await page.open('/search', { as: reader });
      await many(requests, (nth) => page.fetch(`${aPost()}?visit=${word}${nth}`));
      const text = `A ${draw.word()}`;
      const { body } = await page.fetch('/posts', { method: 'POST', as: reader, body: { text } });
      deliveries.published(String((body as { id?: string } | null)?.id ?? ''));
      await page.settled();
    }
    if (!(await deliveries.over())) return;

    const fromMs = Date.now();
    let looks = 0;
    while (looks < CALLS_FOR_NOTHING && (await outbox.ringForNothing())) looks++;
    note('idle', { fromMs, toMs: Date.now(), looks });
  },
  { page: true, worker: true, env: { OTEL_TRACES_SAMPLER_ARG: String(SHARES.api.ratio) } },
);

/** Requests to an instance of the API to which nobody says a share. */
async function callWithoutShare({ replicas }: Actions, path: () => string): Promise<void> {
  const replica = await replicas.start('api', 'without a share', { env: { OTEL_TRACES_SAMPLER_ARG: null } });
  if (!(await replica.ready())) return;
  const api = replica.api();
  await many(SHARES.none.requests, () => api.get(path(), { label: 'of nobody, without a share' }));
  await replica.arrived(COME_MS);
  await replica.stop();
}

/** Sends so many, a few at once. */
async function many(count: number, send: (nth: number) => Promise<unknown>): Promise<void> {
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - sent) }, (_, at) => send(sent + at));
    await Promise.all(some);
  }
}

/** What a caller sends who has decided about its trace. */
function callerOf(
  label: 'kept by its caller' | 'dropped by its caller',
  { draw }: Actions,
): { traceparent: string } {
  const digits = (count: number) =>
    Array.from({ length: count }, () => draw.integer(0, 15).toString(16)).join('');
  const flags = label === 'kept by its caller' ? '01' : '00';
  return { traceparent: `00-${digits(31)}1-${digits(15)}1-${flags}` };
}

/** The messages of the run: who leaves them, and what the checks are told of them. */
function deliveriesIn(actions: Actions) {
  const { api, database, outbox, draw, note } = actions;
  const postIds: string[] = [];
  const parts: { what: string; postIds: string[]; fromMs: number; toMs: number; emptied: boolean }[] = [];
  const part = (what: string, fromMs: number, emptied: boolean, of: string[]): void => {
    parts.push({ what, postIds: of, fromMs, toMs: Date.now(), emptied });
    note('parts', parts);
  };
  const publish = async (author: Person, label: string): Promise<void> => {
    const headers =
      label === 'kept by its caller' || label === 'dropped by its caller' ? callerOf(label, actions) : {};
    postIds.push(await api.publish(draw.word(), { as: author, label, headers }));
  };
  const startMs = Date.now();

  return {
    /** Messages as they were written before there was a context, one after another: each is a batch of its own. */
    async leaveOld(posts: readonly { id: string; authorId: string }[]): Promise<void> {
      const left: { id: string; fromMs: number; toMs: number }[] = [];
      let refused: string | null = null;
      let emptied = true;
      for (const post of posts) {
        const fromMs = Date.now();
        const row = await outbox.leaveOld(post);
        if ('refused' in row) refused = row.refused;
        emptied = refused === null && (await outbox.emptied());
        if (!('id' in row) || !emptied) break;
        left.push({ id: row.id, fromMs, toMs: Date.now() });
      }
      note('old', { left, refused });
      part('old', startMs, emptied, []);
    },

    /** Two messages that fail and are tried again a second later: one of a caller that kept, one of one that dropped. */
    async failFirst(): Promise<void> {
      const [one, other] = await quietPeople(actions, 2);
      await database.whileLocked('notifications', async () => {
        await publish(one as Person, 'kept by its caller');
        await database.cancelWaiting();
        await publish(other as Person, 'dropped by its caller');
        await database.cancelWaiting();
      });
    },

    /** Several publish while the worker is busy with a message, so that it finds theirs together. */
    async publishTogether(): Promise<void> {
      const labels = Array.from({ length: PUBLISHED }, () => [
        'kept by its caller',
        'dropped by its caller',
        'published',
      ]).flat();
      const authors = await quietPeople(actions, labels.length + 1);
      const [first, ...others] = authors as [Person, ...Person[]];
      await database.whileLocked(
        'notifications',
        async () => {
          await publish(first, 'kept by its caller');
          await database.untilWaiting();
          await Promise.all(labels.map((label, at) => publish(others[at] as Person, label)));
        },
        MOST_LOCKED_MS,
      );
    },

    /** One author publishes again and again. */
    async publishMany(count: number): Promise<void> {
      const [author] = await quietPeople(actions, 1, FEWEST_FOLLOWERS);
      await many(count, () => publish(author as Person, 'published'));
    },

    /** somebody else published this one: its message is one of the run's, too */
    published(postId: string): void {
      if (postId !== '') postIds.push(postId);
    },

    /** Waits until all are delivered, and tells the checks of them; false when one still waits. */
    async over(): Promise<boolean> {
      const emptied = await outbox.emptied();
      const rows = await outbox.rowsOf(postIds);
      note(
        'messages',
        rows.map((row) => ({ ...row })),
      );
      note('told', await outbox.toldOf(postIds));
      part('published', startMs, emptied, postIds);
      return emptied;
    },
  };
}

/** People with few followers, drawn, who have signed in already: that loses no time while a table is locked. */
async function quietPeople(
  { people, database, draw }: Actions,
  count: number,
  followers = FEW_FOLLOWERS,
): Promise<Person[]> {
  const { rows } = await database.read(
    'SELECT followee_id AS id FROM follows GROUP BY 1 HAVING count(*) <= $1',
    [followers],
  );
  const quiet = new Set(rows.map(({ id }) => Number(id)));
  const drawn = draw.sample(
    (await people.all()).filter(({ id }) => quiet.has(Number(id))),
    count,
  );
  for (const person of drawn) await people.tokenOf(person);
  return drawn;
}

/** Posts of those with the fewest followers. */
async function postsOfQuietest({ database }: Actions): Promise<{ id: string; authorId: string }[]> {
  const { rows } = await database.read(
    `SELECT id::text, author_id::text AS "authorId" FROM posts WHERE author_id IN (
       SELECT followee_id FROM follows GROUP BY 1 HAVING count(*) <= $1) ORDER BY id`,
    [FEWEST_FOLLOWERS],
  );
  return rows as { id: string; authorId: string }[];
}
