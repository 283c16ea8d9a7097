import { visibleText } from '@workshop/base';
import { labelled, paint, type Screen } from '@workshop/base/terminal';
import type { Evidence } from '../evidence/index.ts';
import { type CheckResult, isProgramReason } from '../judge/index.ts';
import { resultTableLines } from './tables.ts';
import { waterfallLines } from './traces.ts';

/**
 * One failing check in its fixed slots: FAIL, Saw, Wanted, Cause, Look, the traces, Reason.
 * @param hintsOf number of the exercise whose hints help; its own when it is not said
 */
export function failureLines(
  check: CheckResult,
  evidence: Evidence | null,
  screen: Screen,
  hintsOf = check.number.split('.')[0] ?? '',
): string[] {
  const failure = check.failure;
  if (!failure) return [];
  const { red, bold, dim } = paint(screen);
  const lines = labelled(`FAIL  ${check.number}  `, check.title, screen).map((line, at) =>
    at === 0 ? line.replace('FAIL', red(bold('FAIL'))) : line,
  );
  lines.push('');
  const slot = (label: string, text: string | undefined): void => {
    // Names, values and answers in it are the learner's, or anybody's who wrote to their system.
    if (text) lines.push(...labelled(`  ${label.padEnd(6)}  `, visibleText(text), screen));
  };
  slot('Saw', failure.saw);
  slot('Wanted', failure.wanted);
  slot('Cause', failure.cause);
  slot('Look', failure.look);
  if (failure.output && failure.output.length > 0) {
    lines.push('', ...failure.output.map((line) => `  | ${visibleText(line)}`));
  }
  for (const view of failure.views ?? []) {
    lines.push('', ...waterfallLines(view, evidence, screen));
  }
  for (const table of failure.tables ?? []) lines.push('', ...resultTableLines(table, screen));
  const hint =
    isProgramReason(failure.reason) || failure.reason === 'request-failed'
      ? ''
      : `   Next hint: npm run hint -- ${hintsOf.replace(/^0/, '')}`;
  lines.push('', dim(`  Reason ${failure.reason}.${hint}`));
  return lines;
}

/** The whole message of a failing check as plain text, for the JSON report. */
export function failureText(check: CheckResult, evidence: Evidence | null): string {
  return failureLines(check, evidence, { width: 80, plain: false, colour: false }).join('\n');
}
