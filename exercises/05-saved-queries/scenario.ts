import { scenario } from '@workshop/grader/drive';

/**
 * The saved queries are run over hidden data beside this. What is driven is for the question alone: feeds of people
 * who follow many and of people who follow few, in turn, so that nothing that only grows with time tells them apart.
 */
export default scenario(
  async ({ api, people }) => {
    const quick = await people.drawn(2, { max: 30 });
    const slow = await people.drawn(2, { min: 60, max: 100 });
    for (const at of [0, 1]) {
      await api.get('/feed', { as: slow[at], label: 'slow feed' });
      await api.get('/feed', { as: quick[at], label: 'quick feed' });
    }
  },
  { savedQueries: true },
);
