import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Attributes, Span } from '@workshop/telemetry';
import {
  compareSelection,
  criticalPath,
  distributions,
  knownTrace,
  listServices,
  listTraces,
  serviceGraph,
} from '../../analysis/index.ts';
import { Random } from '../../query/test/random.ts';
import { randomSpans } from '../../query/test/random-data.ts';
import { measureSlos } from '../../slo/measure.ts';
import { Database, MEMORY, RowBatchBuilder, type RowSource } from '../../store/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { readClickHouseAddress } from '../index.ts';
import { ClickHouseRows } from '../rows.ts';
import { type Engine, openEngine } from './engine.ts';
import { asTexts, createTable, insertSpans, textOf } from './exported-spans.ts';
import { type Front, startFront } from './http-front.ts';
import { nearlyEqual } from './nearly-equal.ts';

/** What the lab makes of spans beside queries: the same over both engines. */

const NOW = 1_795_000_000_000;
let engine: Engine;
let front: Front;
let clickhouse: ClickHouseRows;
let duckdb: Database;
const random = new Random(20_261_128);
const spans: Span[] = asTexts([
  ...sampleSpans({ requests: 300, endMs: NOW }),
  ...randomSpans(random, 1_500, NOW, false),
]);

before(async () => {
  engine = openEngine();
  await createTable(engine);
  await insertSpans(engine, spans);
  front = await startFront(engine, { users: { reader: { password: '', readOnly: true } } });
  const address = readClickHouseAddress(`clickhouse://reader@127.0.0.1:${front.port}/otel`, {});
  clickhouse = await ClickHouseRows.open(address, 60_000);
  duckdb = await Database.open(MEMORY);
  const builder = new RowBatchBuilder();
  // By time, as they arrive: that is the order in which ClickHouse has them.
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) builder.add(span);
  await duckdb.append([builder.build()]);
});
after(async () => {
  await duckdb.close();
  await clickhouse.close();
  await front.close();
  engine.close();
});

/** What both engines answer. */
async function same<T>(ask: (rows: RowSource) => Promise<T>): Promise<T> {
  const [one, other] = await Promise.all([ask(clickhouse), ask(duckdb)]);
  nearlyEqual(one, other, 'answer');
  return other;
}

test('the list of traces: newest, slowest, page by page, and searches', async () => {
  const first = await same((rows) => listTraces(rows, { limit: 50 }));
  assert.equal(first.traces.length, 50);
  await same((rows) => listTraces(rows, { limit: 50, cursor: first.next as string }));
  await same((rows) => listTraces(rows, { sort: 'slowest', limit: 20 }));
  for (const search of [
    { q: 'user.id=1003' },
    { q: '-http.route="/feed" word' },
    { q: 'duration_ms>100 GET' },
    { q: 'zoë' },
    { service: 'murmur-worker' },
    { error: 'true' as const },
    { error: 'false' as const, minDuration: 500 },
    { maxDuration: 50, before: NOW - 60_000 },
    { trace: first.traces[3]?.traceId.slice(0, 8) as string },
  ])
    await same((rows) => listTraces(rows, { limit: 100, ...search }));
});

test('one trace, with its events and links; the beginning of an id; its critical path', async () => {
  const { traces } = await listTraces(duckdb, { limit: 40 });
  for (const { traceId } of traces) {
    const read = await same(async (rows) => inOrder((await knownTrace(rows, traceId)).map(kept)));
    assert.ok(read.length > 0);
    await same(async (rows) => criticalPath(await knownTrace(rows, traceId)));
  }
  await same(async (rows) => (await knownTrace(rows, (traces[0]?.traceId ?? '').slice(0, 12)))[0].traceId);
  await assert.rejects(knownTrace(clickhouse, 'f'.repeat(32)), /has no trace/);
});

/** Without what the Collector's table does not keep: flags, and which values were texts. */
function kept({ traceFlags: _, parentIsRemote: __, ...span }: Span): Span {
  const texts = (attributes: Attributes): Attributes =>
    Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, textOf(value)]));
  const annotated = <T extends { attributes: Attributes }>(list: readonly T[]): T[] =>
    list.map((item) => ({ ...item, attributes: texts(item.attributes) }));
  return {
    ...span,
    attributes: texts(span.attributes),
    events: annotated(span.events),
    links: annotated(span.links),
  };
}

/** Spans that began at once stand in any order. */
function inOrder(list: Span[]): Span[] {
  return list.toSorted((a, b) => a.startMs - b.startMs || (a.spanId < b.spanId ? -1 : 1));
}

test('the service graph, the services, what differs, distributions', async () => {
  const range = { startMs: NOW - 3_700_000, endMs: NOW + 1 };
  const graph = await same((rows) => serviceGraph(rows, range));
  assert.ok(graph.dependencies.some(({ via }) => via === 'parent'));
  assert.ok(graph.nodes.some(({ type }) => type === 'database'));
  await same(listServices);
  const query = { start_time: Math.floor(range.startMs / 1000), end_time: Math.ceil(range.endMs / 1000) };
  for (const filters of [
    [{ column: 'duration_ms', op: '>=' as const, value: 400 }],
    [{ column: 'error', op: 'exists' as const }],
    [{ column: 'service.name', op: '=' as const, value: 'murmur-web' }],
  ]) {
    const { differences } = await same((rows) =>
      compareSelection(rows, { query, selection: { filters } }, range.endMs),
    );
    assert.ok(differences.length > 0);
  }
  await same((rows) => distributions(rows, query, range.endMs));
});

test('SLOs with a calculated field', async () => {
  const slo = {
    name: 'Feed is fast',
    sli: { alias: 'fast' },
    target_per_million: 900_000,
    time_period_days: 1,
    burn_alerts: [],
  };
  const fields = [{ name: 'fast', expression: 'IF(EQUALS($http.route, "/feed"), LT($duration_ms, 200))' }];
  const [status] = await same((rows) => measureSlos(rows, [slo as never], fields, NOW));
  assert.ok(status);
});
