import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredQuery } from '../../query/index.ts';
import { datasetOf, outsideDataset, withinDataset } from '../dataset.ts';
import { sameQuery } from '../same-query.ts';
import { LATENCY, RECENT } from './fixtures.ts';

const API = { column: 'service.name', op: '=', value: 'murmur-api' };

test('a query belongs to one dataset only if it asks about one service and no other span', () => {
  assert.equal(datasetOf({ filters: [API] }), 'murmur-api');
  assert.equal(datasetOf({}), '__all__');
  assert.equal(datasetOf({ filters: [{ ...API, op: '!=' }] }), '__all__');
  assert.equal(
    datasetOf({ filters: [{ ...API, op: 'in', value: ['murmur-api', 'murmur-web'] }] }),
    '__all__',
  );
  assert.equal(
    datasetOf({ filters: [API, { column: 'error', op: 'exists' }], filter_combination: 'OR' }),
    '__all__',
  );
  assert.equal(datasetOf({ filters: [API], breakdowns: ['root.name'] }), '__all__');
  assert.equal(
    datasetOf({ filters: [API, { column: 'parent.service.name', op: '=', value: 'x' }] }),
    '__all__',
  );
  assert.equal(
    datasetOf({ filters: [API], calculations: [{ op: 'MAX', column: 'root.duration_ms' }] }),
    '__all__',
  );
});

test('a dataset implies its own service filter, and no other', () => {
  assert.deepEqual(withinDataset({ filters: [API] }, 'murmur-api').filters, []);
  assert.deepEqual(withinDataset({ filters: [API] }, 'murmur-web').filters, [API]);
  assert.deepEqual(outsideDataset({}, 'murmur-api'), { filters: [API] });
  const two = {
    filters: [
      { column: 'a', op: 'exists' },
      { column: 'b', op: 'exists' },
    ],
    filter_combination: 'OR',
  } as const;
  assert.equal(outsideDataset(structuredClone(two) as unknown as StoredQuery, 'murmur-api'), null);
});

test('a query is the same with Honeycomb’s defaults filled in or left out', () => {
  const { filter_combination: _and, ...read } = RECENT.query;
  assert.ok(
    sameQuery(RECENT.query, {
      ...read,
      id: 'x',
      time_range: 7200,
      limit: 1000,
      orders: [],
      usage_mode: false,
    }),
  );
  assert.ok(sameQuery({}, { calculations: [{ op: 'COUNT', column: null }] }));
  assert.ok(sameQuery(RECENT.query, { ...RECENT.query, filters: [...RECENT.query.filters!].reverse() }));
  const ordered = (order?: 'ascending' | 'descending'): StoredQuery => ({ orders: [{ op: 'COUNT', order }] });
  assert.ok(sameQuery(ordered(), ordered('ascending')));
});

test('a query is another one with any part of its meaning changed', () => {
  const base = LATENCY.query;
  const changes: Partial<StoredQuery>[] = [
    { limit: 49 },
    { time_range: 7200 },
    { breakdowns: ['user.name'] },
    { calculations: [...base.calculations!].reverse() },
    { filters: [{ column: 'trace.parent_id', op: 'exists' }] },
    { orders: [{ op: 'P99', column: 'duration_ms' }] },
    { granularity: 60 },
    { usage_mode: true },
    { havings: [{ calculate_op: 'COUNT', op: '>', value: 1 }] },
  ];
  for (const change of changes) assert.ok(!sameQuery(base, { ...base, ...change }), JSON.stringify(change));
  const two = RECENT.query;
  assert.ok(!sameQuery(two, { ...two, filter_combination: 'OR' }));
});
