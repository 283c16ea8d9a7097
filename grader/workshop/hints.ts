import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exercise } from './manifest.ts';
import type { Progress } from './progress.ts';

/** One step of a hint ladder. */
export interface Hint {
  /** `Hint 2: a pointer` */
  heading: string;
  /** Markdown */
  text: string;
}

/** The hints of an exercise, in order: sections of its hints.md. */
export async function readHints(exercise: Exercise): Promise<Hint[]> {
  return parseHints(await readFile(join(exercise.directory, 'hints.md'), 'utf8'));
}

export function parseHints(markdown: string): Hint[] {
  return markdown
    .replaceAll('\r\n', '\n')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return { heading: heading.trim(), text: lines.join('\n').trim() };
    });
}

export interface NextHint {
  hint: Hint;
  /** 1 is the first */
  level: number;
  /** hints that come after this one */
  left: number;
  /** true: there was no further one, so it is the last again; or it was asked for again */
  again: boolean;
  progress: Progress;
}

/**
 * The next hint that a learner has not seen, and the progress that remembers it. After the last: the last again.
 * @param again the one that was shown last; the first when none was
 * @param answerLeft the code is right: of those still unseen, the one that helps with the question
 * @returns null when the exercise has no hints
 */
export function nextHint(
  exercise: Pick<Exercise, 'id'>,
  hints: readonly Hint[],
  progress: Progress,
  again = false,
  answerLeft = false,
): NextHint | null {
  const seen = Math.min(progress.hints[exercise.id] ?? 0, hints.length);
  const forAnswer = answerLeft ? hints.findIndex(({ heading }) => heading.endsWith(': the answer')) + 1 : 0;
  const level = again && seen > 0 ? seen : Math.max(forAnswer, Math.min(seen + 1, hints.length));
  const hint = hints[level - 1];
  if (!hint) return null;
  return {
    hint,
    level,
    left: hints.length - level,
    again: level === seen,
    progress: { ...progress, hints: { ...progress.hints, [exercise.id]: level } },
  };
}
