import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot, WorkshopError } from '@workshop/base';
import { nearestName } from '@workshop/telemetry/pure';

/** One exercise, as its folder and the first lines of its README declare it. */
export interface Exercise {
  /** the folder's name: `03-custom-span` */
  id: string;
  /** `03` */
  number: string;
  title: string;
  minutes: number;
  /** numbers of the exercises without which it cannot be done */
  needs: string[];
  directory: string;
  /** 00 has none */
  hasChecks: boolean;
}

/**
 * Reads the exercises in order. A folder without a README is not one yet.
 * @throws WorkshopError when a README's head does not say title, minutes and needs
 */
export async function loadManifest(exercisesDir = join(repositoryRoot, 'exercises')): Promise<Exercise[]> {
  const named = (await readdir(exercisesDir)).filter((name) => /^\d\d-[a-z0-9-]+$/.test(name)).sort();
  const folders = named.filter((name) => existsSync(join(exercisesDir, name, 'README.md')));
  return Promise.all(
    folders.map(async (id) => {
      const directory = join(exercisesDir, id);
      const readme = await readFile(join(directory, 'README.md'), 'utf8');
      const hasChecks = (await readdir(directory)).includes('checks.spec.ts');
      return { id, directory, hasChecks, ...readHead(id, readme) };
    }),
  );
}

/** `# 03 · Give the slow part a name` and `About 20 minutes. Needs 02. New words: tracer.` */
export function readHead(
  id: string,
  readme: string,
): Pick<Exercise, 'number' | 'title' | 'minutes' | 'needs'> {
  const title = /^# (\d\d) · (.+)$/m.exec(readme);
  const minutes = /^About (\d+) minutes\b/m.exec(readme);
  if (!title?.[1] || !title[2] || !minutes?.[1] || title[1] !== id.slice(0, 2)) {
    throw new WorkshopError(
      `exercises/${id}/README.md must begin with "# ${id.slice(0, 2)} · title" and say "About N minutes."`,
    );
  }
  const needs = /\bNeeds ([\d, and]+)\./.exec(readme)?.[1]?.match(/\d\d/g) ?? [];
  return { number: title[1], title: title[2], minutes: Number(minutes[1]), needs };
}

/**
 * The exercises that a word on the command line names: `3`, `03`, `03-custom-span`, `1-4`. Only those with checks.
 * @throws WorkshopError for an unknown one
 */
export function chooseExercises(word: string, all: readonly Exercise[]): Exercise[] {
  const graded = all.filter((exercise) => exercise.hasChecks);
  const range = /^(\d{1,2})-(\d{1,2})$/.exec(word);
  if (range) {
    const chosen = graded.filter(
      (one) => Number(one.number) >= Number(range[1]) && Number(one.number) <= Number(range[2]),
    );
    if (chosen.length > 0) return chosen;
  }
  const byNumber = /^\d{1,2}$/.test(word)
    ? all.find((one) => Number(one.number) === Number(word))
    : undefined;
  const found = byNumber ?? all.find((one) => one.id === word);
  if (found && !found.hasChecks)
    throw new WorkshopError(`${found.id} has no checks: there is nothing to grade in it.`);
  if (found) return [found];
  const names = graded.map((one) => one.id);
  const near = nearestName(word, names);
  throw new WorkshopError(
    `There is no exercise "${word}".${near ? ` Did you mean ${near.candidate}?` : ''} There are ${names.join(', ')}.`,
  );
}
