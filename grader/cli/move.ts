import { Command } from 'commander';
import {
  type Changed,
  ownPlace,
  readSnapshots,
  repairText,
  repairWorkingTree,
  WorkingTreeError,
} from '../tree/index.ts';
import {
  chooseExercises,
  currentExercise,
  type Exercise,
  goTo,
  loadManifest,
  ManifestError,
  readProgress,
  reset,
  restore,
  skip,
  undo,
} from '../workshop/index.ts';
import { runCommand } from './run-command.ts';

const program = new Command('npm run')
  .description('Moves your working tree along the workshop. Your work is copied aside first.')
  .exitOverride();

program
  .command('goto <exercise>')
  .description('your files become the solutions before this exercise: you are ready to begin it')
  .action(async (word: string) => {
    const { all, exercise } = await find(word);
    sayMoved(await goTo(exercise, all), exercise);
  });

program
  .command('reset [exercise]')
  .description('starts an exercise over, by default the current one')
  .action(async (word: string | undefined) => {
    const { all, exercise } = await find(word);
    sayMoved(await reset(exercise, all), exercise);
  });

program
  .command('skip [exercise]')
  .description('leaves an exercise out, by default the current one; your files stay as they are')
  .action(async (word: string | undefined) => {
    const { all, exercise } = await find(word);
    const progress = await readProgress();
    if (exercise.id in progress.done) {
      say([`${exercise.id} is done already, so there is nothing to skip.`]);
      return;
    }
    if (progress.skipped.includes(exercise.id)) {
      say([`${exercise.id} is skipped already.`]);
      return;
    }
    await skip(exercise);
    const next = currentExercise(all, await readProgress());
    const needing = all.filter((one) => one.needs.includes(exercise.number));
    say([
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
    ]);
  });

program
  .command('undo')
  .description('takes back the last goto, reset or skip; again for the one before')
  .option('--list', 'the copies of your work that there are')
  .option('--to <id>', 'your files as they are in one of these copies')
  .action(async (options: { list?: boolean; to?: string }) => {
    if (options.list) {
      await listSnapshots();
      return;
    }
    if (options.to) {
      const { snapshot, paths } = await restore(options.to);
      say([`Your files are those of ${options.to} now. ${countText(paths)}`, ...keptLines(snapshot.id)]);
      return;
    }
    const undone = await undo();
    if (!undone) {
      say(['There is no goto, reset or skip to take back.']);
      return;
    }
    say([
      `"${undone.action}" is taken back. ${countText(undone.paths)}`,
      undone.left > 0 ? `Moves that can still be taken back: ${undone.left}.` : 'There is no earlier move.',
      ...keptLines(undone.snapshot.id),
    ]);
  });

async function find(word: string | undefined): Promise<{ all: Exercise[]; exercise: Exercise }> {
  const all = await loadManifest();
  const exercise = word === undefined ? currentExercise(all, await readProgress()) : firstOf(word, all);
  if (!exercise) throw new ManifestError('All exercises are done. Say which one you mean: 3');
  return { all, exercise };
}

function firstOf(word: string, all: readonly Exercise[]): Exercise {
  const chosen = chooseExercises(word, all);
  if (chosen.length === 1 && chosen[0]) return chosen[0];
  throw new ManifestError(`Name one exercise, not several: "${word}".`);
}

function sayMoved({ snapshot, paths, rescued }: Changed, exercise: Exercise): void {
  const before = Number(exercise.number) - 1;
  say([
    before === 0
      ? `Your files are the untouched start now. ${countText(paths)}`
      : `Your files are the solutions up to ${String(before).padStart(2, '0')} now. ${countText(paths)}`,
    ...(rescued ? [`Files that changed meanwhile are kept: npm run undo -- --to ${rescued}`] : []),
    ...keptLines(snapshot.id),
    '',
    `  Begin: exercises/${exercise.id}/README.md`,
    '  Take it back: npm run undo',
  ]);
}

function countText({ written, removed }: Changed['paths']): string {
  if (written.length + removed.length === 0) return 'No file had to change.';
  return `Written: ${written.length}, removed: ${removed.length}.`;
}

function keptLines(id: string): string[] {
  return ['What you had is kept:', `  npm run undo -- --to ${id}`];
}

async function listSnapshots(): Promise<void> {
  const snapshots = await readSnapshots(ownPlace);
  if (snapshots.length === 0) say(['There are no copies yet. The first goto, reset or skip makes one.']);
  for (const { id, before, takenAt, digests } of snapshots) {
    say([`${id}\n    before "${before}", ${takenAt}, ${Object.keys(digests).length} files`]);
  }
}

function say(lines: readonly string[]): void {
  console.log(lines.join('\n'));
}

process.exit(
  await runCommand([ManifestError, WorkingTreeError], async () => {
    const repaired = await repairWorkingTree();
    if (repaired) say([repairText(repaired), '']);
    await program.parseAsync();
    return 0;
  }),
);
