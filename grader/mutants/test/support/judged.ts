import { screenOf } from '@workshop/base/terminal';
import type { Evidence } from '../../../evidence/index.ts';
import { judgeEvidence } from '../../../grading/index.ts';
import { type ExerciseResult, isReason } from '../../../judge/index.ts';
import { exerciseLines } from '../../../report/index.ts';

const screen = screenOf(process.stdout, { TERM: 'dumb' }, true);

/** Verdicts on evidence of different exercises. */
export function verdicts(evidences: readonly Evidence[]): Promise<ExerciseResult[]> {
  return judgeEvidence(new Map(evidences.map((evidence) => [evidence.exercise, evidence])), new Map());
}

/**
 * Judges evidence of different exercises, and says what no learner may see: a check that throws, a verdict that is none,
 * a reason that is not known, a message that cannot be written. Empty when all is well.
 */
export async function troubles(evidences: readonly Evidence[]): Promise<string[]> {
  const byId = new Map(evidences.map((evidence) => [evidence.exercise, evidence]));
  return (await verdicts(evidences)).flatMap((result) => {
    const found = result.checks.flatMap(({ id, verdict, trouble, failure, blockedBy }) => {
      const name = `${result.id} ${id}`;
      if (verdict === 'error') return [`${name}: ${trouble}`];
      if (
        verdict === 'fail' &&
        !(failure && isReason(failure.reason) && failure.saw && failure.wanted && failure.look)
      ) {
        return [`${name}: fails without a reason or words`];
      }
      return verdict === 'blocked' && blockedBy.length === 0 ? [`${name}: blocked by nothing`] : [];
    });
    if (result.trouble) found.push(`${result.id}: ${result.trouble}`);
    try {
      exerciseLines(result, byId.get(result.id) as Evidence, screen);
    } catch (error) {
      found.push(`${result.id} report: ${(error as Error).stack}`);
    }
    return found;
  });
}
