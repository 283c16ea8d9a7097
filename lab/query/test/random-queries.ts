import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openQueryEngine } from '../index.ts';
import { comparisonDiffers, differenceBetween } from './compare.ts';
import { Oracle } from './oracle.ts';
import { Random } from './random.ts';
import { randomSpans } from './random-data.ts';
import { randomQuery } from './random-query.ts';

const QUERIES_A_DATA_SET = 200;

/** Runs random queries over random spans; fails at the first answer that is not the oracle's, and names seed and query. */
export async function compareWithOracle(
  t: TestContext,
  { seed, queries }: { seed: number; queries: number },
): Promise<void> {
  const random = new Random(seed);
  const nowMs = 1_795_000_000_000 + random.below(1_000_000);
  let done = 0;
  let nonEmpty = 0;
  while (done < queries) {
    const weighted = random.chance(0.5);
    const spans = randomSpans(random, 150 + random.below(150), nowMs, weighted);
    const engine = await openQueryEngine(spans);
    const oracle = new Oracle(spans);
    for (let i = 0; i < QUERIES_A_DATA_SET && done < queries; i++, done++) {
      const { query, trees } = randomQuery(random, nowMs);
      // The series costs as much again as the results; every third query has it.
      const withSeries = done % 3 === 0;
      const about = `query ${done} of LAB_SEED=${seed}: ${JSON.stringify(query)}`;
      const result = await engine
        .run(query, { now: nowMs, disableSeries: !withSeries })
        .catch((error: Error) => assert.fail(`${about}\n${error.message}`));
      const answers = oracle.answers(query, trees, nowMs);
      const difference =
        differenceBetween(query, result, answers.shown, withSeries) ??
        comparisonDiffers(query, result, answers, withSeries);
      assert.equal(difference, null, `${difference}\n${about}`);
      if (
        result.data.results.length > 0 &&
        Object.values(result.data.results[0]?.data ?? {}).some((value) => value !== null && value !== 0)
      )
        nonEmpty++;
    }
    await engine.close();
  }
  t.diagnostic(`${nonEmpty} of ${done} results had something in them`);
  assert.ok(nonEmpty > queries / 3, 'most queries find nothing: the test has become empty');
}
