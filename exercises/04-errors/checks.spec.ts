import {
  answer,
  check,
  expectBoundedNames,
  expectErrorStatus,
  expectErrorTypes,
  expectHiddenFailureTold,
  expectMessagesHide,
  expectNoError,
  expectOwnErrorType,
  expectOwnMessage,
  expectOwnWork,
  expectRecordedOnce,
  expectRequest,
  expectRequests,
  expectServerSpan,
  expectStatus,
  fact,
  findQueriesBelow,
  findSpansOf,
  isQuery,
  type SentRequest,
} from '@workshop/grader/checks';

const doubleLikes = () => expectRequests('double like').map((sent) => expectStatus(sent, 500));
/** A lost connection: the error comes from the driver, of the class Error, without a code. */
const lostDatabase = () => expectStatus(expectRequest('feed that loses the database'), 500);
/** A 500 for each of several reasons: a rule of the database, queries that were cancelled, and a lost connection. */
const failures = () => [
  ...doubleLikes(),
  ...['feed that fails', 'publish that fails', 'notifications that fail'].map((label) =>
    expectStatus(expectRequest(label), 500),
  ),
  lostDatabase(),
];
const gaveUp = () => expectStatus(expectRequest('search that gives up'), 200);
const searches = () => expectRequests('search without a match').map((sent) => expectStatus(sent, 200));
const wordsOf = (sent: SentRequest) => new URLSearchParams(sent.path.split('?')[1]).getAll('q');

/** PostgreSQL's code for a row that breaks a unique key. */
const DOUBLE_LIKE = '23505';

/** On a busy machine a search may run out of time on its own: then it did give up. */
const foundNothing = () => {
  const calm = searches().filter(
    (sent) => !findQueriesBelow(expectServerSpan(sent)).some((span) => span.status.code === 'ERROR'),
  );
  if (calm.length === 0) throw new Error('no search without a match was in time: the machine is too busy');
  return calm;
};
const mistakes = () => [
  expectStatus(expectRequest('unknown post'), 404),
  expectStatus(expectRequest('empty post'), 400),
];

check(
  'server-error',
  'a request that ends in a 500 says so on its SERVER span: ERROR, with a message',
  () => {
    for (const sent of failures()) expectErrorStatus(sent, failures());
    // Whoever marks the visitor's mistakes, too, hears of these first.
    if (mistakes().some((sent) => expectServerSpan(sent).status.code === 'ERROR')) return;
    for (const sent of failures()) expectOwnMessage(sent, doubleLikes()[0] as SentRequest);
  },
);

check(
  'error-type',
  'error.type on it names the kind of error, the same each time',
  { needs: ['server-error'] },
  () => {
    expectErrorTypes(doubleLikes().map((sent) => expectErrorStatus(sent)));
    for (const sent of failures())
      expectErrorTypes([expectErrorStatus(sent)], { plainError: sent.label === lostDatabase().label });
    for (const sent of failures())
      expectOwnErrorType(expectErrorStatus(sent), sent, doubleLikes()[0] as SentRequest);
  },
);

check('client-error', 'a 404 or a 400 is no error of the server', { needs: ['server-error'] }, () => {
  for (const sent of mistakes())
    expectNoError(sent, 'The visitor made the mistake, and the server did its work.');
});

check('gave-up', 'a search that gave up says so on a span of yours, though it answered 200', () => {
  const told = expectHiddenFailureTold(gaveUp());
  for (const sent of doubleLikes()) expectOwnErrorType(told, gaveUp(), sent);
  expectOwnWork(told, gaveUp());
  expectBoundedNames([gaveUp(), ...searches()], wordsOf);
});

check('found-nothing', 'a search that finds nothing is no error', { needs: ['gave-up'] }, () => {
  for (const sent of foundNothing())
    expectNoError(sent, 'An empty list is a right answer here.', { inside: true });
});

check(
  'recorded-once',
  'no failure is recorded twice in your own spans',
  { needs: ['server-error', 'gave-up'] },
  () => {
    for (const sent of [...failures(), gaveUp()]) expectRecordedOnce(sent);
  },
);

check(
  'no-secret',
  'no message holds a token or what the visitor typed',
  { needs: ['server-error', 'gave-up'] },
  () => {
    const secrets = [
      { what: 'what the visitor searched for', text: fact<string>('words'), unique: true },
      { what: 'what the visitor wrote', text: fact<string>('typed'), unique: true },
      ...fact<string[]>('tokens').map((text) => ({ what: 'the session token', text, unique: true })),
    ];
    for (const sent of [...failures(), gaveUp()]) expectMessagesHide(secrets, sent);
  },
);

answer('04', 'which error type hides behind the empty search', { needs: ['gave-up'] }, () => {
  const query = findSpansOf(gaveUp()).find((span) => isQuery(span) && span.status.code === 'ERROR');
  const code = /code: (\w+)/.exec(JSON.stringify(query?.events ?? []))?.[1];
  const own = String(expectHiddenFailureTold(gaveUp()).attributes['error.type']);
  return {
    form: 'a name or a code',
    // A span of the search that says the double like's code is wrong, and its word does not count.
    accepted: ['57014', 'query_canceled', code ?? '57014', ...(own === DOUBLE_LIKE ? [] : [own])],
    nearMisses: [
      {
        value: DOUBLE_LIKE,
        because: 'That one is behind the double like. The question asks for the search.',
      },
      { value: 'exception', because: 'That is the name of the event. Its attributes say more.' },
    ],
    look: 'search for "good" and open the trace. Which of its spans failed, and what does its event say?',
  };
});
