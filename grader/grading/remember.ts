import { join } from 'node:path';
import { type ExerciseResult, isProgramReason } from '../judge/index.ts';
import { ownPlace } from '../tree/index.ts';
import { type AfterGrading, progressAfter, readProgress, writeProgress } from '../workshop/index.ts';

/**
 * Writes down which of the learner's exercises passed.
 * @param workshop the folder of the learner's records
 * @returns which of them passed before and do not now, and which pass for the first time
 */
export async function rememberPasses(
  results: readonly ExerciseResult[],
  workshop = ownPlace.workshop,
): Promise<Pick<AfterGrading, 'reopened' | 'first'>> {
  const file = join(workshop, 'progress.json');
  const verdicts = results.map(({ id, verdict, checks }) => ({
    id,
    verdict,
    programBroken: isProgramReason(checks.find((check) => check.failure)?.failure?.reason),
  }));
  const after = progressAfter(await readProgress(file), verdicts, new Date());
  await writeProgress(after.progress, file);
  return after;
}
