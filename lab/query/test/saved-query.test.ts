import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSavedQuery, parseSavedQuery, type QueryError } from '../index.ts';

test('a saved query is read back as it was written; its description may be missing', () => {
  const saved = { name: 'Latency by user', description: 'Who waits?', query: { breakdowns: ['user.id'] } };
  assert.deepEqual(parseSavedQuery(JSON.parse(formatSavedQuery(saved))), saved);
  assert.equal(parseSavedQuery({ name: 'x', query: {} }).description, '');
});

test('every field with a problem is named, each by one line', () => {
  const refusals: [unknown, string[]][] = [
    [[], ['(the file)']],
    [null, ['(the file)']],
    [{ name: 'x' }, ['query']],
    [{ name: 'x', query: [] }, ['query']],
    [{ name: 'x', query: 'COUNT' }, ['query']],
    [{ query: {} }, ['name']],
    [{ name: ' ', query: {} }, ['name']],
    [{ name: 'x'.repeat(321), query: {} }, ['name']],
    [{ name: 'x', description: 1, query: {} }, ['description']],
    [{ name: 'x', description: 'x'.repeat(1024), query: {} }, ['description']],
    [{ calculations: [] }, ['query', 'name']],
  ];
  for (const [value, fields] of refusals) {
    assert.throws(
      () => parseSavedQuery(value),
      (error: QueryError) => {
        assert.deepEqual(
          error.problems.map((problem) => problem.field),
          fields,
          JSON.stringify(value),
        );
        return true;
      },
    );
  }
  assert.throws(() => parseSavedQuery({ breakdowns: [] }), /the query itself stands below "query"/);
});
