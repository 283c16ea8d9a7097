import {
  check,
  expectBefore,
  expectFewQueries,
  expectRequests,
  expectSameFeed,
  expectSameShare,
  expectStatus,
  tell,
} from '@workshop/grader/checks';

/** The followed people, their posts, the likes, and room for two more. */
const MOST_QUERIES = 5;

const feeds = () =>
  [...expectRequests('feed'), ...expectRequests('feed of Iris')].map((sent) => expectStatus(sent, 200));

check(
  'few-queries',
  `one feed asks the database at most ${MOST_QUERIES} times, however many one follows`,
  () => {
    for (const sent of feeds()) expectFewQueries(sent, MOST_QUERIES);
  },
);

check('same-feed', 'it shows the same posts in the same order as before', { needs: ['few-queries'] }, () => {
  for (const sent of feeds()) expectSameFeed(sent);
  for (const sent of expectRequests('feed with a busy author')) expectSameShare(expectStatus(sent, 200));
  const iris = feeds().at(-1);
  if (!iris) return;
  const { before, now } = expectBefore(iris);
  tell('queriesBefore', before.queries);
  tell('queriesNow', now.queries);
  tell('msBefore', Math.round(before.durationMs));
  tell('msNow', Math.round(now.durationMs));
});
