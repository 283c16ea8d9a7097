import type { Changed, Snapshot } from '../tree/index.ts';
import {
  currentExercise,
  type Exercise,
  type Plan,
  type Progress,
  solutionBefore,
  type Undone,
} from '../workshop/index.ts';

/** After `goto` and `reset`: what the files are now, and how to get back what was there. */
export function movedLines({ snapshot, paths, rescued }: Changed, exercise: Exercise): string[] {
  const before = solutionBefore(exercise);
  return [
    before === 0
      ? 'Your files are the untouched start now.'
      : `Your files are the solutions up to ${String(before).padStart(2, '0')} now.`,
    ...pathLines(paths),
    ...(rescued ? [`Files that changed meanwhile are kept: npm run undo -- --to ${rescued}`] : []),
    ...keptLines(snapshot.id),
    '',
    `  Begin: exercises/${exercise.id}/README.md`,
    '  Take it back: npm run undo',
  ];
}

/** After `skip`: what needs the exercise that was left out, and what comes next. */
export function skippedLines(exercise: Exercise, all: readonly Exercise[], progress: Progress): string[] {
  const next = currentExercise(all, progress);
  const needing = all.filter((one) => one.needs.includes(exercise.number));
  return [
    `${exercise.id} is skipped. Your files are as they were.`,
    ...(needing[0]
      ? [
          `Needed by ${needing.map((one) => one.number).join(', ')}. Before you begin one of these:`,
          `npm run goto -- ${Number(needing[0].number)} puts the solutions before it in place.`,
        ]
      : []),
    '',
    next ? `  Next: exercises/${next.id}/README.md` : '  That was the last one.',
    '  Take it back: npm run undo',
  ];
}

/** After `undo`. */
export function undoneLines(undone: Undone | null): string[] {
  if (!undone) return ['There is no goto, reset or skip to take back.'];
  return [
    `The way back: npm run undo -- --to ${undone.snapshot.id}`,
    `"${undone.action}" is taken back.`,
    ...pathLines(undone.paths),
    undone.left > 0 ? `Moves that can still be taken back: ${undone.left}.` : 'There is no earlier move.',
  ];
}

/** Why `undo` or `reset` waits for a yes: what would go, since when. null: nothing of the learner's would be lost. */
export function refusalLines({ action, since, files, passes }: Plan): string[] | null {
  if (files.length === 0 && passes.length === 0) return null;
  const [word = '', number = ''] = action.split(' ');
  const yes = since === null ? `npm run ${word} -- ${number} --yes` : 'npm run undo -- --yes';
  return [
    since === null
      ? `${action} replaces what you wrote, for the exercises before it, too, by the solutions:`
      : `"${action}" was at ${timeText(since)}. Taking it back takes what you did since:`,
    ...listed(files),
    ...passes.map((id) => `  ${id} would no longer count as passed`),
    'Nothing was changed. A copy of your files is kept if you go on:',
    `  ${yes}`,
  ];
}

/** The clock of this machine, which is the learner's: `2026-11-24 14:31`. */
function timeText(iso: string): string {
  const at = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** After `undo --to`. */
export function restoredLines(
  id: string,
  { snapshot, paths }: Pick<Changed, 'snapshot' | 'paths'>,
): string[] {
  return [
    `The way back: npm run undo -- --to ${snapshot.id}`,
    `Your files are those of ${id} now.`,
    ...pathLines(paths),
  ];
}

/** `undo --list`. */
export function snapshotLines(snapshots: readonly Snapshot[]): string[] {
  if (snapshots.length === 0) return ['There are no copies yet. The first goto, reset or skip makes one.'];
  return snapshots.map(
    ({ id, before, takenAt, digests }) =>
      `${id}\n    before "${before}", ${takenAt}, ${Object.keys(digests).length} files`,
  );
}

/** More names than these tell nobody more. */
const MOST_NAMES = 8;

function pathLines({ written, removed }: Changed['paths']): string[] {
  if (written.length + removed.length === 0) return ['No file had to change.'];
  return [
    ...(written.length > 0 ? [`Written: ${written.length}`, ...listed(written)] : []),
    ...(removed.length > 0 ? [`Removed: ${removed.length}`, ...listed(removed)] : []),
  ];
}

function listed(paths: readonly string[]): string[] {
  const more = paths.length - MOST_NAMES;
  return [
    ...[...paths]
      .sort()
      .slice(0, more === 1 ? MOST_NAMES + 1 : MOST_NAMES)
      .map((path) => `  ${path}`),
    ...(more > 1 ? [`  and ${more} more`] : []),
  ];
}

function keptLines(id: string): string[] {
  return ['What you had is kept:', `  npm run undo -- --to ${id}`];
}
