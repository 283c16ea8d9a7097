import { scenario } from '@workshop/grader/drive';

/**
 * Three users open their feeds; one of them is Iris, about whom the question asks. What starts late is no start that is
 * missing, so it is waited for.
 */
export default scenario(async ({ api, people, traced, note }) => {
  const iris = await people.named('Iris');
  note('followed by Iris', iris.followingCount);
  const [one, other] = await people.drawn(2, { min: 5, max: 40 });
  await api.get('/feed', { as: one, label: 'feed' });
  await api.get('/feed', { as: other, label: 'feed' });
  await api.get('/feed', { as: iris, label: 'feed of Iris' });
  await traced();
});
