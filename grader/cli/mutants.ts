import { writeFile } from 'node:fs/promises';
import { freshSeed, WorkshopError } from '@workshop/base';
import { Command } from 'commander';
import { isOpen, mutantLines, mutantsJson, runMutants } from '../mutants/index.ts';
import { chooseExercises, loadManifest, ManifestError } from '../workshop/index.ts';
import { runCommand } from './run-command.ts';

interface Options {
  only?: string;
  sample?: boolean;
  all?: boolean;
  atOnce: string;
  seed?: string;
  json?: string;
}

const program = new Command('npm run mutants --')
  .description(
    'Makes small faults in the solutions, one at a time: the checks must refuse each with a reason.',
  )
  .argument('[exercises...]', 'only those of some exercises: 03, 06-08')
  .option('--only <id>', 'one mutant, or all whose id begins so: 03/ranking.service.ts/drop-call')
  .option('--sample', 'a few of each exercise, always the same ones')
  .option('--all', 'drive also those that nothing changed for (always when CI is set)')
  .option('--at-once <number>', 'systems that run at the same time', '1')
  .option('--seed <number>', 'drives with the same values as an earlier run')
  .option('--json <file>', 'writes every mutant and what became of it')
  .exitOverride();

/** 0: every mutant was refused for a reason, or is marked as right; 1: one was not; 2: wrong usage. */
process.exit(
  await runCommand([WorkshopError, ManifestError], async () => {
    program.parse();
    const options = program.opts<Options>();
    const manifest = (await loadManifest()).filter((exercise) => exercise.hasChecks);
    const chosen =
      program.args.length > 0 ? program.args.flatMap((word) => chooseExercises(word, manifest)) : manifest;
    const seed = options.seed === undefined ? freshSeed() : wholeNumber(options.seed);
    const run = await runMutants(chosen, {
      driveAll: options.all === true || Boolean(process.env.CI),
      seed,
      atOnce: Number(options.atOnce) || 1,
      sample: options.sample === true,
      only: options.only,
      prune: chosen.length === manifest.length && !options.sample && !options.only,
      onProgress: (text) => process.stderr.write(`${text}\n`),
    });
    if (options.json) await writeFile(options.json, mutantsJson(run, seed));
    console.log(['', ...mutantLines(run)].join('\n'));
    return run.outcomes.some(isOpen) ? 1 : 0;
  }),
);

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new WorkshopError(`--seed is a whole number, got "${text}".`);
  return Number(text);
}
