import { endingWith, wholeNumber } from '@workshop/base/program';
import type { Command } from 'commander';
import type { CompareOptions } from './compare.ts';
import type { GradeOptions } from './grade.ts';
import type { UndoOptions } from './moves.ts';
import type { WatchOptions } from './watch.ts';

/** What a learner does with the exercises. */
export function addLearningCommands(program: Command): void {
  program
    .command('grade')
    .description('Grades the spans that your Murmur makes.')
    .argument('[exercise]', 'an exercise: 3, 03-custom-span, or several: 1-4')
    .option('--all', 'every exercise')
    .option('--tree <folder>', 'another working tree than this one')
    .option('--solution <number>', 'the solutions up to this one', wholeNumber)
    .option('--seed <number>', 'repeat a run: the seed it printed', wholeNumber)
    .option('--evidence <file>', 'judge again what an earlier run saw')
    .option('--json <file>', 'also write the verdicts as JSON')
    .option('--html <file>', 'also as one page with the traces, to be sent to anybody')
    .option('--junit <file>', 'also as JUnit XML, for services that run tests')
    .option('--export', 'also send the graded spans to Honeycomb, marked; needs HONEYCOMB_API_KEY')
    .option('--every', 'every failing check in full, not the first alone')
    .option('--plain', 'numbered lines instead of bars and colours')
    .action(
      endingWith(async (word: string | undefined, options: GradeOptions) =>
        (await import('./grade.ts')).grade(word, options),
      ),
    );
  program
    .command('watch')
    .description(
      'Grades at every save, until Ctrl-C; on a terminal also with keys for hint, list and compare.',
    )
    .argument('[exercise]', 'an exercise: 3; by default the current one, and after a pass the next')
    .option('--plain', 'numbered lines instead of bars and colours')
    .action(
      endingWith(async (word: string | undefined, options: WatchOptions) =>
        (await import('./watch.ts')).watch(word, options),
      ),
    );
  program
    .command('hint')
    .description('Shows the next hint: a question, then a pointer, then nearly the code. Hints cost nothing.')
    .argument('[exercise]', 'an exercise: 3; by default the current one')
    .option('--again', 'the hint that you saw last')
    .action(async (word: string | undefined, options: { again?: true }) =>
      (await import('./hint.ts')).hint(word, options),
    );
  program
    .command('compare')
    .description('Your code and your trace beside those of the solution.')
    .argument('[exercise]', 'an exercise: 3; by default the current one')
    .option('--yes', 'show it although the exercise is not passed yet')
    .option('--all', 'also long files that only you changed')
    .option('--code', 'the code alone, which takes no run')
    .action(
      endingWith(async (word: string | undefined, options: CompareOptions) =>
        (await import('./compare.ts')).compare(word, options),
      ),
    );
  addMoves(program);
  program
    .command('tracks')
    .description('Ways through the workshop: for two hours, half a day, a week.')
    .argument('[track]', 'one of them, with its exercises: two-hours')
    .action(async (word: string | undefined) => (await import('./tracks.ts')).showTracks(word));
  program
    .command('doctor')
    .description('Says what is missing on this machine, and how to get it.')
    .action(endingWith(async () => (await import('./doctor.ts')).doctor()));
}

/** Move the working tree along the workshop. The learner's work is copied aside first. */
function addMoves(program: Command): void {
  program
    .command('goto')
    .description('Your files become the solutions before an exercise: you are ready to begin it.')
    .argument('<exercise>', 'an exercise: 5')
    .action(async (word: string) => (await import('./moves.ts')).goToExercise(word));
  program
    .command('reset')
    .description('Starts an exercise over: your files become the solutions before it.')
    .argument('[exercise]', 'an exercise: 3; by default the current one')
    .option('--yes', 'also if that replaces files that you wrote')
    .action(async (word: string | undefined, options: { yes?: true }) =>
      (await import('./moves.ts')).resetExercise(word, options),
    );
  program
    .command('skip')
    .description('Leaves an exercise out. Your files stay as they are.')
    .argument('[exercise]', 'an exercise: 4; by default the current one')
    .action(async (word: string | undefined) => (await import('./moves.ts')).skipExercise(word));
  program
    .command('undo')
    .description('Takes back the last goto, reset or skip; again for the one before.')
    .option('--list', 'the copies of your work that there are')
    .option('--to <id>', 'your files as they are in one of these copies')
    .option('--yes', 'also if that takes what you did since')
    .action(async (options: UndoOptions) => (await import('./moves.ts')).undoMove(options));
}
