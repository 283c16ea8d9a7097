import { movedLines, restoredLines, skippedLines, snapshotLines, undoneLines } from '../report/index.ts';
import { ownPlace, readSnapshots } from '../tree/index.ts';
import { goTo, loadManifest, readProgress, reset, restore, skip, undo } from '../workshop/index.ts';
import { theExercise } from './exercise.ts';
import { sayRepairs } from './repairs.ts';

export async function goToExercise(word: string): Promise<void> {
  await sayRepairs();
  const exercise = await theExercise(word);
  say(movedLines(await goTo(exercise, await loadManifest()), exercise));
}

export async function resetExercise(word: string | undefined): Promise<void> {
  await sayRepairs();
  const exercise = await theExercise(word);
  say(movedLines(await reset(exercise, await loadManifest()), exercise));
}

export async function skipExercise(word: string | undefined): Promise<void> {
  await sayRepairs();
  const exercise = await theExercise(word);
  const progress = await readProgress();
  if (exercise.id in progress.done) say([`${exercise.id} is done already, so there is nothing to skip.`]);
  else if (progress.skipped.includes(exercise.id)) say([`${exercise.id} is skipped already.`]);
  else {
    await skip(exercise);
    say(skippedLines(exercise, await loadManifest(), await readProgress()));
  }
}

/** Takes the last move back, lists the copies of the learner's work, or brings one of them back. */
export async function undoMove({ list, to }: { list?: boolean; to?: string }): Promise<void> {
  await sayRepairs();
  if (list) say(snapshotLines(await readSnapshots(ownPlace)));
  else if (to) say(restoredLines(to, await restore(to)));
  else say(undoneLines(await undo()));
}

function say(lines: readonly string[]): void {
  console.log(lines.join('\n'));
}
