import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '@workshop/base';
import { binomial, keptBounds, REFUSED_BY_CHANCE } from '../chance.ts';

/** How often a sampler of `ratio` keeps a number that is refused where `wanted` was asked for. */
function refused(count: number, ratio: number, wanted = ratio): number {
  const { least, most } = keptBounds(count, wanted);
  return binomial(count, ratio).reduce(
    (sum, probability, kept) => (kept < least || kept > most ? sum + probability : sum),
    0,
  );
}

test('the probabilities are those of the binomial distribution', () => {
  assert.deepEqual(
    binomial(4, 0.5).map((one) => Math.round(one * 16)),
    [1, 4, 6, 4, 1],
  );
  const many = binomial(300, 0.25);
  assert.ok(Math.abs(many.reduce((sum, one) => sum + one, 0) - 1) < 1e-9);
  const mean = many.reduce((sum, one, kept) => sum + one * kept, 0);
  assert.ok(Math.abs(mean - 75) < 1e-6);
});

test('without chance there is one right number', () => {
  assert.deepEqual(keptBounds(12, 0), { least: 0, most: 0 });
  assert.deepEqual(keptBounds(12, 1), { least: 12, most: 12 });
});

test('the bounds are the narrowest that keep the risk', () => {
  for (const [count, ratio] of [
    [300, 0.25],
    [80, 0.2],
    [80, 0.5],
    [7, 0.9],
  ] as const) {
    const { least, most } = keptBounds(count, ratio);
    const probabilities = binomial(count, ratio);
    const sum = (from: number, to: number) => probabilities.slice(from, to).reduce((a, b) => a + b, 0);
    assert.ok(sum(0, least) <= REFUSED_BY_CHANCE / 2, `${count} at ${ratio}: below`);
    assert.ok(sum(0, least + 1) > REFUSED_BY_CHANCE / 2, `${count} at ${ratio}: no wider below`);
    assert.ok(sum(most + 1, count + 1) <= REFUSED_BY_CHANCE / 2, `${count} at ${ratio}: above`);
    assert.ok(
      most === count || sum(most, count + 1) > REFUSED_BY_CHANCE / 2,
      `${count} at ${ratio}: no wider above`,
    );
  }
});

describe('13-sampling', async () => {
  const scenario = join(repositoryRoot, 'exercises/13-sampling/scenario.ts');
  const { SHARES } = await import(pathToFileURL(scenario).href);
  const { api, worker, page } = SHARES as {
    api: { ratio: number; requests: number };
    worker: { ratio: number; messages: number };
    page: { ratios: number[]; requests: number }[];
  };

  test('refuses a right answer less than once in 10,000 runs', () => {
    const ofPage = page.map(({ ratios, requests }) =>
      Math.max(...ratios.map((ratio) => refused(requests, ratio))),
    );
    const others = [refused(api.requests, api.ratio), refused(worker.messages, worker.ratio)];
    const risk = [...others, ...ofPage].reduce((sum, one) => sum + one, 0);
    assert.ok(risk < 1 / 10_000, `once in ${Math.round(1 / risk)} runs`);
    assert.ok(risk > 0, 'the bounds are no wider than they need be');
  });

  test('refuses each wrong share nearly always', () => {
    // Of the shares that are written into code most often, those that are none of a half around the right one.
    for (const wrong of [0, 0.01, 0.05, 0.5, 0.75, 1])
      assert.ok(refused(api.requests, wrong, api.ratio) > 0.999, `the API at ${wrong}`);
    for (const wrong of [0, 0.01, 0.9, 1])
      assert.ok(refused(worker.messages, wrong, worker.ratio) > 0.5, `the worker at ${wrong}`);
    for (const wrong of [0, 1])
      assert.equal(Math.round(1e9 * refused(worker.messages, wrong, worker.ratio)), 1e9);
    // A page that never reads its share keeps the same each time: one of its loads refuses it.
    for (const wrong of [0, 0.05, 0.1, 0.25, 0.5, 0.9, 1]) {
      const passes = page
        .map(({ ratios, requests }) => 1 - Math.min(...ratios.map((one) => refused(requests, wrong, one))))
        .reduce((product, one) => product * one, 1);
      assert.ok(passes < 0.001, `the page at ${wrong}: ${passes}`);
    }
  });
});
