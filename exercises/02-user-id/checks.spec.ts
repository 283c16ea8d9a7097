import {
  answer,
  answered,
  attributeAnywhere,
  attributeIs,
  attributeOnServerSpan,
  check,
  fact,
  noAttribute,
  nothingPersonal,
  requests,
  tell,
} from '@workshop/grader/checks';

const feeds = () => requests('feed').map((sent) => answered(sent, 200));
const signedIn = () => [...feeds(), ...requests('notifications').map((sent) => answered(sent, 200))];
const anonymous = () => [
  ...requests('anonymous search').map((sent) => answered(sent, 200)),
  ...requests('anonymous feed').map((sent) => answered(sent, 401)),
];
const following = (userId: string | null) => fact<Record<string, number>>('following')[userId ?? ''] ?? 0;

check('somewhere', "a signed-in user's request has user.id on one of its spans", () => {
  for (const sent of signedIn()) attributeAnywhere(sent, 'user.id');
});

check('on-server-span', "user.id is on the request's SERVER span", { needs: ['somewhere'] }, () => {
  for (const sent of signedIn()) attributeOnServerSpan(sent, 'user.id', sent.userId ?? '');
});

check(
  'right-user',
  'it is the id of the user who is signed in, as text',
  { needs: ['on-server-span'] },
  () => {
    for (const sent of signedIn()) attributeIs(sent, 'user.id', sent.userId ?? '', { among: signedIn() });
  },
);

check('not-anonymous', 'a request without a session has no user.id', { needs: ['on-server-span'] }, () => {
  for (const sent of anonymous()) noAttribute(sent, 'user.id');
});

check('following-count', 'murmur.feed.following_count on it is how many people the user follows', () => {
  for (const sent of feeds()) {
    const count = following(sent.userId);
    attributeOnServerSpan(sent, 'murmur.feed.following_count', count);
    attributeIs(sent, 'murmur.feed.following_count', count, { among: feeds() });
  }
});

check(
  'nothing-personal',
  'no span holds a token, a name or a whole object',
  { needs: ['on-server-span'] },
  () => {
    for (const sent of signedIn()) {
      nothingPersonal(sent, [
        ...fact<string[]>('tokens').map((text) => ({ what: 'the session token', text, unique: true })),
        ...fact<string[]>('names').map((text) => ({ what: 'the name of a user', text })),
      ]);
    }
  },
);

answer('02', 'which user.id waits longest for the feed', { needs: ['on-server-span'] }, () => {
  tell('following', fact<number>('most'));
  return {
    form: 'a user id',
    accepted: [fact<string>('slowest')],
    nearMisses: [{ value: 'Iris', because: 'The trace says it as an id, and so does the question.' }],
    look: 'run npm run traffic beside npm start, then npm run traces. Whose feeds are the slowest ones?',
  };
});
