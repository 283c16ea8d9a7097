import { scenario } from '@workshop/grader/drive';

/** Two double likes (500), two mistakes of the visitor (404, 400), a search that gives up, and one that finds nothing. */
export default scenario(async ({ api, people, draw, database, note }) => {
  const [reader, other] = await people.drawn(2, { min: 3, max: 60 });
  for (const person of [reader, other]) {
    const { body } = await api.post('/posts', {
      as: person,
      body: { text: `A ${draw.word()} for everybody` },
      label: 'publish',
    });
    await api.post(`/posts/${body.id}/likes`, { as: reader, label: 'first like' });
    await api.post(`/posts/${body.id}/likes`, { as: reader, label: 'double like' });
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
  note('words', words);
  note('tokens', [await people.tokenOf(reader), await people.tokenOf(other)]);
});
