import { labelled, paint, type Screen } from '@workshop/base/terminal';
import type { Evidence } from '../evidence/index.ts';
import { type CheckResult, type ExerciseResult, reasonSentences } from '../judge/index.ts';
import { commandWord, numberOf } from '../workshop/index.ts';
import { failureLines } from './failure.ts';

const WORD = { pass: 'ok', fail: 'FAIL', blocked: 'wait', error: 'ERROR' } as const;

/**
 * What one graded exercise says: a line for each check, and the first failing check in full. Only one is expanded,
 * since a tired reader mends one thing at a time; whoever wants to read on asks for `every`.
 * @param hintsOf number of the exercise whose hints help; its own when it is not said
 */
export function exerciseLines(
  result: ExerciseResult,
  evidence: Evidence | null,
  screen: Screen,
  every = false,
  hintsOf?: string,
): string[] {
  const { bold } = paint(screen);
  const passed = result.checks.filter((check) => check.verdict === 'pass').length;
  const lines = [bold(`${result.id}   ${passed} of ${result.checks.length} checks`), ''];
  for (const check of result.checks) lines.push(...checkLines(check, result.checks, screen));
  // None of them waits for another: each failed for a reason of its own.
  const failed = result.checks.filter((check) => check.verdict === 'fail');
  for (const check of every ? failed : failed.slice(0, 1))
    lines.push('', ...failureLines(check, evidence, screen, hintsOf));
  const others = failed.slice(1).map((check) => check.number);
  if (!every && others.length > 0)
    lines.push(
      '',
      ...labelled(
        '  ',
        `${others.join(', ')} failed, too. In full: npm run grade -- ${commandWord({ number: numberOf(result.id) })} --every`,
        screen,
      ),
    );
  if (result.trouble) lines.push(...troubleLines(result.trouble, screen));
  const broken = result.checks.find((check) => check.verdict === 'error');
  if (broken?.trouble) lines.push('', ...troubleLines(broken.trouble, screen));
  return lines;
}

function checkLines(check: CheckResult, all: readonly CheckResult[], screen: Screen): string[] {
  const { green, red, yellow } = paint(screen);
  const colour = check.verdict === 'pass' ? green : check.verdict === 'blocked' ? yellow : red;
  const word = WORD[check.verdict];
  const lines = labelled(`${word.padEnd(5)} ${check.number}  `, check.title, screen);
  lines[0] = (lines[0] as string).replace(word, colour(word));
  if (check.verdict === 'blocked') {
    lines.push(
      ...labelled(
        '             ',
        `waits for ${check.blockedBy.map((id) => all.find((one) => one.id === id)?.number ?? id).join(', ')}`,
        screen,
      ),
    );
  }
  if (check.verdict === 'fail' && check.failure) {
    lines.push(...labelled('             ', reasonSentences[check.failure.reason], screen));
  }
  return lines;
}

/** The grader's own trouble: said as such, so that no learner looks for it in their code. */
function troubleLines(trouble: string, screen: Screen): string[] {
  return [
    ...labelled(
      '  ',
      'The grader itself had trouble here. This is not your fault, and it says nothing about your code.',
      screen,
    ),
    ...trouble
      .split('\n')
      .slice(0, 8)
      .map((line) => `  | ${line.slice(0, screen.width - 4)}`),
  ];
}
