import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listSubmissions, sampleOf } from '../index.ts';

test('samples every reason that some submission proves, and right ones of every exercise', async () => {
  const all = await listSubmissions();
  const sample = sampleOf(all);
  const reasons = (list: typeof all) =>
    [...new Set(list.map(({ expect }) => (expect.verdict === 'fail' ? expect.reason : 'pass')))].sort();
  assert.deepEqual(reasons(sample), reasons(all));
  for (const exercise of new Set(all.map((one) => one.exercise))) {
    const right = (list: typeof all) =>
      list.filter((one) => one.exercise === exercise && one.kind === 'right').length;
    assert.equal(right(sample), Math.min(1, right(all)), exercise);
  }
  assert.ok(sample.length < all.length / 2, `${sample.length} of ${all.length}`);
});
