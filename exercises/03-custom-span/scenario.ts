import { scenario } from '@workshop/grader/drive';

/** So many of a person's newest posts compete: app-backend/src/feed/ranking.service.ts. */
const POSTS_PER_AUTHOR = 15;

/**
 * Iris and users whom nobody could guess open their feeds, two of them at once; for one more the ranking fails in the
 * middle.
 */
export default scenario(async ({ api, people, database, note }) => {
  const iris = await people.named('Iris');
  const readers = [
    ...(await people.drawn(2, { min: 8, max: 40 })),
    ...(await people.drawn(1, { min: 60, max: 120 })),
  ];
  for (const reader of readers) await api.get('/feed', { as: reader, label: 'feed' });
  await api.get('/feed', { as: iris, label: 'feed of Iris' });
  await Promise.all(
    readers.slice(0, 2).map((reader) => api.get('/feed', { as: reader, label: 'feeds at once' })),
  );

  const [unlucky] = await people.drawn(1, { min: 8, max: 40 });
  await api.get('/notifications', { as: unlucky, label: 'sign in first' });
  await database.whileLocked('posts', async () => {
    const [cancelled] = await Promise.all([
      database.cancelWaiting(),
      api.get('/feed', { as: unlucky, label: 'failing feed' }),
    ]);
    note('ranking failed', cancelled);
  });

  const candidates: Record<string, number> = {};
  for (const reader of [...readers, iris]) {
    const { rows } = await database.read(
      `SELECT coalesce(sum(least(${POSTS_PER_AUTHOR}, (SELECT count(*) FROM posts p WHERE p.author_id = f.followee_id))), 0)::int AS count
         FROM follows f WHERE f.follower_id = $1`,
      [reader.id],
    );
    candidates[reader.id] = rows[0]?.count as number;
  }
  note('candidates', candidates);
  note('followed by Iris', iris.followingCount);
});
