import { type Person, scenario } from '@workshop/grader/drive';

/** As `npm start` puts it: milliseconds each way between the API and the database. */
const DATABASE_DISTANCE_MS = 3;

/** Iris and users whom nobody could guess open their feeds: once with what was before, once with what is now. */
export default scenario(
  async ({ api, people, database, note }) => {
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
    note('following', Object.fromEntries(readers.map(([reader]) => [reader.id, reader.followingCount])));
  },
  { before: 3 },
);
