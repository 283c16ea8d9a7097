import { relative } from 'node:path';
import { Command, Option } from 'commander';
import {
  expectationText,
  findSubmission,
  HEADER_FILE,
  labelOf,
  listSubmissions,
  type Opened,
  openNew,
  openSubmission,
  REJECTED_FILE,
  rebaseAll,
  refreshStart,
  SubmissionError,
  saveEdited,
} from '../submissions/index.ts';
import { chooseExercises, loadManifest, ManifestError } from '../workshop/index.ts';

const program = new Command('npm run tree --').description('Opens, saves and carries over the submissions.');

program
  .command('list')
  .description('every submission: what it is and what it must show')
  .action(async () => {
    for (const one of await listSubmissions()) {
      console.log(`${labelOf(one)}  (base ${one.base}, ${expectationText(one.expect)})\n    ${one.what}`);
    }
  });

program
  .command('edit <name>')
  .description('lays a submission out as a tree below .workshop/edit; with --exercise a new one')
  .option('--exercise <number>', 'a new one for this exercise')
  .option('--base <number>', 'the solutions below it; by default those up to its exercise')
  .addOption(new Option('--wrong [reason]', 'a new one that must fail').conflicts('right'))
  .option('--right', 'a new one that must pass')
  .action(
    async (
      name: string,
      options: { exercise?: string; base?: string; wrong?: string | true; right?: true },
    ) => {
      if (!options.exercise) {
        sayOpened(name, await openSubmission(findSubmission(await listSubmissions(), name)));
        return;
      }
      if (!options.wrong && !options.right)
        throw new SubmissionError('A new one is --wrong REASON or --right.');
      const exercise = chooseExercises(options.exercise, await loadManifest())[0]!;
      const reason = typeof options.wrong === 'string' ? options.wrong : '<reason>';
      const opened = await openNew(name, {
        base: Number(options.base ?? exercise.number),
        exercise: exercise.id,
        expect: options.right ? 'pass' : `fail ${reason}`,
        what: '',
      });
      sayOpened(name, opened);
    },
  );

program
  .command('save <name>')
  .description('writes an opened tree back as a patch')
  .action(async (name: string) => {
    console.log(`Written: ${relative('.', await saveEdited(name))}`);
  });

program
  .command('rebase')
  .description('carries every patch over after a change to the apps or the solutions')
  .action(async () => {
    let conflicts = 0;
    for (const { submission, outcome } of await rebaseAll(await listSubmissions())) {
      if (outcome === 'same') continue;
      if (outcome === 'rewritten') console.log(`rewritten  ${labelOf(submission)}`);
      else {
        conflicts++;
        console.log(`CONFLICT   ${labelOf(submission)}: ${outcome.conflict}`);
      }
    }
    console.log(
      conflicts === 0
        ? 'Every patch fits its base.'
        : `${conflicts} do not fit. Mend each: npm run tree -- edit NAME, then save NAME.`,
    );
    process.exitCode = conflicts === 0 ? 0 : 1;
  });

program
  .command('start')
  .description('copies the released apps, queries and answers over solutions/00-start')
  .action(async () => {
    await refreshStart();
    console.log('solutions/00-start is what the apps are now. Next: npm run tree -- rebase');
  });

function sayOpened(name: string, { directory, conflict }: Opened): void {
  const folder = relative('.', directory);
  if (conflict) {
    console.log(`Its patch does not fit any more: ${conflict}.`);
    console.log(
      `This is its base alone. Make the change again: ${folder}/${REJECTED_FILE} holds the old patch.`,
    );
  }
  console.log(`Opened: ${folder}

  1. Edit the tree there, and its header: ${folder}/${HEADER_FILE}
  2. Try it:   npm run grade -- --tree ${folder}
  3. Keep it:  npm run tree -- save ${name}`);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof SubmissionError || error instanceof ManifestError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
