import {
  answer,
  check,
  expectNetworkShare,
  expectNetworkTimes,
  expectSavedQuery,
  expectUrlTemplates,
  findMeasured,
  findNetworkOf,
  tell,
} from '@workshop/grader/checks';

check('said', "murmur.network_ms, a number, is on the page's CLIENT span of each request", () => {
  expectNetworkTimes();
});

check('route', 'url.template on it names the route', { needs: ['said'] }, () => {
  expectUrlTemplates();
});

check('share', "it is the network's share, whatever the clocks say", { needs: ['said'] }, () => {
  expectNetworkShare(findMeasured(false));
});

check('database', 'a slow database does not change it', { needs: ['share'] }, () => {
  expectNetworkShare(findMeasured(true));
});

check('query', 'network-latency-by-route.json shows P50 and P95 of it for each route', () => {
  expectSavedQuery('network-latency-by-route', 'order');
});

answer(
  '09',
  'which loses the larger share to the network, /feed or /notifications',
  { needs: ['share'] },
  () => {
    const feed = findNetworkOf('/feed');
    const news = findNetworkOf('/notifications');
    const share = (one: { networkMs: number; waitedMs: number }): number => one.networkMs / one.waitedMs;
    const larger = share(feed) > share(news) ? '/feed' : '/notifications';
    tell('feed', Math.round(share(feed) * 100));
    tell('news', Math.round(share(news) * 100));
    return {
      form: 'a name',
      accepted: [larger, `GET ${larger}`, larger.slice(1)],
      nearMisses: ['/feed', '/notifications']
        .filter((path) => path !== larger)
        .flatMap((path) => [path, `GET ${path}`, path.slice(1)])
        .map((value) => ({
          value,
          because: 'The milliseconds are about the same. Of which wait are they the larger part?',
        })),
      look: 'npm start -- --network 60, as Iris: for each of the two, murmur.network_ms beside the duration of its CLIENT span.',
    };
  },
);
