import { answered, type Form, refused } from './form.ts';

const where = (...filters: unknown[]) => ({ filters });
const on = (op: string, value?: unknown, column = 'http.route') =>
  where(value === undefined ? { column, op } : { column, op, value });

export const FILTERS: Form[] = [
  ...answered('API', {
    'equal to a text': on('=', '/feed'),
    'equal to a number': on('=', 200, 'http.response.status_code'),
    'equal to zero': on('=', 0, 'duration_ms'),
    'equal to true': on('=', true, 'error'),
    'equal to false': on('=', false, 'error'),
    'unequal to a text': on('!=', '/feed'),
    'greater than a number': on('>', 12.5, 'duration_ms'),
    'at least a number': on('>=', 500, 'http.response.status_code'),
    'less than a number': on('<', 100, 'duration_ms'),
    'at most a number': on('<=', 100, 'duration_ms'),
    'greater than a text': on('>', 'm', 'name'),
    'begins with': on('starts-with', 'GET'),
    'does not begin with': on('does-not-start-with', '/health'),
    'ends with': on('ends-with', 'feed'),
    'does not end with': on('does-not-end-with', '.js'),
    contains: on('contains', 'feed'),
    'does not contain': on('does-not-contain', 'health'),
    exists: on('exists'),
    'does not exist': on('does-not-exist', undefined, 'trace.parent_id'),
    'exists, with a value that is null': on('exists', null),
    'in texts': on('in', ['/feed', '/search']),
    'in numbers': on('in', [200, 201], 'http.response.status_code'),
    'not in texts': on('not-in', ['/health']),
    'not in mixed values': on('not-in', ['/health', 4711, true]),
    'a column that no span has': on('exists', undefined, 'app.tenant'),
    'one is enough': {
      ...where({ column: 'error', op: 'exists' }, { column: 'user.id', op: 'exists' }),
      filter_combination: 'OR',
    },
    'all, said': { ...where({ column: 'error', op: 'exists' }), filter_combination: 'AND' },
    'no filters': { filters: [] },
    'filters that are null': { filters: null, filter_combination: null },
  }),
  ...answered('TF', {
    'digits as a text': on('starts-with', '4', 'http.response.status_code'),
    'two on one column': where(
      { column: 'status_message', op: 'contains', value: 'a' },
      { column: 'status_message', op: 'contains', value: 'b' },
    ),
    'a range': where(
      { column: 'duration_ms', op: '>', value: 0 },
      { column: 'duration_ms', op: '<', value: 100 },
    ),
  }),
  ...answered('DOCS', {
    'roots by is_root': on('=', true, 'is_root'),
    'all but roots by is_root': on('!=', true, 'is_root'),
    'spans that are no events': on('does-not-exist', undefined, 'meta.annotation_type'),
    'span events': on('=', 'span_event', 'meta.annotation_type'),
    'the kind of a span': on('=', 'server', 'span.kind'),
    'the signal': on('=', 'trace', 'meta.signal_type'),
  }),
  ...answered('SP', {
    'an empty join column of a filter': where({ column: 'exception.type', op: 'exists', join_column: '' }),
  }),
  ...refused('TF', {
    'a value for exists': ['filters[0].value', on('exists', 'x')],
    'a value for does-not-exist': ['filters[0].value', on('does-not-exist', 'x')],
    'no value for >': ['filters[0].value', on('>')],
  }),
  ...refused('API', {
    'no column': ['filters[0].column', where({ op: 'exists' })],
    'no operation': ['filters[0].op', where({ column: 'error' })],
    'an unknown operation': ['filters[0].op', on('equals', 'x')],
    'a list for =': ['filters[0].value', on('=', ['a', 'b'])],
    'a text for in': ['filters[0].value', on('in', 'a,b')],
    'an empty list for in': ['filters[0].value', on('in', [])],
    'a number to begin with': ['filters[0].value', on('starts-with', 4)],
    'an object as a value': ['filters[0].value', on('=', { a: 1 })],
    'a filter as a text': ['filters[0]', where('error exists')],
    'a name of a column that is too long': ['filters[0].column', on('exists', undefined, 'x'.repeat(256))],
    'a combination that is unknown': ['filter_combination', { ...on('exists'), filter_combination: 'or' }],
  }),
];
