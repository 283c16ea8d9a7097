import { type Actions, deliveryParts, type Person, scenario } from '@workshop/grader/drive';

type Variant = 'A' | 'B' | null;

/** Whoever has so few followers is told of in no time. */
const FEW_FOLLOWERS = 45;
/** A statement of the worker gives up after 2 s, and the batch is put together meanwhile. Milliseconds. */
const MOST_LOCKED_MS = 1_500;
/** Milliseconds each way between API and database: so that requests that are sent at once are under way at once. */
const DATABASE_DISTANCE_MS = 2;

/**
 * Somebody uses the page in one layout and then in the other, and publishes in both. Many requests at once, of either
 * layout and of none: successes and failures, of all routes. Posts that the worker finds together. A message from before
 * the exercise. Strangers, who put into baggage whatever they like.
 */
export default scenario(
  async (actions) => {
    const { page, database, outbox, draw, note, api } = actions;
    const [visitor, alone, first, ...others] = draw.sample(await quietAuthors(actions), 8);
    const authors = [alone, first, ...others] as Person[];
    if (!visitor) throw new Error('nobody has few followers');
    for (const author of authors) await actions.people.tokenOf(author);

    const { during } = deliveryParts({ outbox, note });
    const publish = (as: Person | undefined, label: string, variant: Variant) =>
      api.publish(draw.word(), { as, label, headers: saying(variant) });

    await manyAtOnce(actions, authors);

    await during('alone', async () => [await publish(alone, 'alone', draw.pick(['A', 'B']))]);
    await during('together', () =>
      database.whileLocked(
        'notifications',
        async () => {
          const holding = await publish(first, 'before the others', 'A');
          await database.untilWaiting();
          const variants = draw.sample<Variant>(['A', 'B', null, 'B', 'A'], others.length);
          const posts = await Promise.all(
            others.map((author, at) => publish(author, 'together', variants[at] ?? null)),
          );
          return [holding, ...posts];
        },
        MOST_LOCKED_MS,
      ),
    );
    await during('old', async () => {
      const { rows } = await database.read('SELECT max(id)::text AS id FROM posts WHERE author_id = $1', [
        Number(visitor.id),
      ]);
      const id = String(rows[0]?.id);
      note('old', await outbox.leaveOld({ id, authorId: visitor.id }));
      return [id];
    });
    await during('strangers', () => strangers(actions, authors));
    await during('from the page', () => visits(actions, visitor));

    await page.fetchFromThirdParty(`/weather?in=${draw.word()}`);
    await page.settled();
  },
  { worker: true, page: true },
);

function saying(variant: Variant): Record<string, string> {
  return variant === null ? {} : { baggage: `murmur.ui.variant=${variant}` };
}

/** Requests of all routes, with either variant and without one, all under way at once. */
async function manyAtOnce({ api, database, draw }: Actions, authors: Person[]): Promise<void> {
  const [reader, other, third] = authors as [Person, Person, Person];
  const posts = await api.feedOf(reader);
  const path = () => `/posts/${draw.pick(posts).id}`;
  const liked = await api.publish(draw.word(), { as: other, label: 'to be liked' });
  await api.post(`/posts/${liked}/likes`, { as: reader, label: 'first like' });
  const ask = (
    method: string,
    to: string,
    variant: Variant,
    as?: Person,
    more: { headers?: Record<string, string>; body?: { text: string } } = {},
  ) =>
    api.request(method, to, {
      as,
      headers: saying(variant),
      label: `at once, variant ${variant ?? 'none'}`,
      ...more,
    });
  const among = { headers: { baggage: `theme=dark,murmur.ui.variant=A,lang=${draw.word()}` } };
  database.setDistance(DATABASE_DISTANCE_MS);
  await Promise.all([
    ask('GET', '/feed', 'A', reader),
    ask('GET', '/feed', 'B', other),
    ask('GET', '/feed', null, third),
    ask('GET', '/feed', 'A', third, among),
    ask('GET', '/feed', 'B'),
    ask('GET', path(), 'A'),
    ask('HEAD', path(), 'B'),
    ask('GET', path(), null),
    ask('GET', `/posts/${draw.integer(70_000, 900_000)}`, 'B', third),
    ask('GET', `/search?q=${draw.word()}`, 'A', reader),
    ask('GET', '/users', 'B'),
    ask('GET', '/notifications', 'A', other),
    ask('POST', `/posts/${liked}/likes`, 'B', reader), // it ends in a 500
    ask('POST', '/posts', 'A', reader, { body: { text: '' } }),
  ]);
  database.setDistance(0);
}

/** People of whom nobody knows anything put into baggage what they like, as they read a post and as they publish one. */
async function strangers({ api, draw, note }: Actions, authors: Person[]): Promise<string[]> {
  const word = () => `${draw.word()}${draw.word()}`;
  const [mail, token, layout, property, long, broken, near, many] = Array.from({ length: 8 }, word);
  const sent = [
    {
      what: 'an e-mail address and a token under keys of their own',
      text: [mail, token],
      baggage: `user.email=${mail}@murmur.example,murmur.ui.variant=B,murmur.session=${token}`,
    },
    ...[layout, `B${layout}`, `${layout}A`, `A%20${layout}`].map((variant) => ({
      what: 'a variant that Murmur does not have',
      text: [layout],
      baggage: `murmur.ui.variant=${variant}`,
    })),
    {
      what: 'a property behind the variant',
      text: [property],
      baggage: `murmur.ui.variant=A;seen-by=${property}`,
    },
    {
      what: 'a variant of 3,000 characters',
      text: [long],
      baggage: `murmur.ui.variant=${long}${'b'.repeat(3_000)}`,
    },
    {
      what: 'a broken header',
      text: [broken],
      baggage: `=,;;,murmur.ui.variant,%E0%A4%A=${broken},note=%E0%A4%A${broken},murmur.ui.variant=%ZZ${broken}`,
    },
    {
      what: 'keys that begin or end like the right one',
      text: [near],
      baggage: `murmur.ui.variant.of=${near},murmur.ui=${near},x-murmur.ui.variant=${near},MURMUR.UI.VARIANT=${near}`,
    },
    {
      what: 'a hundred keys',
      text: [many],
      baggage: Array.from({ length: 100 }, (_, at) => `key${at}=${many}`).join(','),
    },
  ];
  const { id } = draw.pick(await api.feedOf(authors[0] as Person));
  note(
    'strangers',
    sent.flatMap(({ what, text }) => text.map((one) => ({ what, text: String(one) }))),
  );
  const posts: string[] = [];
  for (const [at, { baggage }] of sent.entries()) {
    const options = { as: authors[at % authors.length], headers: { baggage }, label: "a stranger's" };
    await api.get(`/posts/${id}`, options);
    const { body } = await api.post('/posts', { ...options, body: { text: draw.word() } });
    if (body?.id !== undefined) posts.push(String(body.id));
  }
  return posts;
}

/** The visitor uses every part of the page in one layout, then reads and publishes in the other. Gives what they published. */
async function visits({ api, page, database, draw, note }: Actions, visitor: Person): Promise<string[]> {
  const liked = (await api.feedOf(visitor)).slice(0, 20).findIndex((post) => !post.likedByMe);
  const made: { variant: string; fromMs: number; postId: string | null }[] = [];
  for (const variant of draw.sample(['A', 'B'], 2)) {
    const visit = { variant, fromMs: Date.now(), postId: null as string | null };
    made.push(visit);
    note('visits', made);
    await page.open(`/?variant=${variant}`);
    if (made.length === 1) {
      await page.signInAs(visitor);
      if (liked >= 0) await page.like(liked);
      await page.search(draw.word());
      await page.goTo('Notifications');
      await page.answered();
      await page.goTo('Feed');
      await page.answered();
    }
    const text = `A ${draw.word()} for everybody`;
    await page.publish(text);
    await page.answered();
    const { rows } = await database.read('SELECT id::text FROM posts WHERE text = $1', [text]);
    visit.postId = rows[0] ? String(rows[0].id) : null;
    if (variant === 'B') await page.sees('People to read', 5_000);
    await page.settled();
  }
  note('visits', made);
  return made.flatMap(({ postId }) => postId ?? []);
}

/** People with few followers, who follow some. */
async function quietAuthors({ people, database }: Actions): Promise<Person[]> {
  const { rows } = await database.read(
    'SELECT followee_id AS id FROM follows GROUP BY 1 HAVING count(*) BETWEEN 3 AND $1 ORDER BY 1',
    [FEW_FOLLOWERS],
  );
  const quiet = new Set(rows.map(({ id }) => Number(id)));
  return (await people.all()).filter(
    ({ id, followingCount }) => quiet.has(Number(id)) && followingCount >= 4 && followingCount <= 40,
  );
}
