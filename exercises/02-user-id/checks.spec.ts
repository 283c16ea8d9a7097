import {
  answer,
  check,
  expectAttributeAnywhere,
  expectAttributeOnServerSpan,
  expectListed,
  expectNoAttribute,
  expectNothingPersonal,
  expectRequests,
  expectServerSpan,
  expectStatus,
  expectValue,
  fact,
  tell,
} from '@workshop/grader/checks';

const COUNT = 'murmur.feed.following_count';
/** A shorter part of a token might be any id or number. */
const LONGEST_ID = 20;

const answeredWith = (status: number, ...labels: string[]) =>
  labels.flatMap((label) => expectRequests(label)).map((sent) => expectStatus(sent, status));

const feeds = () => answeredWith(200, 'feed', 'feeds at once').map(expectListed);
/** Every kind of request that has a session, some of them while others are under way, and two that fail. */
const signedIn = () => [
  ...feeds(),
  ...answeredWith(200, 'notifications', 'notifications at once', 'signed-in search', 'open post'),
  ...answeredWith(201, 'publish', 'like', 'share'),
  ...answeredWith(404, 'open no post'),
  ...expectRequests('like again'),
];
const anonymous = () => [
  ...answeredWith(200, 'anonymous search', 'anonymous search at once'),
  ...answeredWith(401, 'anonymous feed'),
];
const following = (userId: string | null) => fact<Record<string, number>>('following')[userId ?? ''] ?? 0;

check('somewhere', "a signed-in user's request has user.id on one of its spans", () => {
  for (const sent of signedIn()) expectAttributeAnywhere('user.id', sent);
});

check('on-server-span', "user.id is on the request's SERVER span", { needs: ['somewhere'] }, () => {
  for (const sent of signedIn()) expectAttributeOnServerSpan('user.id', sent, sent.userId ?? '');
});

check(
  'right-user',
  'it is the id of the user who is signed in, as text',
  { needs: ['on-server-span'] },
  () => {
    const among = signedIn().map(expectServerSpan);
    for (const sent of signedIn()) expectValue('user.id', expectServerSpan(sent), sent.userId ?? '', among);
  },
);

check('not-anonymous', 'a request without a session has no user.id', { needs: ['on-server-span'] }, () => {
  for (const sent of anonymous()) expectNoAttribute('user.id', sent);
});

check('following-count', 'murmur.feed.following_count on it is how many people the user follows', () => {
  const among = feeds().map(expectServerSpan);
  for (const sent of feeds()) {
    const count = following(sent.userId);
    const server = expectAttributeOnServerSpan(COUNT, sent, count);
    expectValue(COUNT, server, count, among);
  }
});

check(
  'nothing-personal',
  'no span holds a token, a name or a whole object',
  { needs: ['on-server-span'] },
  () => {
    for (const sent of signedIn()) {
      expectNothingPersonal(
        [
          ...fact<string[]>('tokens')
            .flatMap((token) => [token, ...token.split('.').filter((part) => part.length > LONGEST_ID)])
            .map((text) => ({ what: 'the session token, or a part of it', text, unique: true })),
          ...fact<string[]>('names').map((text) => ({ what: 'the name of a user', text })),
        ],
        sent,
      );
    }
  },
);

answer(
  '02',
  'which user.id has the highest murmur.feed.following_count',
  { needs: ['on-server-span'] },
  () => {
    tell('following', fact<number>('most'));
    return {
      form: 'a user id',
      accepted: [fact<string>('slowest')],
      nearMisses: [
        ...['Iris', '@iris'].map((value) => ({
          value,
          because: 'The trace says it as an id, and so does the question.',
        })),
        { value: String(fact<number>('most')), because: 'That is how many. The question asks who.' },
      ],
      look: 'the SERVER spans of GET /feed in your traces, after npm run traffic: both attributes stand there.',
    };
  },
);
