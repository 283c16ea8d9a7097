import { Command } from 'commander';
import { markdownLines, paint, screenOf } from '../report/index.ts';
import {
  chooseExercises,
  currentExercise,
  loadManifest,
  ManifestError,
  nextHint,
  readHints,
  readProgress,
  writeProgress,
} from '../workshop/index.ts';
import { runCommand } from './run-command.ts';

const program = new Command('npm run hint --')
  .description('Shows the next hint: a question, then a pointer, then nearly the code. Hints cost nothing.')
  .argument('[exercise]', 'an exercise: 3; by default the current one')
  .option('--again', 'the hint that you saw last')
  .exitOverride();

async function hint(): Promise<number> {
  program.parse();
  const word = program.args[0];
  const all = await loadManifest();
  const progress = await readProgress();
  const exercise = word === undefined ? currentExercise(all, progress) : chooseExercises(word, all)[0];
  if (!exercise) throw new ManifestError('All exercises are done. For a hint all the same, name one: 3');
  const next = nextHint(
    exercise,
    await readHints(exercise),
    progress,
    program.opts<{ again?: true }>().again,
  );
  if (!next) throw new ManifestError(`${exercise.id} has no hints.`);
  await writeProgress(next.progress);

  const screen = screenOf(process.stdout, process.env, false);
  const { bold, dim } = paint(screen);
  const number = Number(exercise.number);
  const what = next.hint.heading.replace(/^Hint \d+:\s*/, '');
  const total = next.level + next.left;
  const closing =
    next.left > 0
      ? `Hints left: ${next.left}. The next one: npm run hint -- ${number}`
      : `This is the last hint. Still stuck? npm run compare -- ${number} shows a solution.`;
  console.log(
    [
      bold(`${exercise.number} · ${exercise.title}: hint ${next.level} of ${total}, ${what}`),
      ...(next.again && next.left === 0 ? ['', 'You have seen all hints. Here is the last one again.'] : []),
      '',
      ...markdownLines(next.hint.text, screen),
      '',
      dim(closing),
    ].join('\n'),
  );
  return 0;
}

process.exit(await runCommand([ManifestError], hint));
