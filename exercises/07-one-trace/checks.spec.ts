import {
  answer,
  check,
  clientSpanOf,
  evidence,
  fact,
  fail,
  nothingToThirdParty,
  oneTrace,
  pageRequests,
  preflightsPass,
  queriesBelow,
  sendsTraceparent,
  tell,
} from '@workshop/grader/checks';

const path = (address: string) => address.split('?')[0];

check('traceparent', 'the page gives each request to the API a traceparent', () => {
  sendsTraceparent();
});

check('preflight', 'the browser asks first, and the API allows it', { needs: ['traceparent'] }, () => {
  preflightsPass();
});

check(
  'server-below',
  "the API's SERVER span is below the page's CLIENT span",
  { needs: ['preflight'] },
  () => {
    for (const record of pageRequests()) oneTrace(record);
  },
);

check('to-the-database', 'one trace leads from the page to the database', { needs: ['server-below'] }, () => {
  for (const record of pageRequests().filter((one) => path(one.path) === '/feed')) {
    const client = clientSpanOf(record);
    if (queriesBelow(client).length > 0) continue;
    fail({
      reason: 'instrumentation-missing',
      saw: `the trace of GET /feed leads from the page to the API, and there it ends: it has no queries.`,
      wanted: 'the queries of the feed in the same trace.',
      look: 'exercises/01-first-trace/README.md: what watches the database?',
      views: [
        {
          title: 'GET /feed, sent by the page',
          traceId: client.traceId,
          marks: [{ spanId: oneTrace(record).spanId, text: 'MISSING HERE: a span for each query' }],
        },
      ],
    });
  }
});

check(
  'third-party',
  'no tracing header goes to a server of somebody else',
  { needs: ['traceparent', 'preflight'] },
  () => {
    nothingToThirdParty();
  },
);

answer('07', 'how many requests reach the API for one click on Like', { needs: ['server-below'] }, () => {
  const likes = `/posts/${fact<string>('liked post')}/likes`;
  const crossings = (evidence().headers ?? []).filter(
    (record) => record.at === 'api' && path(record.path) === likes && record.origin === evidence().page?.url,
  ).length;
  tell('crossings', crossings);
  return {
    form: 'a whole number',
    accepted: [crossings],
    nearMisses: [
      {
        value: crossings - 1,
        because:
          'You counted what the page sent. The API also got a question that the browser asked by itself.',
      },
    ],
    look: 'like a post, then look at what the API got for /posts/.../likes, in every trace of that second.',
  };
});
