import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryError } from '../../query/index.ts';
import { searchWords } from '../search-words.ts';

const READ: [q: string, words: string[]][] = [
  ['', []],
  ['  rank   feed ', ['rank', 'feed']],
  ['"rank feed" error.type', ['"rank feed"', 'error.type']],
  [
    'user.id=4711 user=Iris route=/posts/:id service=murmur-api',
    ['user.id = 4711', 'user.id = Iris', 'http.route = /posts/:id', 'service.name = murmur-api'],
  ],
  ['-error -name="GET /health" -"two words"', ['- error', '- name = "GET /health"', '- "two words"']],
  ['url.full=http://localhost:3000/search?q=a=b', ['url.full = http://localhost:3000/search?q=a=b']],
  ['say="\\"hi\\" \\\\ you" key=""', ['say = ""hi" \\ you"', 'key = ""']],
  ['"my key"=1 a=-1 feed-loader x-y=z', ['my key = 1', 'a = -1', 'feed-loader', 'x-y = z']],
  ['name="not closed yet', ['name = "not closed yet"']],
  ['-', ['-']],
  [
    'count>150 count>=1.5 -count<3 user<=-1 a>b "x>1" c>=d duration_ms>"5"',
    [
      'count > 150',
      'count >= 1.5',
      '- count < 3',
      'user.id <= -1',
      'a>b',
      '"x>1"',
      'c> = d',
      'duration_ms>',
      '"5"',
    ],
  ],
];

for (const [q, words] of READ)
  test(`${q || 'nothing'} is read`, () => {
    const read = searchWords(q).map(({ excluded, key, operator, text, quoted }) => {
      const value = quoted ? `"${text}"` : text;
      return `${excluded ? '- ' : ''}${key === null ? value : `${key} ${operator} ${value}`}`;
    });
    assert.deepEqual(read, words);
  });

test('what cannot be read names q and says what is wrong with it', () => {
  const refused: [q: string, text: string][] = [
    ['日本語 =', 'q: "=" is no word, and no key=value'],
    ['feed error.type=', 'q: error.type= has no value; -error.type finds traces without this attribute'],
    [Array(21).fill('x').join(' '), 'q: it has 21 words; at most 20'],
  ];
  for (const [q, message] of refused)
    assert.throws(
      () => searchWords(q),
      (error: Error) => error instanceof QueryError && error.message === message,
    );
});

test('a text of quotes and backslashes takes no time', () => {
  const begin = performance.now();
  for (const text of ['"\\'.repeat(500), '-'.repeat(1_000), `${'"'.repeat(999)}=`]) {
    try {
      searchWords(text);
    } catch {
      // refused is as good
    }
  }
  // Who looks for the end of a text from each of its quotes needs minutes.
  assert.ok(performance.now() - begin < 5_000);
});
