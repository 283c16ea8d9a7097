import type { ExerciseResult } from '../judge/index.ts';
import type { Mutant } from './generate.ts';

/**
 * What became of a mutant.
 * - `killed`: refused for a reason
 * - `survived`: passed, though it is not marked as right
 * - `equivalent`: passed, and is marked as right
 * - `stale`: refused, though it is marked as right
 * - `unexplained`: refused without a reason
 * - `unbuilt`: the page's build refused it, so nothing was judged
 * - `error`: the grader's own trouble
 */
export type Fate = 'killed' | 'survived' | 'equivalent' | 'stale' | 'unexplained' | 'unbuilt' | 'error';

export interface MutantOutcome {
  mutant: Mutant;
  fate: Fate;
  /** `wrong-value at right-user`; what the marking says; the trouble */
  text: string;
  /** what a learner would read first; null when it was not refused */
  saw: string | null;
  /** null: recorded */
  drivenMs: number | null;
}

/** @param marked why the mutant is right, if somebody has marked it so */
export function fateOf(
  result: ExerciseResult,
  marked: string | undefined,
): Pick<MutantOutcome, 'fate' | 'text' | 'saw'> {
  const first = result.checks.find((check) => check.verdict === 'fail');
  const saw = first?.failure?.saw ?? null;
  const trouble = result.trouble ?? result.checks.find((check) => check.trouble)?.trouble;
  if (result.verdict === 'error') return { fate: 'error', text: oneLine(trouble ?? 'unknown'), saw };
  if (result.verdict === 'pass') {
    return marked === undefined
      ? { fate: 'survived', text: 'passed', saw }
      : { fate: 'equivalent', text: marked, saw };
  }
  const unexplained = result.checks.find((check) => check.failure?.reason === 'unexplained');
  if (unexplained) {
    return {
      fate: 'unexplained',
      text: `unexplained at ${unexplained.id}`,
      saw: unexplained.failure?.saw ?? null,
    };
  }
  if (!first?.failure) return { fate: 'error', text: `${result.verdict} without a failing check`, saw };
  const text = `${first.failure.reason} at ${first.id}`;
  if (first.failure.reason === 'page-build-failed') return { fate: 'unbuilt', text, saw };
  return { fate: marked === undefined ? 'killed' : 'stale', text, saw };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);
