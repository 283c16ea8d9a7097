import type { CheckResult, ExerciseResult } from '../judge/index.ts';
import type { Expectation } from './header.ts';

/** What a grading showed, beside what the submission is meant to show. */
export interface Seen {
  ok: boolean;
  /** `pass`, `fail not-sampled at server-span`, `error`, ... */
  text: string;
}

/**
 * Compares a grading with the expectation. A wrong submission must fail with its reason: at the check that it names,
 * else at the first failing one, which is the one that a learner reads in full.
 * `unexplained` and the grader's own errors are never right, whatever was expected.
 */
export function compare(expect: Expectation, result: ExerciseResult): Seen {
  const first = result.checks.find((check) => check.verdict === 'fail');
  if (result.verdict === 'error') return { ok: false, text: `error: ${oneLine(troubleOf(result))}` };
  const unexplained = result.checks.find((check) => check.failure?.reason === 'unexplained');
  if (unexplained) return { ok: false, text: `fail unexplained at ${unexplained.id}` };
  if (expect.verdict === 'pass') return { ok: result.verdict === 'pass', text: described(result, first) };
  const { reason, at } = expect;
  const named = at === null ? first : result.checks.find((check) => check.id === at);
  return {
    ok: result.verdict === 'fail' && named?.verdict === 'fail' && named.failure?.reason === reason,
    text: described(result, named ?? first),
  };
}

function described(result: ExerciseResult, check: CheckResult | undefined): string {
  if (!check?.failure)
    return check && result.verdict !== 'pass' ? `${check.verdict} at ${check.id}` : result.verdict;
  return `fail ${check.failure.reason} at ${check.id}`;
}

function troubleOf(result: ExerciseResult): string {
  return result.trouble ?? result.checks.find((check) => check.trouble)?.trouble ?? 'unknown';
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 160);
