import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleSpans } from '../../test/sample-spans.ts';
import { openQueryEngine, type QuerySpec } from '../index.ts';
import { differenceBetween } from './compare.ts';
import { Oracle } from './oracle.ts';

const NOW = 1_795_000_000_000;
const OPS = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'COUNT_DISTINCT', 'P01', 'P50', 'P95', 'P999'] as const;
const QUERY: QuerySpec = {
  breakdowns: ['user.id'],
  calculations: [
    ...OPS.map((op) => ({ op, column: 'duration_ms' })),
    { op: 'COUNT' },
    { op: 'CONCURRENCY' },
    { op: 'HEATMAP', column: 'duration_ms' },
  ],
};

for (const [share, every] of [
  ['few', 7],
  ['many', 1],
] as const) {
  test(`where ${share} spans stand for others, results are the oracle's`, async () => {
    const spans = sampleSpans({ requests: 60, endMs: NOW }).map((span, n) =>
      n % every === 0 ? { ...span, attributes: { ...span.attributes, sampleRate: 2 + (n % 9) } } : span,
    );
    const engine = await openQueryEngine(spans);
    const { shown } = new Oracle(spans).answers(QUERY, new Map(), NOW);
    const result = await engine.run(QUERY, { now: NOW });
    assert.equal(differenceBetween(QUERY, result, shown, true), null);
    await engine.close();
  });
}
