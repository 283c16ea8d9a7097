import type { ExerciseDetail, ReportedCheck, Verdict } from './shapes';
import type { SignName } from './sign';

export type CheckLook = 'unknown' | 'pass' | 'fail' | 'answer' | 'blocked' | 'error';

/** One check as the list shows it. */
export interface CheckRow {
  /** null: never judged */
  check: ReportedCheck | null;
  id: string;
  number: string;
  title: string;
  look: CheckLook;
  /** a sign beside the colour */
  sign: SignName;
  /** what the sign says */
  words: string;
  /** about it, in a few words */
  remark: string;
}

const SIGNS: Record<CheckLook, [sign: SignName, words: string]> = {
  unknown: ['dot', 'not judged'],
  pass: ['pass', 'passes'],
  fail: ['ring', 'not yet'],
  answer: ['answer', 'your answer'],
  blocked: ['waits', 'waits'],
  error: ['trouble', "the grader's own trouble"],
};

/** The question is graded like a check; its title says which one it is. */
export function isAnswer({ title }: { title: string }): boolean {
  return title.startsWith('answer: ');
}

export function checkRows({ checks, verdict }: Pick<ExerciseDetail, 'checks' | 'verdict'>): CheckRow[] {
  const judged = verdict?.exercise.checks ?? [];
  if (judged.length === 0) {
    return checks.map(({ number, title }) =>
      row({ check: null, id: number, number, title, look: 'unknown', remark: '' }),
    );
  }
  return judged.map((check) => {
    const { id, number, title } = check;
    return row({ check, id, number, title, look: lookOf(check), remark: remarkOf(check, judged) });
  });
}

function row(shape: Omit<CheckRow, 'sign' | 'words'>): CheckRow {
  const [sign, words] = SIGNS[shape.look];
  return { ...shape, sign, words };
}

function lookOf(check: ReportedCheck): CheckLook {
  if (check.verdict === 'fail') return check.reason === 'answer-missing' ? 'answer' : 'fail';
  return check.verdict;
}

function remarkOf({ verdict, blockedBy }: ReportedCheck, all: readonly ReportedCheck[]): string {
  if (verdict !== 'blocked') return '';
  const numbers = blockedBy.map((id) => all.find((each) => each.id === id)?.number ?? id);
  return `waits for ${numbers.join(', ')}`;
}

/** The check that is expanded when nobody chose one: the first that fails, the question last. */
export function firstToLookAt({ exercise: { checks } }: Verdict): ReportedCheck | null {
  const failing = checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
  return failing.find((check) => !isAnswer(check)) ?? failing[0] ?? null;
}

/** The exercise is passed but for its question. */
export function onlyAnswerIsOpen({ exercise: { checks } }: Verdict): boolean {
  const open = checks.filter(({ verdict }) => verdict !== 'pass');
  return open.length === 1 && open.every((check) => isAnswer(check) && check.verdict === 'fail');
}
