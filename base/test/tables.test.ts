import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainTable } from '../tables.ts';

const HEAD = ['name', 'spans', 'route'];
const ROWS = [
  ['feed', '9', '/feed'],
  ['like a post', '12', ''],
];

test('columns stand under their heads, numbers to the right, without lines and trailing blanks', () => {
  assert.equal(
    plainTable(HEAD, ROWS, { right: ['spans'], indent: 2 }),
    ['  name         spans  route', '  feed             9  /feed', '  like a post     12'].join('\n'),
  );
});

test('a table that is wider than the screen gives of its widest column, and says so', () => {
  const rows = [['GET /posts/:id/likes/of/somebody', '9', '/posts/:id']];
  assert.equal(
    plainTable(HEAD, rows, { width: 32 }),
    ['name           spans  route', 'GET /posts/:~  9      /posts/:id'].join('\n'),
  );
});

test('characters of two columns keep the others in place', () => {
  assert.equal(plainTable(['a', 'b'], [['日本', '1']], { width: 80 }), ['a     b', '日本  1'].join('\n'));
});
