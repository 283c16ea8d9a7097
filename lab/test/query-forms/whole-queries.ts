import { answered, type Form } from './form.ts';

const descending = (op: string, column?: string) => ({ op, column, order: 'descending' });
const roots = { column: 'trace.parent_id', op: 'does-not-exist' };

/** Whole queries, as boards of starter packs and the examples of the docs have them. */
export const WHOLE_QUERIES: Form[] = [
  ...answered('SP', {
    'a heatmap of durations': { calculations: [{ op: 'HEATMAP', column: 'duration_ms' }], time_range: 7_200 },
    'spans by service': { breakdowns: ['service.name'], orders: [descending('COUNT')] },
    'traces by service': {
      calculations: [{ op: 'COUNT_DISTINCT', column: 'trace.trace_id' }],
      breakdowns: ['service.name'],
      orders: [descending('COUNT_DISTINCT', 'trace.trace_id')],
    },
    'traces by status code': {
      filters: [roots, { column: 'http.response.status_code', op: 'exists' }],
      breakdowns: ['http.response.status_code'],
      orders: [descending('COUNT')],
    },
    'failed spans': {
      calculations: [{ op: 'COUNT' }, { op: 'AVG', column: 'duration_ms' }],
      filters: [
        { column: 'error', op: '=', value: true },
        { column: 'meta.annotation_type', op: 'does-not-exist' },
      ],
      breakdowns: ['service.name', 'name', 'status_message'],
      orders: [descending('AVG', 'duration_ms')],
    },
    'span events by service': {
      filters: [{ column: 'meta.annotation_type', op: '=', value: 'span_event' }],
      breakdowns: ['service.name', 'name', 'parent_name'],
      orders: [descending('COUNT')],
    },
    'SDKs in use': {
      calculations: [{ op: 'COUNT_DISTINCT', column: 'trace.trace_id' }],
      breakdowns: ['telemetry.sdk.language', 'telemetry.sdk.version', 'telemetry.sdk.name'],
    },
    'durations on a logarithmic scale': {
      calculated_fields: [{ name: 'log', expression: 'LOG10($duration_ms)' }],
      calculations: [{ op: 'HEATMAP', column: 'log' }],
    },
    'counters of several kinds': {
      calculations: ['SUM', 'MAX', 'RATE_MAX', 'RATE_SUM', 'RATE_AVG'].map((op) => ({
        op,
        column: 'app.counter',
      })),
      breakdowns: ['host.name'],
    },
    'messages where one of three is there': {
      filters: ['error', 'error.err', 'error.msg'].map((column) => ({ column, op: 'exists' })),
      filter_combination: 'OR',
      breakdowns: ['host.name', 'error', 'error.err', 'error.msg'],
    },
  }),
  ...answered('TF', {
    'everything at once': {
      calculations: [
        { op: 'AVG', column: 'duration_ms' },
        { op: 'P99', column: 'duration_ms' },
      ],
      calculated_fields: [{ name: 'always', expression: 'BOOL(1)' }],
      filters: [
        roots,
        { column: 'duration_ms', op: '>', value: 0 },
        { column: 'user.id', op: '=', value: '1003' },
        { column: 'murmur.shard', op: 'not-in', value: [347_338, 837_359] },
        { column: 'cloud.region', op: 'in', value: ['eu-west-1', 'eu-west-2'] },
      ],
      filter_combination: 'OR',
      breakdowns: ['http.route'],
      orders: [{ op: 'AVG', column: 'duration_ms' }, { column: 'http.route' }],
      havings: [{ calculate_op: 'P99', column: 'duration_ms', op: '>', value: 1_000 }],
      limit: 250,
      time_range: 7_200,
      start_time: 1_700_000_000,
      granularity: 30,
    },
    'latency by user': {
      time_range: 86_400,
      breakdowns: ['user.id'],
      calculations: [
        { op: 'HEATMAP', column: 'duration_ms' },
        { op: 'P99', column: 'duration_ms' },
      ],
      filters: [roots],
      orders: [descending('P99', 'duration_ms')],
    },
    'what a trigger asks': {
      calculations: [{ op: 'AVG', column: 'duration_ms' }, { op: 'COUNT' }],
      filters: [roots],
      havings: [{ calculate_op: 'COUNT', op: '>', value: 100 }],
      time_range: 1_800,
    },
  }),
  ...answered('MCP', {
    'slow calls': {
      calculations: [
        { op: 'HEATMAP', column: 'duration_ms' },
        { op: 'MAX', column: 'duration_ms' },
      ],
      filters: [roots],
      breakdowns: ['url.path', 'name'],
      orders: [descending('MAX', 'duration_ms')],
    },
    'database calls of a week': {
      calculations: [{ op: 'HEATMAP', column: 'duration_ms' }],
      filters: [{ column: 'db.query.text', op: 'exists' }],
      breakdowns: ['db.query.text'],
      time_range: 604_800,
    },
    'exceptions and who met them': {
      filters: [
        { column: 'exception.message', op: 'exists', join_column: '' },
        { column: 'parent_name', op: 'exists', join_column: '' },
      ],
      breakdowns: ['exception.message', 'parent_name'],
      orders: [descending('COUNT')],
    },
    'the values of a column': {
      calculations: [
        { op: 'COUNT' },
        ...['AVG', 'P95', 'MAX', 'MIN'].map((op) => ({ op, column: 'duration_ms' })),
      ],
      breakdowns: ['duration_ms'],
      orders: [descending('COUNT')],
      limit: 10,
    },
    'the share of errors': {
      calculations: [
        { op: 'COUNT', name: 'errors', filters: [{ column: 'error', op: '=', value: true }] },
        { op: 'COUNT', name: 'all' },
      ],
      formulas: [{ name: 'percent', expression: '$errors / $all * 100' }],
      breakdowns: ['service.name'],
    },
    'what a service depends on': {
      filters: [
        { column: 'parent.span.kind', op: '=', value: 'client' },
        { column: 'parent.service.name', op: '=', value: 'murmur-api' },
      ],
      breakdowns: ['service.name'],
    },
  }),
  ...answered('DOCS', {
    'spans at work': { calculations: [{ op: 'CONCURRENCY' }], breakdowns: ['service.name'] },
    'the change of an average': { calculations: [{ op: 'RATE_AVG', column: 'duration_ms' }] },
    'latency beside a service': {
      calculations: [{ op: 'P50', column: 'duration_ms' }],
      filters: [{ column: 'is_root', op: '=', value: true }],
      breakdowns: ['any.service.name'],
    },
  }),
];
