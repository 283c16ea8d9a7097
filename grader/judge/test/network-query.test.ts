import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Json, QueryFile } from '../../evidence/index.ts';
import { hiddenDataSets } from '../../hidden-data/index.ts';
import { type HiddenData, openHiddenData } from '../../queries/index.ts';
import { diagnoseNetworkByRoute } from '../diagnosis/queries/network-by-route.ts';

const SEEDS = [1, 4711];
const NETWORK = 'murmur.network_ms';
const RIGHT: { [key: string]: Json; calculations: Json[] } = {
  breakdowns: ['url.template'],
  calculations: [{ op: 'COUNT' }, { op: 'P50', column: NETWORK }, { op: 'P95', column: NETWORK }],
  filters: [{ column: NETWORK, op: 'exists' }],
  orders: [{ op: 'P95', column: NETWORK, order: 'descending' }],
};

const CASES: [string, { [key: string]: Json }, string | null][] = [
  ['as the solution has it', RIGHT, null],
  ['without a filter: other spans have no route', { ...RIGHT, filters: [] }, null],
  [
    'of the page alone',
    { ...RIGHT, filters: [{ column: 'service.name', op: '=', value: 'murmur-web' }] },
    null,
  ],
  [
    'with more numbers',
    { ...RIGHT, calculations: [...RIGHT.calculations, { op: 'P99', column: NETWORK }] },
    null,
  ],
  ['sorted by route', { ...RIGHT, orders: [{ column: 'url.template', order: 'ascending' }] }, null],
  [
    'of the whole wait',
    {
      ...RIGHT,
      orders: [],
      calculations: ['P50', 'P95'].map((op) => ({ op, column: 'duration_ms' })),
    },
    'query-wrong-column',
  ],
  [
    'an average',
    { ...RIGHT, orders: [], calculations: [{ op: 'AVG', column: NETWORK }] },
    'query-wrong-column',
  ],
  ['P95 alone', { ...RIGHT, calculations: [{ op: 'P95', column: NETWORK }] }, 'query-wrong-column'],
  ['one row for all', { ...RIGHT, breakdowns: [] }, 'query-wrong-column'],
  ['by method', { ...RIGHT, breakdowns: ['http.request.method'] }, 'query-wrong-column'],
  ['by user, too', { ...RIGHT, breakdowns: ['url.template', 'user.id'] }, 'query-wrong-column'],
  ['two routes', { ...RIGHT, limit: 2 }, 'query-limit-lost'],
  [
    'a row without a route in place of one',
    { ...RIGHT, filters: [], orders: [{ op: 'COUNT', order: 'descending' }], limit: 7 },
    'query-wrong-filter',
  ],
  [
    'the feed alone',
    { ...RIGHT, filters: [{ column: 'url.template', op: '=', value: '/feed' }] },
    'query-wrong-filter',
  ],
  [
    'slow ones alone',
    { ...RIGHT, filters: [{ column: NETWORK, op: '>', value: 100 }] },
    'query-wrong-filter',
  ],
  [
    'one afternoon',
    { ...RIGHT, start_time: 1_700_000_000, end_time: 1_700_003_600 },
    'query-fits-sample-only',
  ],
];

const opened = new Map<number, Promise<HiddenData>>();
after(async () => {
  for (const open of opened.values()) (await open).close();
});

for (const [what, query, reason] of CASES) {
  test(`network-latency-by-route, ${what}: ${reason ?? 'right'}`, async () => {
    for (const seed of SEEDS) {
      const hidden = opened.get(seed) ?? openHiddenData(seed);
      opened.set(seed, hidden);
      const file: QueryFile = { state: 'read', value: { name: what, description: '', query } };
      const outcomes = await (await hidden).run({ 'network-latency-by-route.json': file });
      const outcome = outcomes['network-latency-by-route'];
      assert.equal(outcome?.state, 'ran', JSON.stringify(outcome));
      const problem = diagnoseNetworkByRoute(JSON.parse(JSON.stringify(outcome)), hiddenDataSets(seed));
      assert.equal(problem?.finding.reason ?? null, reason, problem?.finding.saw ?? 'right');
    }
  });
}
