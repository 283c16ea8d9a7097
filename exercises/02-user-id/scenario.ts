import { scenario } from '@workshop/grader/drive';

/**
 * Users whom nobody could guess open their feeds, one of them twice; the id of one begins with a zero. They also search,
 * publish, share, like and read their notifications, ask for what is not there, and do several of these at once. A visitor
 * searches without signing in.
 */
export default scenario(async ({ api, people, draw, note }) => {
  const [author, other] = await people.drawn(2, { min: 5, max: 30 });
  const ben = await people.named('Ben');
  const zeros = (await people.all()).filter(
    ({ id, followingCount }) => id.startsWith('0') && followingCount <= 80,
  );
  const readers = [
    author,
    other,
    ...(await people.drawn(2, { min: 31, max: 80 })),
    ben,
    ...draw.sample(zeros, Math.min(1, zeros.length)),
  ];
  for (const reader of readers) await api.get('/feed', { as: reader, label: 'feed' });
  await api.get('/feed', { as: draw.pick(readers), label: 'feed' });
  await api.get('/notifications', { as: draw.pick(readers), label: 'notifications' });
  await api.get(`/search?q=${draw.word()}`, { label: 'anonymous search' });
  await api.get('/feed', { label: 'anonymous feed' });

  await api.get(`/search?q=${draw.word()}`, { as: other, label: 'signed-in search' });
  const post = await api.publish(`A ${draw.word()} for everybody`, { as: author, label: 'publish' });
  await api.get(`/posts/${post}`, { as: author, label: 'open post' });
  await api.post(`/posts/${post}/likes`, { as: other, label: 'like' });
  await api.post(`/posts/${post}/likes`, { as: other, label: 'like again' });
  await api.post(`/posts/${post}/shares`, { as: author, label: 'share' });
  await api.get(`/posts/${draw.integer(1, 9)}${'0'.repeat(8)}`, { as: other, label: 'open no post' });
  await Promise.all([
    api.get('/feed', { as: author, label: 'feeds at once' }),
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
