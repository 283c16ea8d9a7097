import { scenario } from '@workshop/grader/drive';

/**
 * Requests that end in a 500 for several reasons, two of them at once; one of these is no error of the database's. Two mistakes of the visitor (404, 400), a search
 * that gives up, and searches that find nothing.
 */
export default scenario(async ({ api, people, draw, database, note }) => {
  const [reader, other] = await people.drawn(2, { min: 3, max: 60 });
  for (const person of [reader, other]) {
    const post = await api.publish(`A ${draw.word()} for everybody`, { as: person, label: 'publish' });
    await api.post(`/posts/${post}/likes`, { as: reader, label: 'first like' });
    await api.post(`/posts/${post}/likes`, { as: reader, label: 'double like' });
  }
  await api.get(`/posts/${draw.integer(70_000, 900_000)}`, { as: reader, label: 'unknown post' });
  await api.post('/posts', { as: reader, body: { text: '' }, label: 'empty post' });

  const words = draw.word();
  for (let search = 0; search < 3; search++) {
    await api.get(`/search?q=${draw.word()}`, { as: reader, label: 'search without a match' });
  }
  await database.whileLocked('posts', () =>
    api.get(`/search?q=${words}`, { as: reader, label: 'search that gives up' }),
  );

  const typed = draw.word();
  await database.whileLocked('posts', () =>
    Promise.all([
      database.cancelWaiting(2),
      api.get('/feed', { as: reader, label: 'feed that fails' }),
      api.post('/posts', { as: other, body: { text: `A ${typed}` }, label: 'publish that fails' }),
    ]),
  );
  await database.whileLocked('notifications', () =>
    Promise.all([
      database.cancelWaiting(),
      api.get('/notifications', { as: other, label: 'notifications that fail' }),
    ]),
  );
  await database.whileLocked('posts', () =>
    Promise.all([
      database.breakWaiting(),
      api.get('/feed', { as: reader, label: 'feed that loses the database' }),
    ]),
  );
  note('words', words);
  note('typed', typed);
  note('tokens', [await people.tokenOf(reader), await people.tokenOf(other)]);
});
