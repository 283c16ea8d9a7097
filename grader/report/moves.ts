import type { Changed, Snapshot } from '../tree/index.ts';
import { currentExercise, type Exercise, type Progress, type Undone } from '../workshop/index.ts';

/** After `goto` and `reset`: what the files are now, and how to get back what was there. */
export function movedLines({ snapshot, paths, rescued }: Changed, exercise: Exercise): string[] {
  const before = Number(exercise.number) - 1;
  return [
    before === 0
      ? `Your files are the untouched start now. ${countText(paths)}`
      : `Your files are the solutions up to ${String(before).padStart(2, '0')} now. ${countText(paths)}`,
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
    `"${undone.action}" is taken back. ${countText(undone.paths)}`,
    undone.left > 0 ? `Moves that can still be taken back: ${undone.left}.` : 'There is no earlier move.',
    ...keptLines(undone.snapshot.id),
  ];
}

/** After `undo --to`. */
export function restoredLines(
  id: string,
  { snapshot, paths }: Pick<Changed, 'snapshot' | 'paths'>,
): string[] {
  return [`Your files are those of ${id} now. ${countText(paths)}`, ...keptLines(snapshot.id)];
}

/** `undo --list`. */
export function snapshotLines(snapshots: readonly Snapshot[]): string[] {
  if (snapshots.length === 0) return ['There are no copies yet. The first goto, reset or skip makes one.'];
  return snapshots.map(
    ({ id, before, takenAt, digests }) =>
      `${id}\n    before "${before}", ${takenAt}, ${Object.keys(digests).length} files`,
  );
}

function countText({ written, removed }: Changed['paths']): string {
  if (written.length + removed.length === 0) return 'No file had to change.';
  return `Written: ${written.length}, removed: ${removed.length}.`;
}

function keptLines(id: string): string[] {
  return ['What you had is kept:', `  npm run undo -- --to ${id}`];
}
