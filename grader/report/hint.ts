import { paint, type Screen } from '@workshop/base/terminal';
import { commandWord, type Exercise, type NextHint } from '../workshop/index.ts';
import { markdownLines } from './markdown.ts';

/** One hint, how many are left, and how to get the next. */
export function hintLines(
  exercise: Pick<Exercise, 'number' | 'title'>,
  { hint, level, left, again }: NextHint,
  screen: Screen,
): string[] {
  const { bold, dim } = paint(screen);
  const number = commandWord(exercise);
  const what = hint.heading.replace(/^Hint \d+:\s*/, '');
  const closing =
    left > 0
      ? `Hints left: ${left}. The next one: npm run hint -- ${number}`
      : `This is the last hint. Still stuck? npm run compare -- ${number} shows a solution.`;
  return [
    bold(`${exercise.number} · ${exercise.title}: hint ${level} of ${level + left}, ${what}`),
    ...(again && left === 0 ? ['', 'You have seen all hints. Here is the last one again.'] : []),
    '',
    ...markdownLines(hint.text, screen),
    '',
    dim(closing),
  ];
}
