import { type Person, scenario } from '@workshop/grader/drive';

/** As `npm start` puts it: milliseconds each way between the API and the database. */
const DATABASE_DISTANCE_MS = 3;

/** More than the 15 of one person that take part in the ranking. */
const POSTS_IN_A_ROW = 20;

/**
 * Iris and users whom nobody could guess open their feeds: once with what was before, once with what is now. Then one
 * whom Ben follows writes more than the others. The seeded people do not, and a limit that everybody shares looks right.
 */
export default scenario(
  async ({ api, people, draw, database, note }) => {
    const iris = await people.named('Iris');
    const readers: [Person, string][] = [
      ...(await people.drawn(2, { min: 60, max: 120 })).map((one): [Person, string] => [one, 'feed']),
      ...(await people.drawn(1, { max: 30 })).map((one): [Person, string] => [one, 'feed']),
      [iris, 'feed of Iris'],
    ];
    // The first request of a process is slower: its connections and its code are cold.
    await api.get('/feed', { as: readers[2]?.[0], label: 'warm up' });
    database.setDistance(DATABASE_DISTANCE_MS);
    const feeds: Record<string, string[]> = {};
    for (const [reader, label] of readers) {
      const { body } = await api.get('/feed', { as: reader, label });
      feeds[reader.id] = Array.isArray(body?.posts)
        ? body.posts.map((post: { id: unknown }) => String(post.id))
        : [];
    }
    note('feeds', feeds);

    database.setDistance(0);
    const ben = await people.named('Ben');
    const shownTo = async (label: string): Promise<{ id: unknown; author?: { id: unknown } }[]> => {
      const { body } = await api.get('/feed', { as: ben, label });
      return Array.isArray(body?.posts) ? body.posts : [];
    };
    const [first] = await shownTo('feed before');
    const busy = (await people.all()).find(({ id }) => id === first?.author?.id);
    const written = new Set<string>();
    for (let post = 0; busy && post < POSTS_IN_A_ROW; post++)
      written.add(
        await api.publish(`${draw.word()} ${draw.word()} ${draw.word()}`, { as: busy, label: 'publish' }),
      );
    const shown = await shownTo('feed with a busy author');
    note('written by one', written.size);
    note('shown of one', shown.filter(({ id }) => written.has(String(id))).length);
    note('following', Object.fromEntries(readers.map(([reader]) => [reader.id, reader.followingCount])));
  },
  { before: 3 },
);
