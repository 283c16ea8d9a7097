import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DERIVED_NAMES } from '../../store/columns.ts';
import { Database, MEMORY, RowBatchBuilder } from '../../store/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { type QuerySpec, queryNotes, runQuery } from '../index.ts';

const NOW = 1_795_000_000_000;
const NOTHING = 'Nothing matches in this time range.';
const KNOWN = 'Every column that the query names is known.';

let database: Database;
before(async () => {
  database = await Database.open(MEMORY);
  const builder = new RowBatchBuilder();
  for (const span of sampleSpans({ requests: 60, endMs: NOW })) builder.add(span);
  await database.append([builder.build()]);
});
after(() => database.close());

async function notesOn(query: QuerySpec, nowMs = NOW): Promise<string[]> {
  return queryNotes(database, await runQuery(database, query, { now: nowMs, disableSeries: true }));
}
const unknown = (name: string, near?: string): string =>
  `No span has the column ${name}.${near ? ` Did you mean ${near}?` : ''}`;

test('a column that no span has is named with the nearest one, wherever a query names it', async () => {
  const typo = 'murmur.feed.folowing_count';
  const note = unknown(typo, 'murmur.feed.following_count');
  const places: QuerySpec[] = [
    { breakdowns: [typo] },
    { breakdowns: [typo], orders: [{ column: typo }] },
    { calculations: [{ op: 'P95', column: typo }] },
    { calculations: [{ op: 'MAX', column: typo }], orders: [{ op: 'MAX', column: typo }] },
    { calculations: [{ op: 'COUNT', name: 'many', filters: [{ column: typo, op: '>', value: 9 }] }] },
    { filters: [{ column: typo, op: '=', value: 160 }] },
    { filters: [{ column: typo, op: 'does-not-exist' }] },
    {
      calculations: [{ op: 'MAX', column: typo }],
      havings: [{ calculate_op: 'MAX', column: typo, op: '>', value: 9 }],
      breakdowns: ['user.id'],
    },
    { calculated_fields: [{ name: 'many', expression: `$${typo} > 9` }], breakdowns: ['many'] },
    { filters: [{ column: `root.${typo}`, op: 'exists' }], breakdowns: [`parent.${typo}`] },
  ];
  for (const query of places) assert.deepEqual(await notesOn(query), [note], JSON.stringify(query));
  assert.deepEqual(await notesOn({ breakdowns: ['userId', 'rout', 'xyzzy'] }), [
    unknown('userId', 'user.id'),
    unknown('rout'),
    unknown('xyzzy'),
  ]);
});

test('a right query has no note: names of the language are columns, names of calculations are not', async () => {
  const right: QuerySpec[] = [
    {},
    { calculations: [{ op: 'CONCURRENCY' }, { op: 'HEATMAP', column: 'duration_ms' }, { op: 'COUNT' }] },
    { breakdowns: ['type', 'meta.signal_type', 'meta.annotation_type', 'status_message', 'library.name'] },
    { breakdowns: ['root.name', 'parent.http.route', 'process.pid', 'exception.type', 'error'] },
    {
      breakdowns: ['user.id'],
      calculations: [
        { op: 'COUNT', name: 'slow', filters: [{ column: 'duration_ms', op: '>', value: 500 }] },
      ],
      orders: [{ column: 'slow' }],
      havings: [{ calculate_op: 'COUNT', column: 'slow', op: '>=', value: 0 }],
    },
    {
      breakdowns: ['user.id'],
      filters: [
        { column: 'any.db.query.text', op: 'exists' },
        { column: 'child.name', op: 'exists' },
        { column: 'none.trace.link.trace_id', op: 'exists' },
      ],
    },
    {
      calculated_fields: [{ name: 'much', expression: '$murmur.feed.following_count > 100' }],
      breakdowns: ['much'],
      calculations: [{ op: 'COUNT', name: 'n' }],
      formulas: [{ name: 'twice', expression: '$n * 2' }],
      havings: [{ calculate_op: 'COUNT', column: 'twice', op: '>', value: 0 }],
    },
  ];
  for (const query of right) assert.deepEqual(await notesOn(query), [], JSON.stringify(query));
});

test('known columns and nothing in this time range: the names are not to blame', async () => {
  const filters = [{ column: 'user.id', op: '=' as const, value: 'nobody' }];
  for (const query of [{ filters }, { filters, breakdowns: ['http.route'] }]) {
    assert.deepEqual(await notesOn(query), [`${NOTHING} ${KNOWN}`], JSON.stringify(query));
  }
  const aWeekLater = NOW + 7 * 86_400_000;
  assert.deepEqual(await notesOn({}, aWeekLater), [NOTHING]);
  assert.deepEqual(await notesOn({ breakdowns: ['user.id'] }, aWeekLater), [`${NOTHING} ${KNOWN}`]);
});

test('spans match but have nothing to calculate with', async () => {
  const lacks = (what: string, column: string): string =>
    `No matching span in this time range has a ${what} in ${column}.`;
  const filters = [{ column: 'name', op: 'starts-with' as const, value: 'pg.' }];
  const onQueries = (calculations: QuerySpec['calculations']) => notesOn({ filters, calculations });
  const count = 'murmur.feed.following_count';
  assert.deepEqual(await onQueries([{ op: 'COUNT' }, { op: 'P95', column: count }]), [
    lacks('number', count),
  ]);
  assert.deepEqual(await onQueries([{ op: 'HEATMAP', column: count }]), [lacks('number', count)]);
  assert.deepEqual(await onQueries([{ op: 'COUNT_DISTINCT', column: 'user.id' }]), [
    lacks('value', 'user.id'),
  ]);
  assert.deepEqual(await onQueries([{ op: 'AVG', column: 'name' }]), [lacks('number', 'name')]);
  // A sum of zeros is 0 too, and a calculation with filters of its own is allowed to find nothing.
  assert.deepEqual(await onQueries([{ op: 'SUM', column: count }]), []);
  const failed = [{ column: 'duration_ms', op: '>' as const, value: 1e9 }];
  assert.deepEqual(await onQueries([{ op: 'MAX', column: 'duration_ms', name: 'no', filters: failed }]), []);
});

test('the sample rate is no column, and the note says where it went', async () => {
  const [note] = await notesOn({ breakdowns: ['SampleRate'] });
  assert.match(note ?? '', /^SampleRate is no column: .* weight/);
});

test('a lab without spans says that, whatever the query names', async () => {
  const empty = await Database.open(MEMORY);
  try {
    for (const query of [{}, { breakdowns: ['user.idd'] }, { breakdowns: ['name'] }]) {
      const notes = await queryNotes(empty, await runQuery(empty, query, { now: NOW }));
      assert.deepEqual(notes, ['The lab holds no spans yet. Use Murmur, or run "npm run traffic".']);
    }
  } finally {
    await empty.close();
  }
});

test('each name that a row gets by itself is known before the first such row', () => {
  const builder = new RowBatchBuilder();
  const traceState = 'a=1';
  builder.add({
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'all of them',
    kind: 'CLIENT',
    startMs: NOW,
    durationMs: -1,
    status: { code: 'ERROR' },
    traceState,
    attributes: {},
    dropped: { attributes: 1, events: 1, links: 1 },
    resource: {},
    scope: { name: '@opentelemetry/instrumentation-pg' },
    events: [{ name: 'early', timeMs: NOW - 1, attributes: {} }],
    links: [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceState, attributes: {} }],
  });
  const seen = builder.build().catalogue.map((entry) => entry.key);
  assert.deepEqual([...new Set(seen)].sort(), [...DERIVED_NAMES].sort());
});
