import { RELATIONS } from '../../query/spec.ts';
import { answered, type Form, refused } from './form.ts';

const is = (column: string, value: unknown) => ({ column, op: '=', value });

const filterOfEach = RELATIONS.map(
  (relation): Form => ({
    name: `a filter of ${relation}.`,
    seen: 'DOCS',
    query: { filters: [is(`${relation}.service.name`, 'murmur-api')] },
    expected: 'answered',
  }),
);
const breakdownOfEach = RELATIONS.map((relation): Form => {
  const query = { breakdowns: [`${relation}.name`], filters: [{ column: 'name', op: 'exists' }] };
  const expected = relation === 'none' ? { refusedAt: 'breakdowns[0]' } : 'answered';
  return { name: `grouped by ${relation}.`, seen: 'DOCS', query, expected };
});
const calculationOfEach = RELATIONS.map(
  (relation): Form => ({
    name: `a calculation of ${relation}.`,
    seen: 'DOCS',
    query: { calculations: [{ op: 'SUM', column: `${relation}.duration_ms` }] },
    expected: { refusedAt: 'calculations[0].column' },
  }),
);

const counted = { op: 'COUNT', name: 'failed', filters: [is('error', true)] };
const formula = {
  calculations: [{ op: 'COUNT', name: 'n' }],
  formulas: [{ name: 'half', expression: '$n / 2' }],
};

/** Columns of other spans of the trace. */
export const RELATED: Form[] = [
  ...filterOfEach,
  ...breakdownOfEach,
  ...calculationOfEach,
  ...answered('DOCS', {
    'two filters on one span': { filters: [is('any.service.name', 'murmur-worker'), is('any.error', true)] },
    'filters on three further spans': {
      filters: [is('any.name', 'GET /feed'), is('any2.error', true), is('any3.span.kind', 'client')],
    },
    'traces without a root': { filters: [{ column: 'none.trace.parent_id', op: 'does-not-exist' }] },
    'traces without a root, by trace': {
      filters: [{ column: 'none.trace.parent_id', op: 'does-not-exist' }],
      breakdowns: ['trace.trace_id'],
      limit: 20,
    },
    'children of a span': { filters: [is('parent.name', 'GET /feed')], breakdowns: ['name'] },
    'spans with a failed child': { filters: [is('child.error', true)], breakdowns: ['name'] },
    'roots of failed traces': {
      filters: [is('is_root', true), is('any.error', true)],
      breakdowns: ['root.http.route'],
    },
    'grouped by the root alone': { breakdowns: ['root.http.route'] },
    'ordered by a breakdown of the root': { breakdowns: ['root.name'], orders: [{ column: 'root.name' }] },
    'compared with a day before': {
      breakdowns: ['name', 'root.http.route'],
      filters: [is('child.http.response.status_code', 500)],
      time_range: 3_600,
      compare_time_offset_seconds: 86_400,
    },
    'beside a calculated field': {
      calculated_fields: [{ name: 'slow', expression: 'GT($duration_ms, 100)' }],
      filters: [is('root.http.route', '/feed')],
      breakdowns: ['slow'],
    },
    'a calculated field of a related span': {
      calculated_fields: [{ name: 'slow', expression: 'GT($duration_ms, 100)' }],
      filters: [is('any.slow', true)],
      breakdowns: ['root.slow'],
    },
    'a column whose name begins like a relation': {
      breakdowns: ['parent_name'],
      filters: [is('rootless', 1)],
    },
  }),
  ...refused('TF', {
    'in a filter of a calculation': [
      'calculations[0].filters[0].column',
      { calculations: [{ ...counted, filters: [is('root.error', true)] }] },
    ],
    'in a filter beside a calculation with filters': [
      'filters[0].column',
      { calculations: [counted], filters: [{ column: 'parent.name', op: 'exists' }] },
    ],
    'in a breakdown beside a calculation with filters': [
      'breakdowns[0]',
      { calculations: [counted], breakdowns: ['root.service.name'] },
    ],
    'in a filter beside a formula': ['filters[0].column', { ...formula, filters: [is('root.error', true)] }],
    'in a breakdown beside a formula': ['breakdowns[0]', { ...formula, breakdowns: ['child.name'] }],
  }),
  ...refused('MCP', {
    'where one of the filters is enough': [
      'filters[1].column',
      { filter_combination: 'OR', filters: [is('error', true), is('any.error', true)] },
    ],
  }),
  ...refused('DOCS', {
    'a prefix without a column': ['filters[0].column', { filters: [{ column: 'root.', op: 'exists' }] }],
    'in a calculated field': [
      'calculated_fields[0].expression',
      { calculated_fields: [{ name: 'x', expression: 'CONCAT($root.name, "x")' }] },
    ],
  }),
];
