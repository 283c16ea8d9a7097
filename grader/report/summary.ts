import { visibleText } from '@workshop/base';
import type { JsonReport } from './json.ts';
import type { ReportedExercise } from './shapes.ts';

const WORD = {
  pass: 'passes',
  fail: 'fails',
  blocked: 'waits',
  error: "grader's trouble",
  skipped: 'skipped',
} as const;

/** A report as Markdown for the summary of a job: a table, and the first failure in full. */
export function markdownSummary({ exercises, seed }: JsonReport): string {
  const passed = exercises.filter(({ verdict }) => verdict === 'pass').length;
  const last = exercises.findLastIndex(({ verdict }) => verdict === 'pass');
  const first = exercises.flatMap(({ checks }) => checks).find(({ verdict }) => verdict === 'fail');
  return [
    `### ${passed} of ${exercises.length} exercises pass`,
    '',
    '| exercise | verdict | checks |',
    '| --- | --- | --- |',
    ...exercises.map((exercise, at) => row(exercise, at > last)),
    '',
    ...(first
      ? [fenced(first.message), '', `The same run again: \`npm run grade -- --seed ${seed}\``, '']
      : []),
  ].join('\n');
}

/** What fails behind the last pass is not broken: nobody has done it yet. */
function row({ id, verdict, checks }: ReportedExercise, isAhead: boolean): string {
  const right = checks.filter((check) => check.verdict === 'pass').length;
  const word = verdict === 'fail' && isAhead ? 'still to do' : WORD[verdict];
  return `| ${id} | ${word} | ${right} of ${checks.length} |`;
}

/** A message holds names and values of anybody: in a fence that it cannot end, it is text. */
function fenced(text: string): string {
  const shown = visibleText(text);
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${shown}\n${fence}`;
}
