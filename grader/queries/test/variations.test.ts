import assert from 'node:assert/strict';
import { test } from 'node:test';
import { narrowedOf, variationsOf } from '../variations.ts';

const SERVER = { column: 'span.kind', op: '=', value: 'server' };
const MINE = { column: 'user.id', op: 'in', value: ['0984'] };

test('each filter is taken away alone, and the values of one sample together', () => {
  const query = { filters: [SERVER, MINE], havings: [{ calculate_op: 'COUNT', op: '>', value: 1 }] };
  const variations = variationsOf(query);
  assert.deepEqual(
    variations.map(({ taken, text }) => [taken, text]),
    [
      ['sample', 'user.id in ["0984"]'],
      ['filter', 'span.kind = "server"'],
      ['havings', 'its havings'],
    ],
  );
  assert.deepEqual(variations[0]?.query, { ...query, filters: [SERVER] });
  assert.deepEqual(variations[1]?.query, { ...query, filters: [MINE] });
});

test('a fixed time belongs to one sample, a relative one does not', () => {
  const fixed = variationsOf({ start_time: 1, end_time: 2, granularity: 1, filters: [] });
  assert.deepEqual(
    fixed.map(({ taken, query }) => [taken, query]),
    [['sample', { filters: [] }]],
  );
  assert.deepEqual(
    variationsOf({ time_range: 600 }).map(({ taken }) => taken),
    ['times'],
  );
});

test('a limit is raised as far as it goes', () => {
  const [limit, ...more] = variationsOf({ limit: 5 });
  assert.deepEqual([limit?.taken, limit?.text, limit?.query], ['limit', 'limit 5', { limit: 1000 }]);
  assert.deepEqual(more, []);
});

test('a root or a user that only exists names no sample', () => {
  const exists = { column: 'trace.parent_id', op: 'does-not-exist' };
  assert.deepEqual(
    variationsOf({ filters: [exists] }).map(({ taken }) => taken),
    ['filter'],
  );
});

test('a filter that leaves one row for each request is added, also in place of another, but not where any is enough', () => {
  const query = { filters: [MINE] };
  const variations = narrowedOf(query);
  assert.deepEqual(
    variations.map(({ taken, text }) => [taken, text]),
    [
      ['added', 'span.kind = "server"'],
      ['added', 'trace.parent_id does-not-exist'],
      ['replaced', 'user.id in ["0984"]'],
      ['replaced', 'user.id in ["0984"]'],
    ],
  );
  assert.deepEqual(variations[0]?.query, { filters: [MINE, SERVER] });
  assert.deepEqual(variations[2]?.query, { filters: [SERVER] });
  assert.deepEqual(narrowedOf({ ...query, filter_combination: 'OR' }), []);
});
