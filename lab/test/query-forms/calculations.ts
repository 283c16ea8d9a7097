import { CALCULATION_OPS } from '../../query/spec.ts';
import { answered, type Form, refused } from './form.ts';

const WITHOUT_COLUMN = ['COUNT', 'CONCURRENCY'];

const everyOperation = CALCULATION_OPS.map(
  (op): Form => ({
    name: `calculation ${op}`,
    seen: 'API',
    query: { calculations: [WITHOUT_COLUMN.includes(op) ? { op } : { op, column: 'duration_ms' }] },
    expected: 'answered',
  }),
);

const metrics: Form[] = [
  { op: 'COUNT_DATAPOINTS' },
  { op: 'COUNT_DATAPOINTS', column: 'app.counter' },
  { op: 'HISTOGRAM_COUNT', column: 'app.histogram' },
  { op: 'HISTOGRAM_COUNT' },
].flatMap((calculation): Form[] => {
  const name = `${calculation.op}${calculation.column ? ' of a column' : ''}`;
  const [seen, expected] = ['TF', 'metrics'] as const;
  const having = { calculate_op: calculation.op, column: calculation.column, op: '>', value: 1 };
  return [
    { name, seen, query: { calculations: [calculation] }, expected },
    {
      name: `${name}, by host`,
      seen,
      query: { calculations: [calculation], breakdowns: ['host'] },
      expected,
    },
    {
      name: `${name}, with a having`,
      seen,
      query: { calculations: [calculation], havings: [having] },
      expected,
    },
  ];
});

const failed = { column: 'http.response.status_code', op: '>=', value: 500 };

export const CALCULATIONS: Form[] = [
  ...everyOperation,
  ...metrics,
  ...answered('TF', {
    'no calculation at all: COUNT': {},
    'an empty list of calculations': { calculations: [] },
    'COUNT of a column': { calculations: [{ op: 'COUNT', column: 'error' }] },
    'COUNT of a star': { calculations: [{ op: 'COUNT', column: '*' }] },
    'two of one operation': {
      calculations: [
        { op: 'AVG', column: 'duration_ms' },
        { op: 'AVG', column: 'murmur.feed.following_count' },
      ],
    },
    'a name': { calculations: [{ op: 'COUNT', name: 'requests' }] },
    'a name that is null': { calculations: [{ op: 'COUNT', name: null }] },
    'a column that is null': { calculations: [{ op: 'COUNT', column: null }] },
    'filters of its own': { calculations: [{ op: 'COUNT', name: 'failed', filters: [failed] }] },
    'filters of its own, any of them': {
      calculations: [
        {
          op: 'AVG',
          column: 'duration_ms',
          name: 'reads',
          filter_combination: 'OR',
          filters: [
            { column: 'http.route', op: '=', value: '/feed' },
            { column: 'http.request.method', op: 'in', value: ['GET', 'HEAD'] },
          ],
        },
      ],
    },
    'an empty list of its own filters': { calculations: [{ op: 'COUNT', filters: [] }] },
    'a heatmap beside a percentile': {
      calculations: [
        { op: 'HEATMAP', column: 'duration_ms' },
        { op: 'P99', column: 'duration_ms' },
      ],
    },
  }),
  ...answered('SP', {
    'an empty join column of a calculation': { calculations: [{ op: 'COUNT', join_column: '' }] },
    'six percentiles': {
      calculations: ['P999', 'P99', 'P95', 'P90', 'P75', 'P50'].map((op) => ({ op, column: 'duration_ms' })),
      breakdowns: ['service.name'],
      orders: [{ op: 'P999', column: 'duration_ms', order: 'descending' }],
    },
    'a column that no span has': { calculations: [{ op: 'MAX', column: 'collect_cache_capacity' }] },
  }),
  ...refused('TF', {
    'an operation without its column': ['calculations[0].column', { calculations: [{ op: 'AVG' }] }],
    'CONCURRENCY of a column': [
      'calculations[0].column',
      { calculations: [{ op: 'CONCURRENCY', column: 'duration_ms' }] },
    ],
    'a name that is used twice': [
      'calculations[1].name',
      {
        calculations: [
          { op: 'COUNT', name: 'n' },
          { op: 'MAX', column: 'duration_ms', name: 'n' },
        ],
      },
    ],
    'filters of its own without a name': [
      'calculations[0].name',
      { calculations: [{ op: 'COUNT', filters: [failed] }] },
    ],
    'a filter of its own with a value too much': [
      'calculations[0].filters[0].value',
      {
        calculations: [{ op: 'COUNT', name: 'n', filters: [{ column: 'error', op: 'exists', value: 'x' }] }],
      },
    ],
    'a filter of its own without its value': [
      'calculations[0].filters[0].value',
      { calculations: [{ op: 'COUNT', name: 'n', filters: [{ column: 'error', op: '=' }] }] },
    ],
  }),
  ...refused('API', {
    'no operation': ['calculations[0].op', { calculations: [{ column: 'duration_ms' }] }],
    'an unknown operation': [
      'calculations[0].op',
      { calculations: [{ op: 'MEDIAN', column: 'duration_ms' }] },
    ],
    'an operation in small letters': ['calculations[0].op', { calculations: [{ op: 'count' }] }],
    'a field that no calculation has': [
      'calculations[0].field',
      { calculations: [{ op: 'COUNT', field: 'x' }] },
    ],
    'a text for the list': ['calculations', { calculations: 'COUNT' }],
    'a text for a calculation': ['calculations[0]', { calculations: ['COUNT'] }],
    'more than a hundred': [
      'calculations',
      { calculations: Array.from({ length: 101 }, (_, n) => ({ op: 'COUNT', name: `n${n}` })) },
    ],
    'an unknown combination': [
      'calculations[0].filter_combination',
      { calculations: [{ op: 'COUNT', name: 'n', filters: [failed], filter_combination: 'XOR' }] },
    ],
  }),
];
