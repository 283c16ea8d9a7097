import { writeFile } from 'node:fs/promises';
import { freshSeed } from '@workshop/base';
import { isOpen, mutantLines, mutantsJson, runMutants } from '../mutants/index.ts';
import { chooseExercises, loadManifest } from '../workshop/index.ts';

export interface MutantsOptions {
  only?: string;
  sample?: boolean;
  all?: boolean;
  atOnce: number;
  seed?: number;
  json?: string;
}

/** 0: every mutant was refused for a reason, or is marked as right; 1: one was not. */
export async function mutants(words: readonly string[], options: MutantsOptions): Promise<number> {
  const manifest = (await loadManifest()).filter((exercise) => exercise.hasChecks && !exercise.optional);
  const chosen = words.length > 0 ? words.flatMap((word) => chooseExercises(word, manifest)) : manifest;
  const seed = options.seed ?? freshSeed();
  const run = await runMutants(chosen, {
    driveAll: options.all === true || Boolean(process.env.CI),
    seed,
    atOnce: options.atOnce,
    sample: options.sample === true,
    only: options.only,
    prune: chosen.length === manifest.length && !options.sample && !options.only,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  if (options.json) await writeFile(options.json, mutantsJson(run, seed));
  console.log(['', ...mutantLines(run)].join('\n'));
  return run.outcomes.some(isOpen) ? 1 : 0;
}
