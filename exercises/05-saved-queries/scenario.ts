import { scenario } from '@workshop/grader/drive';

/**
 * The saved queries are run over hidden data beside this. What is driven is for the question alone: feeds of people
 * who follow many and of people who follow few, in turn, so that nothing that only grows with time tells them apart.
 */
export default scenario(
  async ({ api, people }) => {
    const quick = await people.drawn(3, { max: 30 });
    const slow = await people.drawn(3, { min: 80 });
    await api.get('/feed', { as: quick[0], label: 'warm up' });
    for (const [at, person] of slow.entries()) {
      await api.get('/feed', { as: quick[at], label: 'feed' });
      await api.get('/feed', { as: person, label: 'feed' });
    }
  },
  { savedQueries: true },
);
