import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryError, validateQuery } from '../index.ts';
import { problemsOf } from './problems-of.ts';

const CASES: [name: string, query: unknown, field: string, words: RegExp][] = [
  ['not an object', [], 'query', /JSON object/],
  ['an unknown field', { calculation: [] }, 'calculation', /did you mean calculations/],
  ['none in breakdowns', { breakdowns: ['none.name'] }, 'breakdowns[0]', /filters only/],
  [
    '101 breakdowns',
    { breakdowns: Array.from({ length: 101 }, (_, i) => `c${i}`) },
    'breakdowns',
    /at most 100/,
  ],
  [
    'an unknown calculation',
    { calculations: [{ op: 'P96', column: 'x' }] },
    'calculations[0].op',
    /did you mean P9/,
  ],
  ['a missing column', { calculations: [{ op: 'P95' }] }, 'calculations[0].column', /P95 needs a column/],
  [
    'a column for CONCURRENCY',
    { calculations: [{ op: 'CONCURRENCY', column: 'x' }] },
    'calculations[0].column',
    /takes no column/,
  ],
  [
    'filters without a name',
    { calculations: [{ op: 'COUNT', filters: [{ column: 'x', op: 'exists' }] }] },
    'calculations[0].name',
    /needs a name/,
  ],
  [
    'an unknown operation',
    { filters: [{ column: 'x', op: 'equals', value: 1 }] },
    'filters[0].op',
    /use one of|did you mean/,
  ],
  [
    'a value for exists',
    { filters: [{ column: 'x', op: 'exists', value: 1 }] },
    'filters[0].value',
    /takes no value/,
  ],
  [
    'in without a list',
    { filters: [{ column: 'x', op: 'in', value: 'a' }] },
    'filters[0].value',
    /needs a list/,
  ],
  [
    'a number to contain',
    { filters: [{ column: 'x', op: 'contains', value: 5 }] },
    'filters[0].value',
    /needs a text/,
  ],
  ['no value', { filters: [{ column: 'x', op: '=' }] }, 'filters[0].value', /needs a value/],
  ['a combination of its own', { filter_combination: 'XOR' }, 'filter_combination', /not known/],
  [
    'an order of what is not there',
    { orders: [{ op: 'P99', column: 'duration_ms' }] },
    'orders[0]',
    /the query has COUNT/,
  ],
  [
    'an order that leaves out the column of its calculation',
    { calculations: [{ op: 'COUNT' }, { op: 'P95', column: 'duration_ms' }], orders: [{ op: 'P95' }] },
    'orders[0]',
    /^P95 of which column\? The query has P95\(duration_ms\)$/,
  ],
  ['an order by an ungrouped column', { orders: [{ column: 'user.id' }] }, 'orders[0].column', /group by it/],
  [
    'an order by a heatmap',
    { calculations: [{ op: 'HEATMAP', column: 'x' }], orders: [{ op: 'HEATMAP', column: 'x' }] },
    'orders[0].op',
    /HEATMAP/,
  ],
  [
    'a having without a number',
    { havings: [{ calculate_op: 'COUNT', op: '>', value: '5' }] },
    'havings[0].value',
    /a number/,
  ],
  [
    'a having on a heatmap',
    { havings: [{ calculate_op: 'HEATMAP', column: 'x', op: '>', value: 5 }] },
    'havings[0].calculate_op',
    /no single value/,
  ],
  ['limit 0', { limit: 0 }, 'limit', /from 1 to 1000/],
  ['limit 1001', { limit: 1001 }, 'limit', /from 1 to 1000/],
  ['all three times', { start_time: 1, end_time: 100, time_range: 5 }, 'time_range', /leave it out/],
  ['times upside down', { start_time: 100, end_time: 1 }, 'start_time', /after end_time/],
  ['too fine a granularity', { time_range: 7200, granularity: 7 }, 'granularity', /between 8 and 7200/],
  ['too coarse a granularity', { time_range: 60, granularity: 61 }, 'granularity', /between 1 and 60/],
  ['half a second', { time_range: 0.5 }, 'time_range', /whole number/],
];

for (const [name, query, field, words] of CASES) {
  test(`${name} is refused, and the message names ${field}`, () => {
    const problems = problemsOf(query);
    assert.match(problems[field] ?? `no problem at ${field}: ${JSON.stringify(problems)}`, words);
  });
}

test('what Honeycomb takes is taken', () => {
  const query = {
    breakdowns: ['user.id', 'root.name'],
    calculations: [
      { op: 'HEATMAP', column: 'duration_ms' },
      { op: 'P99', column: 'duration_ms' },
    ],
    filters: [{ column: 'trace.parent_id', op: 'does-not-exist' }],
    filter_combination: 'AND',
    granularity: 0,
    limit: 1000,
    orders: [{ op: 'P99', column: 'duration_ms', order: 'descending' }],
    havings: [{ calculate_op: 'P99', column: 'duration_ms', op: '>', value: 1 }],
    time_range: 86400,
    formulas: [],
    calculated_fields: [],
    usage_mode: false,
  };
  assert.deepEqual(problemsOf(query), {});
  assert.deepEqual(problemsOf({}), {});
});

test('10,000 results are allowed without the series only', () => {
  assert.ok(validateQuery({ limit: 10_000 }, { disableSeries: true }));
  assert.throws(() => validateQuery({ limit: 10_001 }, { disableSeries: true }), QueryError);
});

test('a problem that only follows from another is not told', () => {
  const p96 = { op: 'P96', column: 'x' };
  const orders = [{ op: 'P96', column: 'x' }];
  assert.deepEqual(Object.keys(problemsOf({ calculations: [p96], orders: [{ ...orders[0], op: 'P95' }] })), [
    'calculations[0].op',
  ]);
  assert.deepEqual(Object.keys(problemsOf({ calculation: [p96], orders: [{ op: 'P95', column: 'x' }] })), [
    'calculation',
  ]);
  assert.deepEqual(Object.keys(problemsOf({ breakdown: ['a'], orders: [{ column: 'a' }] })), ['breakdown']);
  const havings = [{ calculate_op: 'CONCURRENCY', column: 'x', op: '>', value: 1 }];
  assert.deepEqual(Object.keys(problemsOf({ havings })), ['havings[0].column']);
  const metric = { calculations: [{ op: 'COUNT_DATAPOINTS' }], orders: [{ op: 'COUNT_DATAPOINTS' }] };
  assert.deepEqual(Object.keys(problemsOf(metric)), ['calculations[0].op']);
});

test('every problem is one line', () => {
  for (const [name, query] of CASES)
    for (const description of Object.values(problemsOf(query))) assert.doesNotMatch(description, /\n/, name);
});

test('nulls, empty join columns and the id of a stored query say nothing', () => {
  const stored = {
    id: 'abc',
    calculations: [{ op: 'COUNT', column: null, join_column: '' }],
    filters: [{ column: 'a', op: 'exists', value: null, join_column: '' }],
    orders: [{ op: 'COUNT', column: null, join_column: '', order: 'descending' }],
    havings: [{ calculate_op: 'COUNT', column: null, join_column: '', op: '>', value: 1 }],
    granularity: null,
  };
  assert.deepEqual(validateQuery(stored), {
    calculations: [{ op: 'COUNT' }],
    filters: [{ column: 'a', op: 'exists' }],
    orders: [{ op: 'COUNT', order: 'descending' }],
    havings: [{ calculate_op: 'COUNT', op: '>', value: 1 }],
  });
});

test('calculated fields, formulas, further spans and a comparison are taken', () => {
  const queries = [
    {
      calculated_fields: [{ name: 'slow', expression: 'IF($duration_ms >= 500, "slow", "fast")' }],
      breakdowns: ['slow'],
    },
    {
      calculations: [
        { op: 'COUNT', name: 'failed', filters: [{ column: 'error', op: '=', value: true }] },
        { op: 'COUNT' },
      ],
      formulas: [{ name: 'error rate', expression: '$failed / $COUNT' }],
      orders: [{ column: 'error rate', order: 'descending' }],
      havings: [{ calculate_op: 'COUNT', column: 'error rate', op: '>', value: 0.1 }],
    },
    {
      filters: [
        { column: 'any.name', op: 'exists' },
        { column: 'any2.name', op: 'exists' },
        { column: 'any3.name', op: 'exists' },
      ],
    },
    { compare_time_offset_seconds: 86_400 },
    { time_range: 4000, compare_time_offset_seconds: 4000 },
  ];
  for (const query of queries) assert.deepEqual(problemsOf(query), {}, JSON.stringify(query));
});
