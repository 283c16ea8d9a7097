import { WorkshopError } from '@workshop/base';
import {
  chooseExercises,
  currentExercise,
  type Exercise,
  loadManifest,
  readProgress,
} from '../workshop/index.ts';

/**
 * The one exercise that a word on the command line names; without a word the current one.
 * @throws WorkshopError for an unknown one, for several, and when none is current
 */
export async function theExercise(word: string | undefined): Promise<Exercise> {
  const all = await loadManifest();
  if (word === undefined) {
    const current = currentExercise(all, await readProgress());
    if (current) return current;
    throw new WorkshopError('All exercises are done.', { whatToDo: 'Say which one you mean, such as 3.' });
  }
  const [exercise, ...more] = chooseExercises(word, all);
  if (exercise && more.length === 0) return exercise;
  throw new WorkshopError(`Name one exercise, not several: "${word}".`);
}
