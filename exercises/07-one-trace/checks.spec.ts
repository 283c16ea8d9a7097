import {
  answer,
  check,
  evidence,
  expectNothingToThirdParty,
  expectOneTrace,
  expectOriginKept,
  expectPageRequests,
  expectPreflights,
  expectQueriesBelow,
  expectTraceparents,
  fact,
  tell,
} from '@workshop/grader/checks';

const path = (address: string) => address.split('?')[0];

check('traceparent', 'the page gives each request to the API a traceparent', () => {
  expectTraceparents();
});

check('preflight', 'the browser asks first, and the API allows it', { needs: ['traceparent'] }, () => {
  expectPreflights();
});

check('origin', 'pages of other origins may still not use the API', { needs: ['preflight'] }, () => {
  expectOriginKept();
});

check(
  'server-below',
  "the API's SERVER span is below the page's CLIENT span",
  { needs: ['preflight'] },
  () => {
    for (const record of expectPageRequests()) expectOneTrace(record);
  },
);

check('to-the-database', 'one trace leads from the page to the database', { needs: ['server-below'] }, () => {
  for (const record of expectPageRequests().filter((one) => path(one.path) === '/feed'))
    expectQueriesBelow(record);
});

check(
  'third-party',
  'no tracing header goes to a server of somebody else',
  { needs: ['traceparent', 'preflight'] },
  () => {
    expectNothingToThirdParty();
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
