import { join } from 'node:path';
import { until } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import { compareSelection, listTraces, serviceGraph, traceById } from '../analysis/index.ts';
import { runQuery } from '../query/index.ts';
import { Store } from '../store/index.ts';
import { benchSpans } from './spans.ts';

export const MEMORY_ROW = 'most memory, MB';
const SPANS_A_WRITE = 10_000;
/** Of a large store fewer: each takes seconds on a busy machine. */
const ROUNDS = { small: 9, large: 3 };
const LARGE = 2_000_000;
const PERCENTILES = [
  { op: 'P50', column: 'duration_ms' },
  { op: 'P95', column: 'duration_ms' },
  { op: 'P99', column: 'duration_ms' },
];

/**
 * Median milliseconds of each kind of question over a store of `count` spans, through the worker; and the most memory
 * that this process held meanwhile, in megabytes, under `MEMORY_ROW`.
 */
export async function measureQueries(count: number, folder: string): Promise<Record<string, number>> {
  const now = Date.now();
  const store = await Store.open({ dir: join(folder, `queries-${count}`) });
  let memory = (): number => 0;
  try {
    let part = [];
    let traceId = '';
    for (const span of benchSpans(count, now)) {
      part.push(span);
      traceId ||= span.traceId;
      if (part.length < SPANS_A_WRITE) continue;
      await store.write(part);
      part = [];
    }
    await store.write(part);
    for (const spans of [5_000, 10_000]) await store.write(largeTrace(spans, now));
    await store.retain(now); // nothing is too old: only settles what was written
    await rested();
    memory = watchMemory();
    const range = Math.ceil(count / 8 / 10) + 60;
    const ask = (query: object, disableSeries: boolean) => () =>
      runQuery(store, { time_range: range, ...query }, { now, disableSeries });
    const questions: Record<string, () => Promise<unknown>> = {
      'P50 P95 P99 by user': ask({ calculations: PERCENTILES, breakdowns: ['user.id'] }, true),
      'the same with its series': ask({ calculations: PERCENTILES, breakdowns: ['user.id'] }, false),
      'P50 P95 P99 by user, roots': ask(
        {
          calculations: PERCENTILES,
          breakdowns: ['user.id'],
          filters: [{ column: 'trace.parent_id', op: 'does-not-exist' }],
        },
        true,
      ),
      'P95 by an attribute in the map': ask(
        { calculations: [PERCENTILES[1]], breakdowns: ['server.port'] },
        true,
      ),
      heatmap: ask({ calculations: [{ op: 'HEATMAP', column: 'duration_ms' }] }, false),
      'one trace': () => traceById(store, traceId),
      'a trace of 5,000 spans': () => traceById(store, large(5_000)),
      'a trace of 10,000 spans': () => traceById(store, large(10_000)),
      'newest traces': () => listTraces(store, { limit: 20 }),
      'slowest traces': () => listTraces(store, { limit: 20, sort: 'slowest' }),
      'traces of a user': () => listTraces(store, { q: 'user.id=1007' }),
      'traces with a text': () => listTraces(store, { q: 'author_id' }),
      'traces with a text that none has': () => listTraces(store, { q: 'xyzzy' }),
      'service graph': () => serviceGraph(store, { startMs: now - range * 1000, endMs: now }),
      'what differs': () =>
        compareSelection(
          store,
          {
            query: { time_range: range },
            selection: { filters: [{ column: 'duration_ms', op: '>', value: 500 }] },
          },
          now,
        ),
      'filter of any. span': ask({ filters: [{ column: 'any.error', op: '=', value: true }] }, true),
      'filter of the parent.': ask(
        { filters: [{ column: 'parent.span.kind', op: '=', value: 'server' }] },
        true,
      ),
      'grouped by root.': ask({ breakdowns: ['root.http.route'] }, true),
      'a calculated field': ask(
        {
          calculated_fields: [{ name: 'slow', expression: 'IF($duration_ms > 500, "slow", $http.route)' }],
          breakdowns: ['slow'],
        },
        true,
      ),
    };
    const figures: Record<string, number> = {};
    const rounds = count > LARGE ? ROUNDS.large : ROUNDS.small;
    for (const [name, question] of Object.entries(questions)) figures[name] = await median(question, rounds);
    // One rate above 1 makes every percentile a weighted one.
    const [sampled] = benchSpans(1, now);
    await store.write([{ ...(sampled as Span), spanId: 'f'.repeat(16), attributes: { sampleRate: 10 } }]);
    figures['P50 P95 P99 by user, weighted'] = await median(
      questions['P50 P95 P99 by user'] as () => Promise<unknown>,
      rounds,
    );
    figures[MEMORY_ROW] = memory() / 1e6;
    return figures;
  } finally {
    memory();
    await store.close();
  }
}

/** Nobody asks while so much pours in. Resolves when what was needed for that has been given back. */
async function rested(): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  const stands = (): boolean => {
    const now = process.memoryUsage.rss();
    const fell = now < before * 0.99;
    before = now;
    return !fell;
  };
  // It begins to be given back after two seconds, and is within one or two more.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await until(stands, { maxMs: 20_000, everyMs: 1_000 });
}

const large = (spans: number): string => String(spans).padStart(32, 'a');

/** One trace of so many spans, four below each. */
function largeTrace(count: number, now: number): Span[] {
  const [root, query] = [...benchSpans(2, now)] as [Span, Span];
  const id = (n: number): string => (n + 1).toString(16).padStart(16, '0');
  return Array.from({ length: count }, (_, n) => ({
    ...(n === 0 ? root : query),
    traceId: large(count),
    spanId: id(n),
    parentSpanId: n === 0 ? undefined : id(Math.floor((n - 1) / 4)),
    startMs: now - 10_000 + n * 0.1,
  }));
}

async function median(question: () => Promise<unknown>, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    await question();
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number;
}

/** @returns ends the watch, and tells the most bytes that were seen */
function watchMemory(): () => number {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 50);
  return () => {
    look();
    clearInterval(timer);
    return most;
  };
}
