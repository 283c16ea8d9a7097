import {
  answer,
  check,
  expectExported,
  expectLibrarySpans,
  expectListed,
  expectQueries,
  expectRequest,
  expectRequests,
  expectRoute,
  expectServerSpan,
  expectServiceName,
  expectStatus,
  fact,
  findSpansOf,
  isQuery,
  NEST,
  tell,
} from '@workshop/grader/checks';

const feeds = () =>
  [...expectRequests('feed'), ...expectRequests('feed of Iris')].map((sent) =>
    expectListed(expectStatus(sent, 200)),
  );

check('server-span', 'a feed request has a SERVER span that knows its route, /feed', () => {
  for (const sent of feeds()) expectRoute(sent, '/feed');
});

check('nest-spans', "Nest's spans are below it, in the same trace", { needs: ['server-span'] }, () => {
  for (const sent of feeds()) expectLibrarySpans(NEST, sent);
});

check('database-spans', "the database's spans are below it, too", { needs: ['server-span'] }, () => {
  for (const sent of feeds()) expectQueries(sent);
});

check('service-name', 'the resource names the service: murmur-api', { needs: ['server-span'] }, () => {
  for (const sent of feeds()) expectServiceName(expectServerSpan(sent), 'murmur-api');
});

check('exported', 'the same spans arrive at the collector', { needs: ['server-span'] }, () => {
  expectExported(feeds().flatMap((sent) => findSpansOf(sent)));
});

answer(
  '01',
  "how many database queries has one request of Iris's feed",
  { needs: ['server-span', 'database-spans'] },
  () => {
    const spans = findSpansOf(expectRequest('feed of Iris'));
    const queries = spans.filter(isQuery).length;
    const followed = fact<number>('followed by Iris');
    const connections = spans.filter((span) => /pool/.test(span.name)).length;
    tell('queries', queries);
    return {
      form: 'a whole number',
      // A feed that was mended after the question was answered (03b) asks fewer: the ids, one query for each, the likes.
      accepted: queries > followed ? [queries] : [queries, followed + 2],
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
