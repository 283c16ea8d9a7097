import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Span } from '@workshop/telemetry';
import { compareSelection, listTraces, serviceGraph, traceById } from '../../analysis/index.ts';
import { benchSpans } from '../../bench/spans.ts';
import { readSavedQuery, runQuery } from '../../query/index.ts';
import { type RowSource, Store } from '../../store/index.ts';
import { readClickHouseAddress } from '../index.ts';
import { ClickHouseRows } from '../rows.ts';
import { type Engine, openEngine } from './engine.ts';
import { createTable, insertSpans, TABLE } from './exported-spans.ts';
import { type Front, startFront } from './http-front.ts';
import { nearlyEqual } from './nearly-equal.ts';

/** The saved queries of the solutions, and what the page asks, over the same spans. LAB_SPANS=1000000 for times. */
const SPANS = Number(process.env.LAB_SPANS ?? 50_000);
const ROUNDS = 5;
const SPANS_A_WRITE = 10_000;
const NOW = Date.now();

let engine: Engine;
let front: Front;
let clickhouse: ClickHouseRows;
let duckdb: Store;
let dir: string;
let traceId = '';

before(async () => {
  engine = openEngine();
  await createTable(engine);
  dir = await mkdtemp(join(tmpdir(), 'lab-side-by-side-'));
  duckdb = await Store.open({ dir });
  let part: Span[] = [];
  for (const span of benchSpans(SPANS, NOW)) {
    traceId ||= span.traceId;
    if (part.push(toNanoseconds(span)) < SPANS_A_WRITE) continue;
    await Promise.all([duckdb.write(part), insertSpans(engine, part)]);
    part = [];
  }
  await Promise.all([duckdb.write(part), insertSpans(engine, part)]);
  await duckdb.retain(NOW);
  await engine.run(`optimize table ${TABLE} final`, {});
  front = await startFront(engine, { users: { reader: { password: '', readOnly: true } } });
  const address = readClickHouseAddress(`clickhouse://reader@127.0.0.1:${front.port}/otel`, {});
  clickhouse = await ClickHouseRows.open(address, 600_000);
});
after(async () => {
  await clickhouse.close();
  await front.close();
  engine.close();
  await duckdb.close();
  await rm(dir, { recursive: true, force: true });
});

/** As OTLP carries it. */
function toNanoseconds(span: Span): Span {
  const exact = (ms: number): number => Math.floor(ms) + Math.round((ms - Math.floor(ms)) * 1e6) / 1e6;
  return {
    ...span,
    // Digits that look like a number become one in the Collector's table.
    attributes: { ...span.attributes, 'user.id': Number(span.attributes['user.id']) },
    durationMs: exact(span.durationMs),
    events: span.events.map((event) => ({ ...event, timeMs: exact(event.timeMs) })),
  };
}

async function median(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
}

test(`saved queries and the page's questions over ${SPANS} spans: the same answers, with their times`, async (t) => {
  const range = Math.ceil(SPANS / 8 / 10) + 60;
  const query = (spec: object) => async (rows: RowSource) =>
    (await runQuery(rows, { time_range: range, ...spec }, { now: NOW })).data;
  const saved = globSync('solutions/*/queries/*.json').sort();
  assert.ok(saved.length > 0);
  const questions: [string, (rows: RowSource) => Promise<unknown>][] = [
    ...saved.map((file): [string, (rows: RowSource) => Promise<unknown>] => [
      basename(file, '.json'),
      query({ ...readSavedQuery(file).query, time_range: range }),
    ]),
    ['COUNT over time', query({ calculations: [{ op: 'COUNT' }] })],
    [
      'P95 by route',
      query({ calculations: [{ op: 'P95', column: 'duration_ms' }], breakdowns: ['http.route'] }),
    ],
    ['heatmap', query({ calculations: [{ op: 'HEATMAP', column: 'duration_ms' }] })],
    [
      'P99 by an attribute',
      query({
        calculations: [{ op: 'P99', column: 'duration_ms' }],
        breakdowns: ['murmur.feed.following_count'],
      }),
    ],
    [
      'root. filter',
      query({ filters: [{ column: 'root.http.route', op: '=', value: '/feed' }], breakdowns: ['name'] }),
    ],
    // Which those are goes by their arrival in the lab's file, and by their beginning in the Collector's table.
    ['recent traces', async (rows) => (await listTraces(rows, { limit: 50 })).traces.length],
    ['slowest traces', async (rows) => (await listTraces(rows, { limit: 50, sort: 'slowest' })).traces],
    ['one trace', async (rows) => (await traceById(rows, traceId)).length],
    ['service graph', (rows) => serviceGraph(rows, { startMs: NOW - range * 1000, endMs: NOW })],
  ];
  for (const [name, ask] of questions) {
    const [one, other] = [await ask(clickhouse), await ask(duckdb)];
    nearlyEqual(one, other, name);
    t.diagnostic(
      `${name.padEnd(26)} DuckDB ${(await median(() => ask(duckdb))).toFixed(0).padStart(6)} ms   ClickHouse ${(await median(() => ask(clickhouse))).toFixed(0).padStart(6)} ms`,
    );
  }
  // It looks at a sample of a large table, and each engine draws another one.
  const differs = (rows: RowSource) =>
    compareSelection(
      rows,
      {
        query: { time_range: range },
        selection: { filters: [{ column: 'duration_ms', op: '>', value: 500 }] },
      },
      NOW,
    );
  const [one, other] = [await differs(clickhouse), await differs(duckdb)];
  assert.deepEqual([one.selected, one.rest], [other.selected, other.rest]);
  assert.equal(one.differences[0]?.column, other.differences[0]?.column);
  t.diagnostic(
    `${'what differs'.padEnd(26)} DuckDB ${(await median(() => differs(duckdb))).toFixed(0).padStart(6)} ms   ClickHouse ${(await median(() => differs(clickhouse))).toFixed(0).padStart(6)} ms`,
  );
  const [bytes] = await clickhouse.all(
    `select toFloat64(sum(bytes_on_disk)) as bytes from system.parts where active and table = 'otel_traces'`,
  );
  t.diagnostic(`on disk: ClickHouse ${(Number(bytes?.bytes) / SPANS).toFixed(0)} bytes a span`);
});
