import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsOf } from './problems-of.ts';

/** What newer parts of the language are refused for: expressions, formulas, further spans, a time to compare with. */
const CASES: [name: string, query: unknown, field: string, words: RegExp][] = [
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
    'a formula beside a heatmap',
    {
      calculations: [{ op: 'COUNT' }, { op: 'HEATMAP', column: 'x' }],
      formulas: [{ name: 'f', expression: '$COUNT * 2' }],
    },
    'calculations[1].op',
    /a HEATMAP does not go together with formulas/,
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
    'a metric function',
    { calculated_fields: [{ name: 'x', expression: 'IF(RATE($a, 60) > 1, 1, 0)' }] },
    'calculated_fields[0].expression',
    /RATE reads metrics/,
  ],
  [
    'a calculation of another span',
    { calculations: [{ op: 'MAX', column: 'root.duration_ms' }] },
    'calculations[0].column',
    /root\. is for filters and breakdowns/,
  ],
  [
    'another span where one filter is enough',
    { filter_combination: 'OR', filters: [{ column: 'any.name', op: 'exists' }] },
    'filters[0].column',
    /any\. does not go together with "filter_combination": "OR"/,
  ],
  [
    'a having without an operation and without a name',
    {
      calculations: [{ op: 'COUNT', name: 'n' }],
      havings: [{ column: 'duration_ms', op: '>', value: 1 }],
    },
    'havings[0].calculate_op',
    /needed beside "duration_ms": only "n" needs none/,
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
];

for (const [name, query, field, words] of CASES) {
  test(`${name} is refused, and the message names ${field}`, () => {
    const problems = problemsOf(query);
    assert.match(problems[field] ?? `no problem at ${field}: ${JSON.stringify(problems)}`, words);
  });
}
