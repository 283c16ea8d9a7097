import { WorkshopError } from '@workshop/base';
import type { Outcome } from './run-submissions.ts';

/** How well right and wrong are told apart: numbers of submissions. */
export interface ConfusionRow {
  /** `01-first-trace`, or `all` */
  exercise: string;
  wrong: number;
  /** wrong ones that passed */
  accepted: number;
  /** wrong ones that were refused for the reason that their header names */
  rightReason: number;
  /** wrong ones that were refused for another reason */
  otherReason: number;
  /** wrong ones that were refused without a reason */
  unexplained: number;
  right: number;
  /** right ones that did not pass */
  refused: number;
  /** the grader's own errors, among right and wrong ones: no verdict */
  errors: number;
}

export interface Confusion {
  /** of the drives of this run */
  seed: number;
  /** submissions that this run drove; the others were judged again from what an earlier run recorded */
  driven: number;
  exercises: ConfusionRow[];
  all: ConfusionRow;
}

export function confusionOf(outcomes: readonly Outcome[], seed: number): Confusion {
  const byExercise = Map.groupBy(outcomes, ({ submission }) => submission.exercise);
  return {
    seed,
    driven: outcomes.filter(({ drivenMs }) => drivenMs !== null).length,
    exercises: [...byExercise].map(([exercise, own]) => rowOf(exercise, own)),
    all: rowOf('all', outcomes),
  };
}

function rowOf(exercise: string, outcomes: readonly Outcome[]): ConfusionRow {
  const [right = [], wrong = []] = ['right', 'wrong'].map((kind) =>
    outcomes.filter(({ submission }) => submission.kind === kind).map(told),
  );
  const count = (list: readonly Told[], ...of: Told[]): number =>
    list.filter((one) => of.includes(one)).length;
  return {
    exercise,
    wrong: wrong.length,
    accepted: count(wrong, 'passed'),
    rightReason: count(wrong, 'as expected'),
    otherReason: count(wrong, 'refused'),
    unexplained: count(wrong, 'unexplained'),
    right: right.length,
    refused: count(right, 'refused', 'unexplained'),
    errors: count([...right, ...wrong], 'error'),
  };
}

type Told = 'as expected' | 'passed' | 'refused' | 'unexplained' | 'error';

function told({ seen, result }: Outcome): Told {
  if (!result || result.verdict === 'error') return 'error';
  if (seen.ok) return 'as expected';
  if (result.checks.some(({ failure }) => failure?.reason === 'unexplained')) return 'unexplained';
  return result.verdict === 'pass' ? 'passed' : 'refused';
}

const COLUMNS: [title: string, field: keyof ConfusionRow][] = [
  ['exercise', 'exercise'],
  ['wrong', 'wrong'],
  ['accepted', 'accepted'],
  ['right reason', 'rightReason'],
  ['other reason', 'otherReason'],
  ['unexplained', 'unexplained'],
  ['right', 'right'],
  ['refused', 'refused'],
  ['errors', 'errors'],
];

/** The table in Markdown, with the seed below it. */
export function confusionMarkdown({ seed, driven, exercises, all }: Confusion): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(COLUMNS.map(([title]) => title)),
    line(COLUMNS.map((_column, at) => (at === 0 ? '---' : '---:'))),
    ...[...exercises, all].map((row) => line(COLUMNS.map(([, field]) => row[field]))),
    '',
    `${driven} of ${all.wrong + all.right} were driven in this run, with seed ${seed}.`,
    '',
  ].join('\n');
}

/**
 * The text of a report file: Markdown or JSON by its ending.
 * @throws WorkshopError for another ending
 */
export function confusionText(confusion: Confusion, file: string): string {
  if (file.endsWith('.json')) return `${JSON.stringify(confusion, null, 2)}\n`;
  if (file.endsWith('.md')) return confusionMarkdown(confusion);
  throw new WorkshopError(`A report ends in .md or .json, got "${file}".`);
}
