import { shownLine } from '../text/shown';
import { isAnswer, onlyAnswerIsOpen } from './check-row';
import type { Grading } from './learn-live';
import type { ExerciseDetail, GradingStep, TroubleEvent, Verdict, VerdictEvent } from './shapes';

/** The one line that says how things are, and what to do next. */
export interface StatusWords {
  kind: 'none' | 'pending' | 'stale' | 'passed' | 'answer' | 'open' | 'trouble' | 'stopped' | 'lost';
  /** what a person reads first */
  head: string;
  /** the rest of it */
  rest: string;
  /** where a grading is */
  step: GradingStep | null;
  /** lines of the grader's own trouble */
  lines: string;
}

export interface StatusSource {
  detail: ExerciseDetail | null;
  grading: Grading;
  /** of this exercise, since this page was opened */
  last: VerdictEvent | null;
  trouble: TroubleEvent | null;
  stopped: boolean;
  lost: boolean;
  /** a verdict came, and what it says is on its way */
  arriving: boolean;
}

const NO_BROWSER = /\bbrowser\b/i;

export function statusWords(source: StatusSource): StatusWords {
  const { detail, grading, stopped, lost, trouble } = source;
  const verdict = detail?.verdict ?? null;
  if (stopped)
    return words('stopped', 'The lab does not answer.', 'Start it again with npm start: this page goes on.');
  if (lost)
    return words('lost', 'Not live.', 'The way to the lab was lost. This page tries again by itself.');
  if (grading.phase !== 'idle') return pending(grading, detail);
  if (source.arriving) return words('pending', 'reading the verdict', '');
  if (trouble && trouble.exercise === detail?.id) return ownTrouble(trouble.message);
  if (detail?.checks.length === 0)
    return words('none', 'Nothing of it is graded.', 'Look around as long as you like.');
  if (!verdict) return words('none', 'Never graded.', 'A save grades it.');
  const own = verdict.exercise.trouble ?? errorOf(verdict);
  if (own !== null) return ownTrouble(own);
  if (verdict.stale && detail?.state !== 'passed')
    return words('stale', 'Your files have changed', 'since this verdict.');
  return judged(verdict, source);
}

function judged(verdict: Verdict, { last }: StatusSource): StatusWords {
  const { checks } = verdict.exercise;
  const passed = checks.filter((check) => check.verdict === 'pass').length;
  const changed = last?.hadVerdict ? changesText(last) : '';
  if (verdict.exercise.verdict === 'pass')
    return words('passed', last?.first ? 'Passed.' : `All ${checks.length} checks pass.`, changed);
  if (onlyAnswerIsOpen(verdict)) {
    const missing = checks.find(isAnswer)?.reason === 'answer-missing';
    return words(
      'answer',
      missing ? 'Your code is right.' : 'Your code is right, your answer not yet.',
      'One question is left.',
    );
  }
  return words('open', `${passed} of ${checks.length} checks pass.`, changed);
}

function changesText({ changes }: VerdictEvent): string {
  const [only] = changes;
  if (!only) return 'Nothing has changed.';
  return changes.length === 1 ? `${only.number} ${only.text}.` : `${changes.length} of them have changed.`;
}

function pending({ phase, file, step, exercise }: Grading, detail: ExerciseDetail | null): StatusWords {
  const other = exercise && detail && exercise !== detail.id ? `${exercise}: ` : '';
  if (phase === 'pending') {
    const saved = file === null ? 'Grading begins.' : `${shownLine(file, 60)} was saved.`;
    return words('pending', `${other}${saved}`, '');
  }
  return { ...words('pending', `${other}${step?.text ?? 'grading'}`, ''), step };
}

function ownTrouble(lines: string): StatusWords {
  if (NO_BROWSER.test(lines)) {
    return {
      ...words(
        'trouble',
        'There is no browser to drive.',
        'It is not your code. npm run doctor says how to get one.',
      ),
      lines,
    };
  }
  return {
    ...words(
      'trouble',
      'The grader itself had trouble.',
      'It is not your code. Grade again; npm run doctor looks for causes.',
    ),
    lines,
  };
}

function errorOf({ exercise }: Verdict): string | null {
  const check = exercise.checks.find(({ verdict }) => verdict === 'error');
  return check ? `${check.number}: ${check.message}` : null;
}

function words(kind: StatusWords['kind'], head: string, rest: string): StatusWords {
  return { kind, head, rest, step: null, lines: '' };
}
