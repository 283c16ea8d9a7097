import type { Json } from '../../evidence/index.ts';

type Query = Record<string, Json>;

const P95 = { op: 'P95', column: 'duration_ms' };
const P99 = { op: 'P99', column: 'duration_ms' };
const MAX = { op: 'MAX', column: 'duration_ms' };
const SERVER = { column: 'span.kind', op: '=', value: 'server' };
const ROOT = { column: 'trace.parent_id', op: 'does-not-exist' };
const USER = { column: 'user.id', op: 'exists' };
const slowest = (calculation: Query): Json => [{ ...calculation, order: 'descending' }];

export const LATENCY: Query = {
  breakdowns: ['user.id'],
  calculations: [{ op: 'COUNT' }, { op: 'P50', column: 'duration_ms' }, P95, P99],
  filters: [SERVER, USER],
  orders: slowest(P95),
  limit: 20,
};
export const TRACES: Query = {
  time_range: 600,
  breakdowns: ['trace.trace_id', 'name'],
  calculations: [MAX],
  filters: [ROOT],
  orders: slowest(MAX),
  limit: 20,
};

function without(query: Query, field: string): Query {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== field));
}

/** A query, and the reason for which it is refused; null: it is right. */
export type Case = [what: string, query: Query, reason: string | null];

export const LATENCY_CASES: Case[] = [
  ['the solution', LATENCY, null],
  [
    'a heatmap and P99 of root spans over a day',
    {
      time_range: 86_400,
      breakdowns: ['user.id'],
      calculations: [{ op: 'HEATMAP', column: 'duration_ms' }, P99],
      filters: [ROOT],
      orders: slowest(P99),
    },
    null,
  ],
  [
    'root spans of the API',
    { ...LATENCY, filters: [ROOT, USER, { column: 'service.name', op: '=', value: 'murmur-api' }] },
    null,
  ],
  ['SERVER spans alone, no limit', { ...LATENCY, filters: [SERVER], limit: 1000 }, null],
  [
    'names of requests',
    {
      ...LATENCY,
      filters: [
        { column: 'name', op: 'starts-with', value: 'GET /' },
        { column: 'name', op: 'starts-with', value: 'POST /' },
      ],
      filter_combination: 'OR',
    },
    null,
  ],
  [
    'more columns',
    {
      ...LATENCY,
      calculations: [
        ...(LATENCY.calculations as Json[]),
        { op: 'P999', column: 'duration_ms' },
        MAX,
        { op: 'AVG', column: 'duration_ms' },
        { op: 'COUNT_DISTINCT', column: 'trace.trace_id' },
        { op: 'CONCURRENCY' },
      ],
    },
    null,
  ],
  ['a granularity', { ...LATENCY, granularity: 60, time_range: 3600 }, null],
  ['by user and service', { ...LATENCY, breakdowns: ['user.id', 'service.name'] }, null],
  ['sorted by P99', { ...LATENCY, orders: slowest(P99) }, null],
  ['no orders: the first calculation downwards', { ...LATENCY, calculations: [P95, P99], orders: [] }, null],
  ['the user of the root span', { ...LATENCY, breakdowns: ['root.user.id'], filters: [ROOT, USER] }, null],
  ['every span', { ...LATENCY, filters: [USER] }, 'query-counts-spans'],
  ['no filter at all', { ...LATENCY, filters: [] }, 'query-counts-spans'],
  [
    'every span of the API',
    { ...LATENCY, filters: [USER, { column: 'service.name', op: '=', value: 'murmur-api' }] },
    'query-counts-spans',
  ],
  [
    'client and server',
    { ...LATENCY, filters: [USER, { column: 'span.kind', op: 'in', value: ['client', 'server'] }] },
    'query-counts-both-ends',
  ],
  [
    'all but internal',
    {
      ...LATENCY,
      calculations: [P95, P99],
      filters: [USER, { column: 'span.kind', op: '!=', value: 'internal' }],
    },
    'query-counts-both-ends',
  ],
  [
    'rows without a kind',
    { ...LATENCY, filters: [USER, { column: 'span.kind', op: 'not-in', value: ['internal', 'client'] }] },
    'query-counts-events',
  ],
  [
    'average',
    {
      ...LATENCY,
      calculations: [{ op: 'AVG', column: 'duration_ms' }],
      orders: slowest({ op: 'AVG', column: 'duration_ms' }),
    },
    'query-wrong-column',
  ],
  [
    'COUNT alone',
    { ...LATENCY, calculations: [{ op: 'COUNT' }], orders: slowest({ op: 'COUNT' }) },
    'query-wrong-column',
  ],
  [
    'a heatmap alone',
    { ...LATENCY, calculations: [{ op: 'HEATMAP', column: 'duration_ms' }], orders: [] },
    'query-wrong-column',
  ],
  ['by route', { ...LATENCY, breakdowns: ['http.route'] }, 'query-wrong-column'],
  [
    'by user and route',
    { ...LATENCY, breakdowns: ['user.id', 'http.route'], limit: 100 },
    'query-wrong-column',
  ],
  [
    'status codes',
    {
      ...LATENCY,
      calculations: [
        { op: 'P95', column: 'http.response.status_code' },
        { op: 'P99', column: 'http.response.status_code' },
      ],
      orders: slowest({ op: 'P95', column: 'http.response.status_code' }),
    },
    'query-wrong-column',
  ],
  ['ascending', { ...LATENCY, orders: [{ ...P95, order: 'ascending' }] }, 'query-wrong-order'],
  ['by COUNT', { ...LATENCY, orders: slowest({ op: 'COUNT' }) }, 'query-wrong-order'],
  ['by user', { ...LATENCY, orders: [{ column: 'user.id' }] }, 'query-wrong-order'],
  [
    'by P999',
    {
      ...LATENCY,
      calculations: [...(LATENCY.calculations as Json[]), { op: 'P999', column: 'duration_ms' }],
      orders: slowest({ op: 'P999', column: 'duration_ms' }),
    },
    'query-wrong-order',
  ],
  [
    'all but SERVER spans',
    { ...LATENCY, filters: [USER, { column: 'span.kind', op: '!=', value: 'server' }] },
    'query-wrong-filter',
  ],
  [
    'without users',
    { ...LATENCY, filters: [SERVER, { column: 'user.id', op: 'does-not-exist' }] },
    'query-wrong-filter',
  ],
  [
    'users who waited long',
    { ...LATENCY, havings: [{ calculate_op: 'P95', column: 'duration_ms', op: '>', value: 1_000 }] },
    'query-wrong-filter',
  ],
  [
    'feeds alone',
    { ...LATENCY, filters: [SERVER, USER, { column: 'http.route', op: '=', value: '/feed' }] },
    'query-wrong-filter',
  ],
  [
    'without errors',
    { ...LATENCY, filters: [SERVER, USER, { column: 'error', op: 'does-not-exist' }] },
    'query-wrong-filter',
  ],
  [
    'slow ones alone',
    { ...LATENCY, filters: [SERVER, USER, { column: 'duration_ms', op: '>', value: 100 }] },
    'query-wrong-filter',
  ],
  [
    'users who came often',
    { ...LATENCY, havings: [{ calculate_op: 'COUNT', op: '>', value: 2 }] },
    'query-wrong-filter',
  ],
  [
    'the other end',
    { ...LATENCY, filters: [USER, { column: 'span.kind', op: '=', value: 'client' }] },
    'query-wrong-filter',
  ],
  ['the last second', { ...LATENCY, time_range: 20 }, 'query-wrong-filter'],
  ['five users', { ...LATENCY, limit: 5 }, 'query-limit-lost'],
  [
    'users of the seed',
    { ...LATENCY, filters: [SERVER, { column: 'user.id', op: 'in', value: ['0984', '4711'] }] },
    'query-fits-sample-only',
  ],
  [
    'a fixed time',
    { ...LATENCY, start_time: 1_790_000_000, end_time: 1_790_007_200 },
    'query-fits-sample-only',
  ],
];

export const TRACES_CASES: Case[] = [
  ['the solution', TRACES, null],
  ['SERVER spans', { ...TRACES, filters: [SERVER] }, null],
  ['the root, and all spans', { ...TRACES, breakdowns: ['trace.trace_id', 'root.name'], filters: [] }, null],
  [
    'saved in the dataset of the API',
    { ...TRACES, filters: [{ column: 'service.name', op: '=', value: 'murmur-api' }, ROOT] },
    null,
  ],
  [
    'two hours, other statistics, more columns',
    {
      ...TRACES,
      time_range: 7200,
      breakdowns: ['trace.trace_id', 'name', 'service.name', 'duration_ms'],
      calculations: [{ op: 'SUM', column: 'duration_ms' }, { op: 'COUNT' }],
      orders: slowest({ op: 'SUM', column: 'duration_ms' }),
    },
    null,
  ],
  [
    'the duration as a breakdown',
    {
      ...TRACES,
      breakdowns: ['trace.trace_id', 'name', 'duration_ms'],
      calculations: [{ op: 'COUNT' }],
      orders: [{ column: 'duration_ms', order: 'descending' }],
    },
    null,
  ],
  ['every span', { ...TRACES, filters: [] }, 'query-counts-spans'],
  [
    'every span of the API',
    { ...TRACES, filters: [{ column: 'service.name', op: '=', value: 'murmur-api' }] },
    'query-counts-spans',
  ],
  [
    'the sum of all spans',
    {
      ...TRACES,
      breakdowns: ['trace.trace_id', 'root.name'],
      calculations: [{ op: 'SUM', column: 'duration_ms' }],
      orders: slowest({ op: 'SUM', column: 'duration_ms' }),
      filters: [],
    },
    'query-counts-spans',
  ],
  [
    'both ends',
    { ...TRACES, filters: [{ column: 'name', op: 'starts-with', value: 'GET' }] },
    'query-counts-both-ends',
  ],
  [
    'events',
    {
      ...TRACES,
      filters: [{ column: 'span.kind', op: 'not-in', value: ['internal', 'client'] }],
      orders: [{ column: 'trace.trace_id' }],
    },
    'query-counts-events',
  ],
  ['no name', { ...TRACES, breakdowns: ['trace.trace_id'] }, 'query-wrong-column'],
  ['no trace', { ...TRACES, breakdowns: ['name'] }, 'query-wrong-column'],
  [
    'no duration',
    { ...TRACES, calculations: [{ op: 'COUNT' }], orders: slowest({ op: 'COUNT' }) },
    'query-wrong-column',
  ],
  ['ascending', { ...TRACES, orders: [{ ...MAX, order: 'ascending' }] }, 'query-wrong-order'],
  ['no limit', { ...TRACES, limit: 100 }, 'query-limit-lost'],
  ['one trace', { ...TRACES, limit: 1 }, 'query-limit-lost'],
  ['no time', without(TRACES, 'time_range'), null],
  ['five minutes', { ...TRACES, time_range: 300 }, 'query-wrong-filter'],
  ['three hours', { ...TRACES, time_range: 10_800 }, 'query-wrong-filter'],
  [
    'a threshold, beside a limit that is right',
    { ...TRACES, filters: [ROOT, { column: 'duration_ms', op: '>', value: 200 }] },
    'query-wrong-filter',
  ],
  [
    'the name of one span, the duration of another',
    { ...TRACES, breakdowns: ['trace.trace_id', 'root.name'], filters: [SERVER] },
    'query-wrong-column',
  ],
  ['a day', { ...TRACES, time_range: 86_400 }, 'query-wrong-filter'],
  [
    'errors alone',
    { ...TRACES, filters: [ROOT, { column: 'error', op: '=', value: true }] },
    'query-wrong-filter',
  ],
  [
    'feeds alone',
    { ...TRACES, filters: [ROOT, { column: 'name', op: '=', value: 'GET /feed' }] },
    'query-wrong-filter',
  ],
  [
    'queries of the database',
    { ...TRACES, filters: [{ column: 'db.system.name', op: 'exists' }] },
    'query-wrong-filter',
  ],
  [
    'traces of one afternoon',
    {
      ...TRACES,
      filters: [ROOT, { column: 'trace.trace_id', op: 'in', value: ['0af7651916cd43dd8448eb211c80319c'] }],
    },
    'query-fits-sample-only',
  ],
  ['a fixed time', { ...TRACES, time_range: 600, start_time: 1_790_000_000 }, 'query-fits-sample-only'],
];
