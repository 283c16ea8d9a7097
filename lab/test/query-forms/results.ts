import { CALCULATION_OPS, HAVING_OPS } from '../../query/spec.ts';
import { answered, type Form, refused } from './form.ts';

const P99 = { op: 'P99', column: 'duration_ms' };
const slow = { calculate_op: 'P99', column: 'duration_ms', op: '>', value: 100 };
const many = { calculate_op: 'COUNT', op: '>', value: 10 };

const havingOnEach = CALCULATION_OPS.filter((op) => op !== 'HEATMAP').map((op): Form => {
  const column = op === 'COUNT' || op === 'CONCURRENCY' ? undefined : 'duration_ms';
  return {
    name: `a having on ${op}`,
    seen: 'TF',
    query: {
      calculations: [{ op, column }],
      breakdowns: ['name'],
      havings: [{ calculate_op: op, column, op: '>', value: 0 }],
    },
    expected: 'answered',
  };
});

const eachComparison = HAVING_OPS.map(
  (op): Form => ({
    name: `a having with ${op}`,
    seen: 'API',
    query: { breakdowns: ['name'], havings: [{ ...many, op }] },
    expected: 'answered',
  }),
);

/** What says which results come, and in which order: breakdowns, orders, havings, limits. */
export const RESULTS: Form[] = [
  ...havingOnEach,
  ...eachComparison,
  ...answered('TF', {
    'by one column': { breakdowns: ['http.route'] },
    'by several columns': { breakdowns: ['service.name', 'http.route', 'http.response.status_code'] },
    'an empty list of breakdowns': { breakdowns: [] },
    'an order by COUNT': { calculations: [{ op: 'COUNT' }], orders: [{ op: 'COUNT', order: 'descending' }] },
    'an order by the COUNT that nobody wrote': { orders: [{ op: 'COUNT', order: 'descending' }] },
    'an order without a direction': { calculations: [P99], orders: [P99] },
    'an order by a breakdown': { breakdowns: ['name'], orders: [{ column: 'name' }] },
    'two orders': {
      calculations: [P99],
      breakdowns: ['name'],
      orders: [
        { ...P99, order: 'ascending' },
        { column: 'name', order: 'descending' },
      ],
    },
    'an order by a named calculation': {
      calculations: [{ op: 'COUNT', name: 'requests' }],
      orders: [{ column: 'requests', order: 'descending' }],
    },
    'a having on a calculation': { calculations: [P99], breakdowns: ['name'], havings: [slow] },
    'a having on COUNT of a column': {
      calculations: [{ op: 'COUNT', column: '*' }],
      havings: [{ ...many, column: '*' }],
    },
    'several havings on one calculation': {
      breakdowns: ['name'],
      havings: [many, { ...many, op: '<', value: 500 }],
    },
    'a having with a fraction': { breakdowns: ['name'], havings: [{ ...many, value: 0.5 }] },
    'a limit': { breakdowns: ['name'], limit: 250 },
  }),
  ...answered('API', {
    'a having on a named calculation': {
      calculations: [{ op: 'COUNT', name: 'requests' }],
      breakdowns: ['name'],
      havings: [{ calculate_op: 'COUNT', column: 'requests', op: '>', value: 1 }],
    },
    'the largest limit': { breakdowns: ['name'], limit: 1000 },
    'results as they are stored': { usage_mode: true },
    'results as they were sent': { usage_mode: false },
    'the id of a stored query': { id: 'abc123', calculations: [{ op: 'COUNT' }] },
  }),
  ...answered('SP', {
    'an empty join column of an order and a having': {
      breakdowns: ['name'],
      orders: [{ op: 'COUNT', order: 'descending', join_column: '' }],
      havings: [{ ...many, join_column: '' }],
    },
  }),
  ...refused('TF', {
    'an order by what is not calculated': ['orders[0]', { calculations: [P99], orders: [{ op: 'COUNT' }] }],
    'an order by a column that is not grouped by': [
      'orders[0].column',
      { breakdowns: ['name'], orders: [{ column: 'http.route' }] },
    ],
    'an order by a heatmap': [
      'orders[0].op',
      {
        calculations: [{ op: 'HEATMAP', column: 'duration_ms' }],
        orders: [{ op: 'HEATMAP', column: 'duration_ms' }],
      },
    ],
    'a having on CONCURRENCY with a column': [
      'havings[0].column',
      {
        calculations: [{ op: 'CONCURRENCY' }],
        havings: [{ calculate_op: 'CONCURRENCY', column: 'duration_ms', op: '>', value: 1 }],
      },
    ],
    'a having without its column': [
      'havings[0]',
      { calculations: [P99], havings: [{ ...slow, column: undefined }] },
    ],
    'a having whose calculation is missing': ['havings[0]', { havings: [slow] }],
    'a having on another column': [
      'havings[0]',
      { calculations: [P99], havings: [{ ...slow, column: 'x' }] },
    ],
    'a having on a heatmap': [
      'havings[0].calculate_op',
      {
        calculations: [{ op: 'HEATMAP', column: 'x' }],
        havings: [{ ...slow, calculate_op: 'HEATMAP', column: 'x' }],
      },
    ],
    'a limit of 0': ['limit', { limit: 0 }],
    'a limit below 0': ['limit', { limit: -5 }],
    'a limit above 1000': ['limit', { limit: 1200 }],
    'a field that no query has': ['query_window', { query_window: 7200 }],
  }),
  ...refused('API', {
    'a having without an operation': ['havings[0].calculate_op', { havings: [{ op: '>', value: 1 }] }],
    'a having without a comparison': ['havings[0].op', { havings: [{ calculate_op: 'COUNT', value: 1 }] }],
    'a having with a text': ['havings[0].value', { havings: [{ ...many, value: '10' }] }],
    'a having with another comparison': ['havings[0].op', { havings: [{ ...many, op: 'in' }] }],
    'an order of nothing': ['orders[0]', { orders: [{ order: 'descending' }] }],
    'an order in another direction': ['orders[0].order', { orders: [{ op: 'COUNT', order: 'desc' }] }],
    'an order as a text': ['orders[0]', { orders: ['COUNT desc'] }],
    'a breakdown twice': ['breakdowns', { breakdowns: ['name', 'name'] }],
    'a breakdown that is no text': ['breakdowns[0]', { breakdowns: [5] }],
    'a usage mode in words': ['usage_mode', { usage_mode: 'yes' }],
    'a list for a query': ['body', []],
  }),
  ...refused('MCP', {
    'a having in another word': ['having', { having: many }],
  }),
];
