import { endingWith, positiveWholeNumber, wholeNumber } from '@workshop/base/program';
import { type Command, Option } from 'commander';
import type { BenchOptions } from './bench.ts';
import type { MutantsOptions } from './mutants.ts';
import type { SubmissionsOptions } from './submissions.ts';
import type { EditOptions } from './tree.ts';

/** What authors and maintainers do with exercises, submissions and the grader itself. */
export function addAuthoringCommands(program: Command): void {
  addContent(program);
  addTree(program);
  program
    .command('submissions')
    .description('Grades the wrong and right submissions: each wrong one must fail with its reason.')
    .argument('[exercise]', 'only those of one exercise: 01')
    .option('--only <name>', 'one submission')
    .option('--show <name>', 'one submission, with all that a learner would read')
    .option('--sample', 'one wrong one for each reason and one right one an exercise, as npm test does')
    .option('--all', 'drive also those that nothing changed for (always when CI is set)')
    .option('--earlier', 'the exercises before it that its base holds must pass, too')
    .option('--at-once <number>', 'systems that run at the same time', positiveWholeNumber, 2)
    .option('--seed <number>', 'drives with the same values as an earlier run', wholeNumber)
    .option('--report <file>', 'writes how many were told apart, as .md or .json')
    .action(
      endingWith(async (word: string | undefined, options: SubmissionsOptions) =>
        (await import('./submissions.ts')).submissions(word, options),
      ),
    );
  program
    .command('mutants')
    .description(
      'Makes small faults in the solutions, one at a time: the checks must refuse each with a reason.',
    )
    .argument('[exercises...]', 'only those of some exercises: 03, 06-08')
    .option('--only <id>', 'one mutant, or all whose id begins so: 03/ranking.service.ts/drop-call')
    .option('--sample', 'a few of each exercise, always the same ones')
    .option('--all', 'drive also those that nothing changed for (always when CI is set)')
    .option('--at-once <number>', 'systems that run at the same time', positiveWholeNumber, 1)
    .option('--seed <number>', 'drives with the same values as an earlier run', wholeNumber)
    .option('--json <file>', 'writes every mutant and what became of it')
    .action(
      endingWith(async (words: string[], options: MutantsOptions) =>
        (await import('./mutants.ts')).mutants(words, options),
      ),
    );
  program
    .command('bench')
    .description('Measures grading against the least that it can take. Ratios count, not milliseconds.')
    .option('--solution <number>', 'which solution is graded', positiveWholeNumber, 1)
    .option('--pairs <number>', 'how often grading and floor are measured', positiveWholeNumber, 7)
    .option('--json', 'every measurement as JSON')
    .action(async (options: BenchOptions) => (await import('./bench.ts')).bench(options));
}

function addContent(program: Command): void {
  const content = program
    .command('content')
    .description('Checks and writes the generated parts of the exercises.')
    .helpCommand(false);
  content
    .command('check')
    .description(
      'titles, hints, files, the pristine start; with --waterfalls also the traces, which takes a minute',
    )
    .option('--waterfalls')
    .action(
      endingWith(async (options: { waterfalls?: boolean }) =>
        (await import('./content.ts')).checkContent(options),
      ),
    );
  content
    .command('write')
    .description('writes check lines and waterfalls into the READMEs, of one exercise or of all')
    .argument('[exercise]', 'only this exercise: 3', wholeNumber)
    .action(async (number: number | undefined) => (await import('./content.ts')).writeContent(number));
}

function addTree(program: Command): void {
  const tree = program
    .command('tree')
    .description('Opens, saves and carries over the submissions.')
    .helpCommand(false);
  tree
    .command('list')
    .description('every submission: what it is and what it must show')
    .action(async () => (await import('./tree.ts')).list());
  tree
    .command('edit')
    .description('lays a submission out as a tree below .workshop/edit; with --exercise a new one')
    .argument('<name>')
    .option('--exercise <number>', 'a new one for this exercise')
    .option('--base <number>', 'the solutions below it; by default those up to its exercise', wholeNumber)
    .addOption(new Option('--wrong [reason]', 'a new one that must fail').conflicts('right'))
    .option('--right', 'a new one that must pass')
    .action(async (name: string, options: EditOptions) => (await import('./tree.ts')).edit(name, options));
  tree
    .command('save')
    .description('writes an opened tree back as a patch')
    .argument('<name>')
    .action(async (name: string) => (await import('./tree.ts')).save(name));
  tree
    .command('rebase')
    .description('carries every patch over after a change to the apps or the solutions')
    .action(endingWith(async () => (await import('./tree.ts')).rebase()));
  tree
    .command('start')
    .description('copies the released apps, queries and answers over solutions/00-start')
    .action(async () => (await import('./tree.ts')).start());
}
