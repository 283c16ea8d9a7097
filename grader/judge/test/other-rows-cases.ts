import { type Case, LATENCY } from './query-cases.ts';

const SERVER = { column: 'span.kind', op: '=', value: 'server' };
const USER = { column: 'user.id', op: 'exists' };

/** Queries that look at other rows than the requests, by filters that no list of known mistakes holds. */
export const OTHER_ROWS_CASES: Case[] = [
  [
    'the routes that were seen',
    {
      ...LATENCY,
      filters: [
        SERVER,
        USER,
        {
          column: 'http.route',
          op: 'in',
          value: [
            '/feed',
            '/notifications',
            '/search',
            '/posts',
            '/posts/:id',
            '/posts/:id/likes',
            '/posts/:id/shares',
          ],
        },
      ],
    },
    'query-wrong-filter',
  ],
  [
    'what has a route',
    { ...LATENCY, filters: [USER, { column: 'http.route', op: 'exists' }] },
    'query-counts-spans',
  ],
  [
    'what has a method',
    { ...LATENCY, filters: [USER, { column: 'http.request.method', op: 'exists' }] },
    'query-counts-spans',
  ],
  [
    'what is called GET, by the page, too',
    { ...LATENCY, filters: [USER, { column: 'name', op: 'starts-with', value: 'GET' }] },
    'query-wrong-filter',
  ],
  [
    'what is not of kind client',
    { ...LATENCY, filters: [USER, { column: 'span.kind', op: '!=', value: 'client' }] },
    'query-counts-spans',
  ],
  [
    'all spans of traces whose root has a user',
    { ...LATENCY, breakdowns: ['root.user.id'], filters: [{ column: 'root.user.id', op: 'exists' }] },
    'query-counts-spans',
  ],
  ['requests alone, or those with a user', { ...LATENCY, filter_combination: 'OR' }, 'query-counts-spans'],
];
