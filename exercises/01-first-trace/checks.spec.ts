import {
  answer,
  answered,
  arrivedAtCollector,
  check,
  DATABASE,
  fail,
  isQuery,
  librarySpansBelow,
  NEST,
  namedAs,
  request,
  requests,
  routeOf,
  serverSpanOf,
  spansOf,
  tell,
} from '@workshop/grader/checks';

const feeds = () => [...requests('feed'), ...requests('feed of Iris')].map((sent) => answered(sent, 200));

check('server-span', 'a feed request has a SERVER span that knows its route, /feed', () => {
  for (const sent of feeds()) routeOf(serverSpanOf(sent), sent, '/feed');
});

check('nest-spans', "Nest's spans are below it, in the same trace", { needs: ['server-span'] }, () => {
  for (const sent of feeds()) librarySpansBelow(serverSpanOf(sent), NEST, sent);
});

check('database-spans', "the database's spans are below it, too", { needs: ['server-span'] }, () => {
  for (const sent of feeds()) {
    const spans = librarySpansBelow(serverSpanOf(sent), DATABASE, sent);
    if (!spans.some(isQuery)) {
      fail({
        reason: 'instrumentation-missing',
        saw: `${spans.length} spans of the database driver, and none of them is a query.`,
        wanted: 'a span for each query, with its text in db.query.text.',
        look: 'the options that you give to the instrumentation of pg.',
      });
    }
  }
});

check('service-name', 'the resource names the service: murmur-api', { needs: ['server-span'] }, () => {
  for (const sent of feeds()) namedAs(serverSpanOf(sent), 'murmur-api');
});

check('exported', 'the same spans arrive at the collector', { needs: ['server-span'] }, () => {
  arrivedAtCollector(feeds().flatMap((sent) => spansOf(sent)));
});

answer(
  '01',
  "how many database queries has one request of Iris's feed",
  { needs: ['server-span', 'database-spans'] },
  () => {
    const spans = spansOf(request('feed of Iris'));
    const queries = spans.filter(isQuery).length;
    const connections = spans.filter((span) => /pool/.test(span.name)).length;
    tell('queries', queries);
    return {
      form: 'a whole number',
      accepted: [queries],
      nearMisses: [
        {
          value: queries + connections,
          because: 'You counted the spans of the pool as well. Taking a connection is no query.',
        },
        { value: spans.length, because: 'You counted every span of the trace.' },
      ],
      look: "a trace of Iris's GET /feed. How many of its spans carry a query?",
    };
  },
);
