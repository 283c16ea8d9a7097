import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DataSet, hiddenDataSets, percentile, RECENT_MS, type Row, rowsOf } from '../index.ts';

const SEEDS = [0, 5, 99, 31_337, 999_999];
const setsOf = (seed: number): Record<string, DataSet> =>
  Object.fromEntries(hiddenDataSets(seed).map((set) => [set.id, set]));
const isRequest = (row: Row): boolean => row.kind === 'SERVER' && row.userId !== null;
const isRoot = (row: Row): boolean => row.type === 'span' && row.parentId === null;

test('the same seed makes the same spans, another seed others', () => {
  assert.deepEqual(hiddenDataSets(7), hiddenDataSets(7));
  const ids = (seed: number) =>
    hiddenDataSets(seed).flatMap(({ spans }) => spans.map(({ spanId }) => spanId));
  const others = new Set(ids(8));
  assert.ok(ids(7).every((id) => !others.has(id)));
});

for (const seed of SEEDS) {
  test(`seed ${seed}: every trap is in the data`, () => {
    const {
      small,
      large,
      'with-past': withPast,
    } = setsOf(seed) as Record<string, DataSet> & { small: DataSet; large: DataSet };
    for (const set of [small, large]) {
      const rows = rowsOf(set.spans);
      const has = (what: string, holds: (row: Row) => boolean) =>
        assert.ok(rows.some(holds), `${set.id}: ${what}`);
      has(
        'a call with both ends and the user on both',
        (row) => row.kind === 'CLIENT' && row.service === 'murmur-web' && row.userId !== null,
      );
      has('an event with the user', (row) => row.type === 'event' && row.userId !== null);
      has('a link with the user', (row) => row.type === 'link' && row.userId !== null);
      has('a child span with the user', (row) => row.kind === 'INTERNAL' && row.userId !== null);
      has('a failed request', (row) => isRequest(row) && row.failed);
      has('a health check', (row) => row.name === 'GET /health' && row.userId === null);
      has('a request without a user', (row) => row.name === 'GET /search' && row.userId === null);
      has(
        'a slow trace without a user',
        (row) => isRoot(row) && row.service === 'murmur-worker' && (row.durationMs ?? 0) > 1_000,
      );
      const users = Map.groupBy(rows.filter(isRequest), (row) => row.userId);
      assert.ok(users.size > 20, 'more users than are shown');
      const slowest = [...users.values()].sort(
        (a, b) =>
          Math.max(...b.map((row) => row.durationMs ?? 0)) - Math.max(...a.map((row) => row.durationMs ?? 0)),
      );
      assert.ok(
        slowest.slice(0, 3).every((of) => of.length <= 2),
        'the slowest users came once or twice',
      );
      const durations = rows.filter(isRoot).map((row) => row.durationMs);
      assert.ok(new Set(durations).size < durations.length, 'equal durations');
    }
    for (const set of [large, withPast as DataSet]) {
      const recent = rowsOf(set.spans).filter((row) => isRoot(row) && row.timeMs >= set.nowMs - RECENT_MS);
      assert.ok(
        recent.length > 100,
        `${set.id}: more recent traces than the default limit, ${recent.length}`,
      );
    }
    const { nowMs, spans } = withPast as DataSet;
    const long = rowsOf(spans).filter((row) => isRoot(row) && (row.durationMs ?? 0) > 200);
    const lately = long.filter((row) => row.timeMs >= nowMs - RECENT_MS);
    assert.ok(lately.length < 20, `a quiet day: ${lately.length} traces take longer than 200 ms`);
    assert.ok(long.length >= lately.length + 20, 'and enough of a bad day before it');
  });

  test(`seed ${seed}: nothing lies between recent and past, and a root is the longest span of its trace`, () => {
    for (const { nowMs, spans, id } of hiddenDataSets(seed)) {
      for (const span of spans) {
        const age = nowMs - span.startMs;
        assert.ok(age > 0 && (age <= RECENT_MS || age > 2 * 3_600_000), `${id}: a span ${age} ms old`);
      }
      for (const [traceId, of] of Map.groupBy(spans, (span) => span.traceId)) {
        const root = of.filter((span) => span.parentSpanId === undefined);
        assert.equal(root.length, 1, `${id}: ${traceId} has one root`);
        assert.ok(of.every((span) => span.durationMs <= (root[0]?.durationMs ?? 0)));
      }
    }
  });
}

test('a percentile lies between the values beside it', () => {
  assert.equal(percentile([10], 0.99), 10);
  assert.equal(percentile([10, 20], 0.5), 15);
  assert.equal(percentile([0, 10, 20, 30, 40], 0.95), 38);
});
