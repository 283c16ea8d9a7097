import { plainTable } from '@workshop/base/tables';
import { expectationText } from './header.ts';
import type { Outcome } from './run-submissions.ts';

/** The outcomes as a table, ending in "N passed, N failed". */
export function tableLines(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.map(({ submission, seen, drivenMs }) => [
    seen.ok ? 'ok' : 'WRONG',
    submission.exercise,
    submission.kind,
    submission.name,
    expectationText(submission.expect),
    seen.text,
    drivenMs === null ? 'recorded' : `${(drivenMs / 1000).toFixed(1)} s`,
  ]);
  const head = ['', 'exercise', 'kind', 'name', 'expected', 'seen', 'driven'];
  const wrong = outcomes.filter((outcome) => !outcome.seen.ok).length;
  return [...plainTable(head, rows).split('\n'), '', `${outcomes.length - wrong} passed, ${wrong} failed`];
}
