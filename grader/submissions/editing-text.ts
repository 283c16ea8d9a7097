import { relative } from 'node:path';
import { HEADER_FILE, type Opened, REJECTED_FILE } from './edit.ts';
import { expectationText } from './header.ts';
import type { Rebased } from './rebase.ts';
import { labelOf, type Submission } from './store.ts';

/** What a submission is and what it must show. */
export function submissionLines(one: Submission): string[] {
  return [`${labelOf(one)}  (base ${one.base}, ${expectationText(one.expect)})`, `    ${one.what}`];
}

/** Where an opened submission lies, and what to do with it. */
export function openedLines(name: string, { directory, conflict }: Opened): string[] {
  const folder = relative('.', directory);
  return [
    ...(conflict
      ? [
          `Its patch does not fit any more: ${conflict}.`,
          `This is its base alone. Make the change again: ${folder}/${REJECTED_FILE} holds the old patch.`,
        ]
      : []),
    `Opened: ${folder}`,
    '',
    `  1. Edit the tree there, and its header: ${folder}/${HEADER_FILE}`,
    `  2. Try it:   npm run grade -- --tree ${folder}`,
    `  3. Keep it:  npm run tree -- save ${name}`,
  ];
}

/** What became of each patch that was not as it should be, and the whole in a sentence. */
export function rebaseLines(rebased: readonly Rebased[]): string[] {
  const lines = rebased.flatMap(({ submission, outcome }) => {
    if (outcome === 'same') return [];
    return outcome === 'rewritten'
      ? [`rewritten  ${labelOf(submission)}`]
      : [`CONFLICT   ${labelOf(submission)}: ${outcome.conflict}`];
  });
  const conflicts = rebased.filter(({ outcome }) => typeof outcome === 'object').length;
  return [
    ...lines,
    conflicts === 0
      ? 'Every patch fits its base.'
      : `${conflicts} do not fit. Mend each: npm run tree -- edit NAME, then save NAME.`,
  ];
}
