import { paint, type Screen } from '@workshop/base/terminal';
import { type ExerciseState, type ListedExercise, numberOf } from '../workshop/index.ts';

const WORD: Record<ExerciseState, string> = {
  passed: 'passed',
  current: 'now',
  open: '',
  blocked: 'later',
  skipped: 'skipped',
};

/** Every exercise in a line: what became of it, and how long it takes. */
export function exerciseListLines(listed: readonly ListedExercise[], screen: Screen): string[] {
  const { green, bold } = paint(screen);
  return listed.map(({ exercise, state, waitsFor }) => {
    const word = (state === 'open' && exercise.optional ? 'optional' : WORD[state]).padEnd(8);
    const needs = waitsFor.map(numberOf).join(', ');
    const line = `  ${word} ${exercise.number} · ${exercise.title}${needs ? `, after ${needs}` : ''}`;
    if (state === 'current') return bold(line);
    return state === 'passed' ? line.replace(word, green(word)) : line;
  });
}
