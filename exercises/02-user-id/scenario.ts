import { scenario } from '@workshop/grader/drive';

/** Five users whom nobody could guess open their feeds, one of them twice; a visitor searches without signing in. */
export default scenario(async ({ api, people, draw, note }) => {
  const readers = [
    ...(await people.drawn(2, { min: 5, max: 30 })),
    ...(await people.drawn(2, { min: 31, max: 80 })),
    await people.named('Ben'),
  ];
  for (const reader of readers) await api.get('/feed', { as: reader, label: 'feed' });
  await api.get('/feed', { as: draw.pick(readers), label: 'feed' });
  await api.get('/notifications', { as: draw.pick(readers), label: 'notifications' });
  await api.get(`/search?q=${draw.word()}`, { label: 'anonymous search' });
  await api.get('/feed', { label: 'anonymous feed' });

  const slowest = [...(await people.all())].sort((a, b) => b.followingCount - a.followingCount)[0];
  note('slowest', slowest?.id ?? null);
  note('most', slowest?.followingCount ?? 0);
  note('following', Object.fromEntries(readers.map((reader) => [reader.id, reader.followingCount])));
  note(
    'names',
    readers.map((reader) => reader.name),
  );
  note('tokens', await Promise.all(readers.map((reader) => people.tokenOf(reader))));
});
