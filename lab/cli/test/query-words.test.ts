import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import { queryFromWords } from '../query-words.ts';

test('words become the query that they say', () => {
  const query = queryFromWords({
    where: [
      'service.name = murmur-api',
      'trace.parent_id does-not-exist',
      'duration_ms>=500',
      'name starts-with "GET "',
      'http.response.status_code in 500, 503',
      'error = true',
      'user.id = "4711"',
    ],
    calculate: ['P95 duration_ms', 'COUNT', 'heatmap(duration_ms)'],
    by: ['user.id', 'http.route,name'],
    having: ['COUNT > 10', 'P95 duration_ms <= 2.5'],
    order: ['P95 duration_ms desc', 'user.id'],
    limit: '20',
    last: '2h',
    granularity: '1m',
  });
  assert.deepEqual(query, {
    time_range: 7200,
    granularity: 60,
    breakdowns: ['user.id', 'http.route', 'name'],
    calculations: [
      { op: 'P95', column: 'duration_ms' },
      { op: 'COUNT' },
      { op: 'HEATMAP', column: 'duration_ms' },
    ],
    filters: [
      { column: 'service.name', op: '=', value: 'murmur-api' },
      { column: 'trace.parent_id', op: 'does-not-exist' },
      { column: 'duration_ms', op: '>=', value: 500 },
      { column: 'name', op: 'starts-with', value: 'GET ' },
      { column: 'http.response.status_code', op: 'in', value: [500, 503] },
      { column: 'error', op: '=', value: true },
      { column: 'user.id', op: '=', value: '4711' },
    ],
    havings: [
      { calculate_op: 'COUNT', op: '>', value: 10 },
      { calculate_op: 'P95', column: 'duration_ms', op: '<=', value: 2.5 },
    ],
    orders: [
      { op: 'P95', column: 'duration_ms', order: 'descending' },
      { column: 'user.id', order: 'ascending' },
    ],
    limit: 20,
  });
});

test('a sign of programming languages is refused, and no part of it becomes the value', () => {
  for (const where of ['span.kind == server', 'a => 5', 'a <> 5', 'a === 5'])
    assert.throws(
      () => queryFromWords({ where: [where] }),
      /is no operation\. There are = != > >= < <=/,
      where,
    );
  assert.deepEqual(queryFromWords({ where: ['a = "== b"', 'a=b=c'] }).filters, [
    { column: 'a', op: '=', value: '== b' },
    { column: 'a', op: '=', value: 'b=c' },
  ]);
});

test('words that say nothing are refused with an example', () => {
  const bad = [
    { where: ['nonsense'] },
    { where: ['a ='] },
    { where: ['a exists 5'] },
    { calculate: ['MEDIAN x'] },
    { last: 'yesterday' },
    { having: ['COUNT'] },
  ];
  for (const words of bad) assert.throws(() => queryFromWords(words), WorkshopError, JSON.stringify(words));
});
