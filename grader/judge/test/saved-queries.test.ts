import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Json } from '../../evidence/index.ts';
import { hiddenDataSets, type SavedQueryId, WANTED, type WantedQuery } from '../../hidden-data/index.ts';
import { type HiddenData, openHiddenData, runSavedQueries } from '../../queries/index.ts';
import { diagnoseFile } from '../diagnosis/queries/file.ts';
import { diagnoseLatencyByUser } from '../diagnosis/queries/latency-by-user.ts';
import { diagnoseRecentTraces } from '../diagnosis/queries/recent-traces.ts';
import type { Finding } from '../finding.ts';
import { OTHER_ROWS_CASES } from './other-rows-cases.ts';
import { LATENCY, LATENCY_CASES, TRACES, TRACES_CASES } from './query-cases.ts';

/** Small and far apart; every query must be judged the same over the data of each. */
const SEEDS = [1, 77, 4711];

const opened = new Map<number, Promise<HiddenData>>();
const hiddenData = (seed: number): Promise<HiddenData> => {
  const open = opened.get(seed) ?? openHiddenData(seed);
  opened.set(seed, open);
  return open;
};
after(async () => {
  for (const open of opened.values()) (await open).close();
});

/** Why a query is refused, null when it is right. */
async function failureOf(id: SavedQueryId, content: Json, seed: number): Promise<Finding | null> {
  const wanted = WANTED.find((one) => one.id === id) as WantedQuery;
  const outcomes = await (await hiddenData(seed)).run({ [wanted.file]: { state: 'read', value: content } });
  const outcome = outcomes[id] as NonNullable<(typeof outcomes)[string]>;
  const broken = diagnoseFile(outcome, wanted, []);
  if (broken) return broken;
  assert.equal(outcome.state, 'ran');
  const judge = id === 'latency-by-user' ? diagnoseLatencyByUser : diagnoseRecentTraces;
  // As in a verdict: what crosses into the judge is text.
  const text = JSON.parse(JSON.stringify(outcome));
  return judge(text, hiddenDataSets(seed))?.finding ?? null;
}

const reasonOf = async (id: SavedQueryId, content: Json, seed: number): Promise<string | null> =>
  (await failureOf(id, content, seed))?.reason ?? null;

for (const [id, cases] of [
  ['latency-by-user', [...LATENCY_CASES, ...OTHER_ROWS_CASES]],
  ['recent-traces', TRACES_CASES],
] as const) {
  for (const [what, query, reason] of cases) {
    test(`${id}, ${what}: ${reason ?? 'right'}`, async () => {
      for (const seed of SEEDS) {
        const failure = await failureOf(id, { name: what, description: '', query }, seed);
        assert.equal(failure?.reason ?? null, reason, `seed ${seed}`);
        assert.ok(showsTheFault(failure), `seed ${seed}: the rows shown are the wanted ones`);
      }
    });
  }
}

/** The rows that are shown differ from those beside them, or lack a column: never twice the same. */
function showsTheFault(failure: Finding | null): boolean {
  const [mine, wanted] = failure?.tables ?? [];
  if (!mine || !wanted || wanted.columns.some((column) => !mine.columns.includes(column))) return true;
  return JSON.stringify([mine.columns, mine.rows]) !== JSON.stringify([wanted.columns, wanted.rows]);
}

test('rows are told by their numbers before their count, and by the filter that chose them', async () => {
  // Each feed has one span "rank feed": as many, and quicker.
  const feeds = { column: 'http.route', op: '=', value: '/feed' };
  const query = { ...LATENCY, filters: [...(LATENCY.filters as Json[]), feeds] };
  for (const seed of SEEDS) {
    const failure = await failureOf('latency-by-user', { name: 'Feeds', description: '', query }, seed);
    assert.equal(failure?.saw, 'it looks at requests of GET /feed alone.', `seed ${seed}`);
    assert.equal(failure?.cause, 'Without http.route = "/feed" the result is right.');
  }
});

const SLOW = { column: 'duration_ms', op: '>', value: 200 };
const OFTEN = { calculate_op: 'COUNT', op: '>', value: 2 };

/** What is said of a query, and the cause: null where the evidence proves none. */
const CAUSES: [SavedQueryId, string, { [field: string]: Json }, RegExp, RegExp | null][] = [
  ['latency-by-user', 'the limit', { ...LATENCY, limit: 5 }, /^it shows 5 users/, /^Its limit 5 cuts off/],
  [
    'latency-by-user',
    'a having, and a limit that is right',
    { ...LATENCY, havings: [{ calculate_op: 'P95', column: 'duration_ms', op: '>', value: 1_000 }] },
    /^it shows \d+ users/,
    /^Without its havings the result is right/,
  ],
  [
    'latency-by-user',
    'a having and the limit together: neither alone',
    {
      ...LATENCY,
      havings: [{ calculate_op: 'P95', column: 'duration_ms', op: '>', value: 1_000 }],
      limit: 4,
    },
    /^it shows 4 users/,
    null,
  ],
  ['recent-traces', 'the limit', { ...TRACES, limit: 7 }, /^it shows 7 traces/, /^Its limit 7 cuts off/],
  ['recent-traces', 'no limit', { ...TRACES, limit: 100 }, /^it shows 100 traces/, null],
  [
    'recent-traces',
    'a filter, and a limit that is right',
    { ...TRACES, filters: [...(TRACES.filters as Json[]), SLOW] },
    /^it shows \d+ traces/,
    /^Without duration_ms > 200 the result is right/,
  ],
  [
    'recent-traces',
    'a filter and the limit together: neither alone',
    { ...TRACES, filters: [...(TRACES.filters as Json[]), SLOW], limit: 3 },
    /^it shows 3 traces/,
    null,
  ],
  [
    'recent-traces',
    'how far back it looks',
    { ...TRACES, time_range: 10_800 },
    /^it shows traces that began \d hours ago/,
    /^Without time_range 10800 the result is right/,
  ],
  [
    'latency-by-user',
    'two filters, of which neither is guilty alone',
    {
      ...LATENCY,
      filters: [...(LATENCY.filters as Json[]), SLOW],
      havings: [OFTEN],
    },
    /rows over hidden data are not the right ones/,
    null,
  ],
  [
    'latency-by-user',
    'rows that are as many as others',
    {
      ...LATENCY,
      calculations: [{ op: 'COUNT' }, { op: 'P95', column: 'murmur.ranking.candidate_count' }],
      filters: [...(LATENCY.filters as Json[]), { column: 'http.route', op: '=', value: '/feed' }],
      orders: [],
    },
    /rows over hidden data are not the right ones/,
    null,
  ],
];

for (const [id, what, query, saw, cause] of CAUSES) {
  test(`${id}, ${what}: ${cause ? 'the cause is said' : 'no cause is said'}`, async () => {
    for (const seed of SEEDS) {
      const finding = await failureOf(id, { name: what, description: '', query }, seed);
      assert.match(finding?.saw ?? '', saw, `seed ${seed}`);
      if (cause) assert.match(finding?.cause ?? '', cause, `seed ${seed}`);
      else assert.equal(finding?.cause, undefined, `seed ${seed}`);
    }
  });
}

test('the rows that differ are shown beside the right ones, with their places', async () => {
  const of = async (query: { [field: string]: Json }) =>
    (await failureOf('recent-traces', { name: 'a', description: '', query }, 1))?.tables ?? [];
  const [mine, wanted] = await of({ ...TRACES, limit: 7 });
  assert.equal(mine?.title, 'your result: row 7 of 7, row 8 is missing');
  assert.equal(wanted?.title, 'wanted: rows 7 to 10 of 20');
  assert.deepEqual(
    wanted?.rows.map(([place]) => place),
    ['7', '8', '9', '10'],
  );
  assert.deepEqual(mine?.rows[0], wanted?.rows[0]);
  const [none] = await of({ ...TRACES, filters: [{ column: 'name', op: '=', value: 'nothing' }] });
  assert.equal(none?.title, 'your result: no rows');
});

test('a question in the words about a field ends by itself', async () => {
  const [server] = LATENCY.filters as { [field: string]: Json }[];
  const query = { ...LATENCY, filters: [{ ...server, op: '==' }] };
  const failure = await failureOf('latency-by-user', { name: 'a', description: '', query }, 1);
  assert.match(failure?.saw ?? '', /"==" is not known; did you mean =\?$/);
});

test('a file that cannot be run is named with its field', async () => {
  const of = (content: Json) => reasonOf('recent-traces', content, 1);
  assert.equal(await of(TRACES), 'query-invalid', 'the bare query');
  assert.equal(await of({ name: 'a', query: { ...TRACES, breakdown: ['name'] } }), 'query-invalid');
  assert.equal(await of([]), 'query-invalid');
  const wanted = WANTED[0] as WantedQuery;
  const outcomes = await runSavedQueries({}, 1);
  assert.equal(
    diagnoseFile(outcomes['latency-by-user'] ?? { state: 'missing' }, wanted, ['a.json'])?.reason,
    'query-missing',
  );
});

test('a query is found by its name, too: pull writes it under another file name', async () => {
  const value = { name: 'Latency by userid', description: '', query: LATENCY };
  const outcomes = await runSavedQueries({ 'latency-by-user-id.json': { state: 'read', value } }, 1);
  assert.equal(outcomes['latency-by-user']?.state, 'ran');
  assert.equal(outcomes['recent-traces']?.state, 'missing');
});
