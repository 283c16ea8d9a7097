import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '@workshop/telemetry';
import type { TraceSearch } from '../../api/index.ts';
import { Database, MEMORY, RowBatchBuilder } from '../../store/index.ts';
import { listTraces } from '../index.ts';

const NOW = 1_795_000_000_000;
const HOUR = 3_600_000;

/** A span with what a test says of it; each trace is named by a number. */
function span(trace: number, more: Partial<Span> = {}): Span {
  return {
    traceId: trace.toString(16).padStart(32, '0'),
    spanId: 'a'.repeat(16),
    name: `trace ${trace}`,
    kind: 'INTERNAL',
    startMs: NOW,
    durationMs: 10,
    status: { code: 'UNSET' },
    attributes: {},
    events: [],
    links: [],
    resource: { 'service.name': 'murmur-api' },
    scope: { name: 'test' },
    ...more,
  };
}

type Arrival = [receivedMs: number, spans: Span[]];

async function database(arrivals: readonly Arrival[]): Promise<Database> {
  const store = await Database.open(MEMORY);
  for (const [receivedMs, spans] of arrivals) {
    const builder = new RowBatchBuilder(receivedMs);
    for (const each of spans) builder.add(each);
    await store.append([builder.build()]);
  }
  return store;
}

async function found(store: Database, search: TraceSearch): Promise<string[]> {
  return (await listTraces(store, search)).traces.map(({ traceId }) => traceId);
}

/** All pages of a search, one after another. */
async function allPages(store: Database, search: TraceSearch): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { traces, next } = await listTraces(store, { ...search, cursor });
    ids.push(...traces.map(({ traceId }) => traceId));
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

test('page after page gives every trace once, in order, whatever the clocks and however late its spans come', async () => {
  // 6,000 traces in 15,000 rows, more than one window of rows: later batches bring further spans of earlier traces.
  const arrivals: Arrival[] = [];
  const places = new Map<string, number>();
  const took = new Map<string, [from: number, to: number]>();
  for (let batch = 0; batch < 60; batch++) {
    const receivedMs = NOW + batch * 5_000;
    const spans: Span[] = [];
    for (let n = 0; n < 100; n++) {
      const trace = batch * 100 + n + 1;
      const clock = trace % 17 === 0 ? HOUR : trace % 19 === 0 ? -3 * HOUR : 0;
      spans.push(
        span(trace, { startMs: receivedMs - ((n * 37) % 4_000) + clock, durationMs: 1 + (trace % 211) }),
      );
      const earlier = trace - 3_000;
      if (earlier > 0 && earlier % 2 === 0)
        spans.push(
          span(earlier, { spanId: 'b'.repeat(16), parentSpanId: 'a'.repeat(16), startMs: receivedMs - 5 }),
        );
    }
    for (const each of spans) {
      const isPlausible = each.startMs <= receivedMs && each.startMs >= receivedMs - 600_000;
      const place = isPlausible ? each.startMs : receivedMs;
      places.set(each.traceId, Math.min(places.get(each.traceId) ?? Number.POSITIVE_INFINITY, place));
      const [from, to] = took.get(each.traceId) ?? [Number.POSITIVE_INFINITY, 0];
      took.set(each.traceId, [Math.min(from, each.startMs), Math.max(to, each.startMs + each.durationMs)]);
    }
    arrivals.push([receivedMs, spans]);
  }
  const sorted = (value: (id: string) => number): string[] =>
    [...places.keys()].sort((a, b) => value(b) - value(a) || (a < b ? 1 : -1));
  const store = await database(arrivals);
  const newest = sorted((id) => places.get(id) as number);
  assert.deepEqual(await allPages(store, { limit: 97 }), newest);
  assert.deepEqual(await found(store, { limit: 1 }), newest.slice(0, 1));
  const length = (id: string): number => (took.get(id)?.[1] ?? 0) - (took.get(id)?.[0] ?? 0);
  const slowest = sorted(length);
  assert.deepEqual(await allPages(store, { limit: 997, sort: 'slowest' }), slowest);
  const before = places.get(newest[4_000] as string) as number;
  assert.deepEqual(
    await found(store, { limit: 50, before }),
    newest.filter((id) => (places.get(id) as number) < before).slice(0, 50),
  );
  await store.close();
});

test('a recording of 2018 that is played today is the newest, and a clock ahead does not stay first', async () => {
  const store = await database([
    [NOW, [span(1, { startMs: NOW + 365 * 24 * HOUR })]],
    [NOW + 1_000, [span(2, { startMs: NOW + 900 })]],
    [NOW + 2_000, [span(3, { startMs: NOW - 8 * 365 * 24 * HOUR })]],
  ]);
  assert.deepEqual(
    (await listTraces(store)).traces.map(({ name }) => name),
    ['trace 3', 'trace 2', 'trace 1'],
  );
  await store.close();
});

/** Each of these traces has something that the searches below are about. */
const KINDS: [name: string, spans: Partial<Span>[]][] = [
  [
    'feed of Iris',
    [{ attributes: { 'user.id': '4711', 'http.route': '/feed', count: 163 } }, { name: 'rank feed' }],
  ],
  ['feed of Ben', [{ attributes: { 'user.id': '12', 'http.route': '/feed', cached: true } }]],
  [
    'failed',
    [{ status: { code: 'ERROR', message: 'Connection terminated' }, attributes: { 'error.type': 'ECONN' } }],
  ],
  [
    'swallowed',
    [
      {
        events: [
          { name: 'exception', timeMs: NOW, attributes: { 'exception.message': 'statement timeout' } },
        ],
      },
    ],
  ],
  ['page', [{ resource: { 'service.name': 'murmur-web', 'browser.mobile': true }, durationMs: 900 }, {}]],
  [
    'say "hi" 100%_',
    [
      {
        attributes: { "it's": 'quoted; drop table spans' },
        scope: { name: 's', attributes: { team: 'feed' } },
      },
    ],
  ],
];

const SEARCHES: [TraceSearch, string[]][] = [
  [{}, KINDS.map(([name]) => name)],
  [{ q: 'user.id=4711' }, ['feed of Iris']],
  [{ q: 'user=4711 route=/feed' }, ['feed of Iris']],
  [{ q: 'route=/feed -user=4711' }, ['feed of Ben']],
  [{ q: 'count=163' }, ['feed of Iris']],
  [{ q: 'count>150' }, ['feed of Iris']],
  [{ q: 'count>=163 count<=163' }, ['feed of Iris']],
  [{ q: 'count>163' }, []],
  [{ q: 'nothing.of.this>1' }, []],
  [{ q: 'cached=true' }, ['feed of Ben']],
  [{ q: 'RANK' }, ['feed of Iris']],
  [{ q: '"rank feed" user.id=4711' }, ['feed of Iris']],
  [{ q: 'rank -rank' }, []],
  [{ q: 'error.type' }, ['failed']],
  [{ q: 'feed -user.id' }, []],
  [{ q: '-user.id -error.type -exception.message' }, ['page', 'say "hi" 100%_']],
  [{ q: 'timeout' }, ['swallowed']],
  [{ q: 'terminated' }, ['failed']],
  [{ q: 'browser.mobile=true' }, ['page']],
  [{ q: 'browser.mobile' }, ['page']],
  [{ q: 'nothing.of.this=1' }, []],
  [{ q: '"say \\"hi\\""' }, ['say "hi" 100%_']],
  [{ q: '100%_' }, ['say "hi" 100%_']],
  [{ q: '"it\'s"="quoted; drop table spans"' }, ['say "hi" 100%_']],
  [{ q: 'team=feed' }, ['say "hi" 100%_']],
  [{ q: 'duration_ms=900' }, ['page']],
  [{ q: '00000000000000000000000000000003' }, ['failed']],
  [{ trace: '00000000000000000000000000000003' }, ['failed']],
  [{ trace: 'ff' }, []],
  [{ error: 'true' }, ['failed']],
  [{ error: 'false', q: 'feed' }, ['feed of Iris', 'feed of Ben']],
  [{ service: 'murmur-web' }, ['page']],
  [{ service: 'nobody' }, []],
  [{ minDuration: 900 }, ['page']],
  [{ maxDuration: 100, q: '-feed -error.type' }, ['swallowed', 'say "hi" 100%_']],
  [{ sort: 'slowest', limit: 1 }, ['page']],
];

test('a search finds the traces that it says', async () => {
  const spans = KINDS.flatMap(([name, parts], index) =>
    parts.map((part, n) =>
      span(index + 1, {
        name: n === 0 ? name : `part ${n}`,
        spanId: String(n + 1).padStart(16, '0'),
        parentSpanId: n === 0 ? undefined : '1'.padStart(16, '0'),
        startMs: NOW - index,
        ...part,
      }),
    ),
  );
  const store = await database([[NOW, spans]]);
  for (const [search, names] of SEARCHES) {
    const { traces } = await listTraces(store, search);
    assert.deepEqual(
      traces.map(({ name }) => name),
      names,
      JSON.stringify(search),
    );
  }
  await store.close();
});
