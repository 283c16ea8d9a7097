import { scenario } from '@workshop/grader/drive';

/**
 * Five users whom nobody could guess open their feeds, one of them twice. They also search, publish, like and read their
 * notifications, and several of them do so at once. A visitor searches without signing in.
 */
export default scenario(async ({ api, people, draw, note }) => {
  const [author, other] = await people.drawn(2, { min: 5, max: 30 });
  const ben = await people.named('Ben');
  const readers = [author, other, ...(await people.drawn(2, { min: 31, max: 80 })), ben];
  for (const reader of readers) await api.get('/feed', { as: reader, label: 'feed' });
  await api.get('/feed', { as: draw.pick(readers), label: 'feed' });
  await api.get('/notifications', { as: draw.pick(readers), label: 'notifications' });
  await api.get(`/search?q=${draw.word()}`, { label: 'anonymous search' });
  await api.get('/feed', { label: 'anonymous feed' });

  await api.get(`/search?q=${draw.word()}`, { as: other, label: 'signed-in search' });
  const post = await api.publish(`A ${draw.word()} for everybody`, { as: author, label: 'publish' });
  await api.get(`/posts/${post}`, { as: author, label: 'open post' });
  await api.post(`/posts/${post}/likes`, { as: other, label: 'like' });
  await Promise.all([
    api.get('/feed', { as: author, label: 'feeds at once' }),
    api.get('/feed', { as: other, label: 'feeds at once' }),
    api.get('/notifications', { as: ben, label: 'notifications at once' }),
    api.get(`/search?q=${draw.word()}`, { label: 'anonymous search at once' }),
  ]);

  const slowest = [...(await people.all())].sort((a, b) => b.followingCount - a.followingCount)[0];
  note('slowest', slowest?.id ?? null);
  note('most', slowest?.followingCount ?? 0);
  note('following', Object.fromEntries(readers.map((reader) => [reader.id, reader.followingCount])));
  note(
    'names',
    (await people.all()).map((person) => person.name),
  );
  note('tokens', await Promise.all(readers.map((reader) => people.tokenOf(reader))));
});
