import type { CheckVerdict } from '../judge/index.ts';
import type { ReportedCheck, ReportedExercise } from '../report/index.ts';

/** One check that is not as it was at the last verdict. */
export interface CheckChange {
  id: string;
  /** `03.2` */
  number: string;
  title: string;
  /** null: there was no verdict before, or the check is new */
  from: CheckVerdict | null;
  to: CheckVerdict;
  /** why it failed before, and fails now; null where it did not, or does not */
  reasons: { from: string | null; to: string | null };
  /** `passes now`, `does not pass any more`, `fails for another reason`: the end of a sentence that begins with the number */
  text: string;
}

type Checked = Pick<ReportedExercise, 'checks'>;

/** What a verdict says that the one before did not, in the order of the checks. Empty: it is the same. */
export function changesBetween(before: Checked | null, now: Checked): CheckChange[] {
  return now.checks.flatMap((check) => {
    const earlier = before?.checks.find(({ id }) => id === check.id) ?? null;
    const text = changeText(earlier, check);
    if (text === null) return [];
    return [
      {
        id: check.id,
        number: check.number,
        title: check.title,
        from: earlier?.verdict ?? null,
        to: check.verdict,
        reasons: { from: earlier?.reason ?? null, to: check.reason },
        text,
      },
    ];
  });
}

function changeText(before: ReportedCheck | null, now: ReportedCheck): string | null {
  if (before === null) return null;
  if (before.verdict !== now.verdict) {
    if (now.verdict === 'pass') return 'passes now';
    if (before.verdict === 'pass') return 'does not pass any more';
    if (now.verdict === 'fail') return 'can be judged now, and does not pass yet';
    return now.verdict === 'blocked'
      ? 'waits for another check now'
      : "could not be judged: the grader's own trouble";
  }
  if (now.verdict !== 'fail') return null;
  if (before.reason !== now.reason) return 'fails for another reason now';
  return before.failure?.saw === now.failure?.saw ? null : 'fails for the same reason, with other values';
}
