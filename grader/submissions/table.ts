import { expectationText } from './header.ts';
import type { Outcome } from './run.ts';

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
  const widths = head.map((title, column) =>
    Math.min(44, Math.max(title.length, ...rows.map((row) => (row[column] as string).length))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join('  ')
      .trimEnd();
  const wrong = outcomes.filter((outcome) => !outcome.seen.ok).length;
  return [line(head), ...rows.map(line), '', `${outcomes.length - wrong} passed, ${wrong} failed`];
}
