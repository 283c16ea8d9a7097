import { relative } from 'node:path';
import { WorkshopError } from '@workshop/base';
import {
  findSubmission,
  listSubmissions,
  openedLines,
  openNew,
  openSubmission,
  rebaseAll,
  rebaseLines,
  refreshStart,
  saveEdited,
  submissionLines,
} from '../submissions/index.ts';
import { chooseExercises, loadManifest } from '../workshop/index.ts';

export interface EditOptions {
  exercise?: string;
  base?: number;
  wrong?: string | true;
  right?: true;
}

export async function list(): Promise<void> {
  say((await listSubmissions()).flatMap(submissionLines));
}

/** Opens a submission as a tree, or begins a new one. */
export async function edit(name: string, options: EditOptions): Promise<void> {
  if (!options.exercise) {
    say(openedLines(name, await openSubmission(findSubmission(await listSubmissions(), name))));
    return;
  }
  if (!options.wrong && !options.right) throw new WorkshopError('A new one is --wrong REASON or --right.');
  const exercise = chooseExercises(options.exercise, await loadManifest())[0]!;
  const reason = typeof options.wrong === 'string' ? options.wrong : '<reason>';
  const opened = await openNew(name, {
    base: options.base ?? Number(exercise.number),
    exercise: exercise.id,
    expect: options.right ? 'pass' : `fail ${reason}`,
    what: '',
  });
  say(openedLines(name, opened));
}

export async function save(name: string): Promise<void> {
  say([`Written: ${relative('.', await saveEdited(name))}`]);
}

/** Returns 1 if a patch does not fit its base any more. */
export async function rebase(): Promise<number> {
  const rebased = await rebaseAll(await listSubmissions());
  say(rebaseLines(rebased));
  return rebased.some(({ outcome }) => typeof outcome === 'object') ? 1 : 0;
}

export async function start(): Promise<void> {
  await refreshStart();
  say(['solutions/00-start is what the apps are now. Next: npm run tree -- rebase']);
}

function say(lines: readonly string[]): void {
  console.log(lines.join('\n'));
}
