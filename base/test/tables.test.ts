import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainTable } from '../tables.ts';

test('columns stand under their heads, numbers to the right, without lines and trailing blanks', () => {
  const table = plainTable(
    ['name', 'spans', 'route'],
    [
      ['feed', '9', '/feed'],
      ['like a post', '12', ''],
    ],
    ['spans'],
  );
  assert.equal(
    table,
    ['name         spans  route', 'feed             9  /feed', 'like a post     12'].join('\n'),
  );
});
