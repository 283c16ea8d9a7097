import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot, WorkshopError } from '@workshop/base';
import { nearestName } from '@workshop/telemetry/pure';

/** One exercise, as its folder and the first lines of its README declare it. */
export interface Exercise {
  /** the folder's name: `03-custom-span` */
  id: string;
  /** `03`; an optional part has a letter behind it: `03b` comes after 03 and nothing waits for it */
  number: string;
  /** true: it may be left out without being skipped, and is graded only when it is named */
  optional?: boolean;
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
  const named = (await readdir(exercisesDir)).filter((name) => /^\d\d[a-z]?-[a-z0-9-]+$/.test(name)).sort();
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
): Pick<Exercise, 'number' | 'title' | 'minutes' | 'needs' | 'optional'> {
  const title = /^# (\d\d[a-z]?) · (.+)$/m.exec(readme);
  const number = numberOf(id);
  const optional = /[a-z]$/.test(number);
  const minutes = /^About (\d+) minutes\b/m.exec(readme);
  if (
    !title?.[1] ||
    !title[2] ||
    !minutes?.[1] ||
    title[1] !== number ||
    optional !== /\bOptional\./.test(readme)
  ) {
    throw new WorkshopError(
      `exercises/${id}/README.md must begin with "# ${number} · title" and say "About N minutes.${optional ? ' Optional.' : ''}"`,
    );
  }
  const needs = /\bNeeds ([\d, and]+)\./.exec(readme)?.[1]?.match(/\d\d/g) ?? [];
  return { number, title: title[2], minutes: Number(minutes[1]), needs, ...(optional && { optional }) };
}

/** `03` of `03-custom-span`, `03b` of `03b-find-and-fix`. */
export function numberOf(id: string): string {
  return /^\d\d[a-z]?(?=-)/.exec(id)?.[0] ?? id.slice(0, 2);
}

/** The exercise as a command takes it: `3`, `3b`. */
export function commandWord({ number }: Pick<Exercise, 'number'>): string {
  return number.replace(/^0/, '');
}

/** The last solution of the chain before an exercise begins. An optional part begins where its exercise ends. */
export function solutionBefore({ number, optional }: Pick<Exercise, 'number' | 'optional'>): number {
  return Number.parseInt(number, 10) - (optional ? 0 : 1);
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
  const byNumber = /^\d{1,2}[a-z]?$/.test(word)
    ? all.find((one) => one.number === word.padStart(/[a-z]$/.test(word) ? 3 : 2, '0'))
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
