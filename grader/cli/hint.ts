import { WorkshopError } from '@workshop/base';
import { screenOf } from '@workshop/base/terminal';
import { isAnswerLeft, readVerdict } from '../grading/index.ts';
import { hintLines } from '../report/index.ts';
import { nextHint, readHints, readProgress, writeProgress } from '../workshop/index.ts';
import { theExercise } from './exercise.ts';

/** Shows the next hint of an exercise and remembers that it was shown. */
export async function hint(word: string | undefined, { again }: { again?: true }): Promise<void> {
  const exercise = await theExercise(word);
  const answerLeft = isAnswerLeft(await readVerdict(exercise.id));
  const next = nextHint(exercise, await readHints(exercise), await readProgress(), again, answerLeft);
  if (!next) throw new WorkshopError(`${exercise.id} has no hints.`);
  await writeProgress(next.progress);
  console.log(hintLines(exercise, next, screenOf(process.stdout, process.env, false)).join('\n'));
}
