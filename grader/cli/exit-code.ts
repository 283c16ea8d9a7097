import type { ExerciseResult } from '../judge/index.ts';

/** 3 if any check is the grader's own error, else 1 if any asked-for exercise is not passed, else 0. */
export function exitCodeOf(results: readonly Pick<ExerciseResult, 'verdict'>[]): 0 | 1 | 3 {
  if (results.some((result) => result.verdict === 'error')) return 3;
  return results.every((result) => result.verdict === 'pass' || result.verdict === 'skipped') ? 0 : 1;
}
