import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { ExerciseResult } from '../../judge/index.ts';
import { solutionTree, treeWithOptional } from '../../tree/index.ts';
import { type Exercise, loadManifest, solutionBefore } from '../../workshop/index.ts';
import { stopPageBuilder, stopSharedServer } from '../../world/index.ts';
import { gradeTree } from '../index.ts';

/** Why each exercise fails where nothing was done yet. One that is not listed fails for want of a provider. */
const REASON_AT_THE_START: Record<string, string> = {
  '05-saved-queries': 'query-missing',
  '08-server-timing': 'server-timing-missing',
  '12-baggage': 'baggage-not-sent',
};

const all = (await loadManifest()).filter((exercise) => exercise.hasChecks);
const graded = all.filter((exercise) => !exercise.optional);

const gradeChain = async (solution: number, exercises: readonly Exercise[]): Promise<ExerciseResult[]> => {
  const { results } = await gradeTree(await solutionTree(solution), exercises, 1000 + solution);
  for (const result of results) assert.equal(result.trouble, null, `${result.id}: ${result.trouble}`);
  return results;
};

const told = (result: ExerciseResult | undefined): string =>
  JSON.stringify(
    result?.checks.map(({ number, verdict, failure, trouble }) => [
      number,
      verdict,
      failure?.reason ?? trouble,
    ]),
  );

/** That the last solution passes all of them is seen where its evidence is mangled: grader/mutants/test/mangled-evidence.test.ts. */
describe('the chain of solutions', { concurrency: false }, () => {
  after(() => {
    stopPageBuilder();
    return stopSharedServer();
  });

  test('passes no check where nothing was done, and says why', async () => {
    const results = await gradeChain(0, all);
    for (const result of results) {
      assert.equal(result.verdict, 'fail', `${result.id}: ${told(result)}`);
      const passed = result.checks.filter((check) => check.verdict === 'pass');
      assert.deepEqual(
        passed.map((check) => check.number),
        [],
        `${result.id} passes without any work`,
      );
      const reason = result.checks.find((check) => check.failure)?.failure?.reason;
      assert.equal(reason, REASON_AT_THE_START[result.id] ?? 'no-provider', result.id);
    }
  });

  graded.slice(0, -1).forEach((exercise, at) => {
    test(`passes ${exercise.id} with its solution, and not the exercise after it`, async () => {
      const next = graded[at + 1] as Exercise;
      const [own, later] = await gradeChain(Number(exercise.number), [exercise, next]);
      assert.equal(own?.verdict, 'pass', told(own));
      assert.equal(later?.verdict, 'fail', `${next.id}: ${told(later)}`);
    });
  });

  for (const part of all.filter((exercise) => exercise.optional)) {
    test(`passes ${part.id} with its solution and not without, and what comes before passes with it, too`, async () => {
      const before = solutionBefore(part);
      const [without] = await gradeChain(before, [part]);
      assert.equal(without?.verdict, 'fail', told(without));
      const needed = graded.filter((exercise) => Number(exercise.number) <= before);
      const { results } = await gradeTree(
        await treeWithOptional(part.id, before),
        [...needed, part],
        1000 + before,
      );
      for (const result of results) assert.equal(result.verdict, 'pass', `${result.id}: ${told(result)}`);
    });
  }
});
