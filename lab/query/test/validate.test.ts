import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryError, validateQuery } from '../index.ts';

/** field -> part of the description, for each problem of a query */
function problemsOf(query: unknown): Record<string, string> {
  try {
    validateQuery(query);
    return {};
  } catch (error) {
    assert.ok(error instanceof QueryError);
    return Object.fromEntries(error.problems.map((problem) => [problem.field, problem.description]));
  }
}

const CASES: [name: string, query: unknown, field: string, words: RegExp][] = [
  ['not an object', [], 'query', /JSON object/],
  ['an unknown field', { calculation: [] }, 'calculation', /did you mean calculations/],
  [
    'a calculated field that ends too early',
    { calculated_fields: [{ name: 'x', expression: 'IF($a,' }] },
    'calculated_fields[0].expression',
    /ends too early, after "IF\(\$a,"/,
  ],
  [
    'an unknown function',
    { calculated_fields: [{ name: 'x', expression: 'CONCATE($a)' }] },
    'calculated_fields[0].expression',
    /no function CONCATE; did you mean CONCAT\?/,
  ],
  [
    'too many arguments',
    { calculated_fields: [{ name: 'x', expression: 'DIV(1, 2, 3)' }] },
    'calculated_fields[0].expression',
    /DIV takes 2 arguments; this has 3/,
  ],
  [
    'a pattern that is not written out',
    { calculated_fields: [{ name: 'x', expression: 'REG_MATCH($a, $b)' }] },
    'calculated_fields[0].expression',
    /argument 2 must be a text that is written out/,
  ],
  [
    'METRO_HASH',
    { calculated_fields: [{ name: 'x', expression: 'METRO_HASH($a)' }] },
    'calculated_fields[0].expression',
    /no METRO_HASH/,
  ],
  [
    'a field that reads itself',
    {
      calculated_fields: [
        { name: 'a', expression: '$b' },
        { name: 'b', expression: 'NOT($a)' },
      ],
    },
    'calculated_fields[1].expression',
    /"b" reads itself/,
  ],
  [
    'a field of another span',
    { calculated_fields: [{ name: 'a', expression: '$root.name' }] },
    'calculated_fields[0].expression',
    /another span/,
  ],
  [
    'a field that is there twice',
    {
      calculated_fields: [
        { name: 'a', expression: '1' },
        { name: 'a', expression: '2' },
      ],
    },
    'calculated_fields[1].name',
    /used twice/,
  ],
  [
    'a deep nest',
    { calculated_fields: [{ name: 'a', expression: `${'('.repeat(2000)}1${')'.repeat(2000)}` }] },
    'calculated_fields[0].expression',
    /too deep/,
  ],
  [
    'a formula of what is not there',
    { formulas: [{ name: 'x', expression: '$slow / $COUNT' }] },
    'formulas[0].expression',
    /\$slow is no calculation; the query has \$COUNT/,
  ],
  [
    'a formula of texts',
    { formulas: [{ name: 'x', expression: 'CONCAT($COUNT, "x")' }] },
    'formulas[0].expression',
    /CONCAT is of texts/,
  ],
  [
    'a formula of a heatmap',
    {
      calculations: [{ op: 'HEATMAP', column: 'x' }],
      formulas: [{ name: 'f', expression: '$"HEATMAP(x)"' }],
    },
    'formulas[0].expression',
    /HEATMAP/,
  ],
  [
    'a formula beside another span',
    { breakdowns: ['root.name'], formulas: [{ name: 'f', expression: '$COUNT * 2' }] },
    'breakdowns[0]',
    /root\. does not go together with formulas/,
  ],
  [
    'another span beside a filtered calculation',
    {
      calculations: [{ op: 'COUNT', name: 'n', filters: [{ column: 'a', op: 'exists' }] }],
      filters: [{ column: 'any2.name', op: 'exists' }],
    },
    'filters[0].column',
    /any2\. does not go together with a calculation/,
  ],
  [
    'a name of a calculation and a formula',
    { calculations: [{ op: 'COUNT', name: 'n' }], formulas: [{ name: 'n', expression: '$n' }] },
    'formulas[0].name',
    /used twice/,
  ],
  [
    'an offset of its own',
    { compare_time_offset_seconds: 4000 },
    'compare_time_offset_seconds',
    /the range itself \(7200\) or one of 1800/,
  ],
  [
    'an offset within the range',
    { compare_time_offset_seconds: 3600 },
    'compare_time_offset_seconds',
    /at least the range, 7200 s/,
  ],
  [
    'a metric operation',
    { calculations: [{ op: 'HISTOGRAM_COUNT', column: 'x' }] },
    'calculations[0].op',
    /HISTOGRAM_COUNT reads metrics/,
  ],
  [
    'a join of data sets',
    { filters: [{ column: 'x', op: 'exists', join_column: 'y' }] },
    'filters[0].join_column',
    /joins no data sets/,
  ],
  [
    'a column of a having on CONCURRENCY',
    {
      calculations: [{ op: 'CONCURRENCY' }],
      havings: [{ calculate_op: 'CONCURRENCY', column: 'duration_ms', op: '>', value: 1 }],
    },
    'havings[0].column',
    /CONCURRENCY takes no column/,
  ],
  [
    'a having whose calculation is missing',
    { havings: [{ calculate_op: 'P95', column: 'duration_ms', op: '>', value: 1 }] },
    'havings[0]',
    /P95\(duration_ms\) is not in calculations; the query has COUNT/,
  ],
  [
    'an order with its direction',
    { calculations: [{ op: 'P95', column: 'x' }], orders: [{ op: 'P95 desc', column: 'x' }] },
    'orders[0].op',
    /write "P95", and "order": "descending"/,
  ],
  [
    'an order as a text',
    { orders: ['COUNT desc'] },
    'orders[0]',
    /such as \{"op": "COUNT", "order": "descending"\}/,
  ],
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
  ['times upside down', { start_time: 100, end_time: 1 }, 'start_time', /before end_time/],
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
