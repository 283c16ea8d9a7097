import { EXIT_CODES, WorkshopError } from '@workshop/base';
import {
  movedLines,
  refusalLines,
  restoredLines,
  skippedLines,
  snapshotLines,
  undoneLines,
} from '../report/index.ts';
import { ownPlace, readSnapshots } from '../tree/index.ts';
import {
  goTo,
  loadManifest,
  type Plan,
  readProgress,
  reset,
  resetPlan,
  restore,
  skip,
  undo,
  undoPlan,
} from '../workshop/index.ts';
import { theExercise } from './exercise.ts';
import { sayRepairs } from './repairs.ts';

export async function goToExercise(word: string): Promise<void> {
  await sayRepairs();
  const exercise = await theExercise(word);
  say(movedLines(await goTo(exercise, await loadManifest()), exercise));
}

export async function resetExercise(word: string | undefined, { yes }: { yes?: true }): Promise<void> {
  await sayRepairs();
  const exercise = await theExercise(word);
  const all = await loadManifest();
  if (!yes) refuseLoss(await resetPlan(exercise, all));
  say(movedLines(await reset(exercise, all), exercise));
}

export async function skipExercise(word: string | undefined): Promise<void> {
  await sayRepairs();
  const exercise = await theExercise(word);
  const progress = await readProgress();
  if (exercise.optional)
    say([`${exercise.id} is optional: nothing waits for it, so there is nothing to skip.`]);
  else if (exercise.id in progress.done)
    say([`${exercise.id} is done already, so there is nothing to skip.`]);
  else if (progress.skipped.includes(exercise.id)) say([`${exercise.id} is skipped already.`]);
  else {
    await skip(exercise);
    say(skippedLines(exercise, await loadManifest(), await readProgress()));
  }
}

export interface UndoOptions {
  list?: true;
  to?: string;
  yes?: true;
}

/** Takes the last move back, lists the copies of the learner's work, or brings one of them back. */
export async function undoMove({ list, to, yes }: UndoOptions): Promise<void> {
  await sayRepairs();
  if (list) say(snapshotLines(await readSnapshots(ownPlace)));
  else if (to) say(restoredLines(to, await restore(to)));
  else {
    if (!yes) refuseLoss(await undoPlan());
    say(undoneLines(await undo()));
  }
}

/** @throws WorkshopError that names what would be lost, for the learner to say yes to */
function refuseLoss(plan: Plan | null): void {
  const lines = plan && refusalLines(plan);
  if (lines) throw new WorkshopError(lines.join('\n'), { exitCode: EXIT_CODES.failed });
}

function say(lines: readonly string[]): void {
  console.log(lines.join('\n'));
}
