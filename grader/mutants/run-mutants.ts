import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { workshopDirectory } from '@workshop/base';
import type { ExerciseResult } from '../judge/index.ts';
import { RecordedGrading, type RecordedGradingOptions, severalAtOnce } from '../submissions/index.ts';
import type { TreeFiles } from '../tree/index.ts';
import type { Exercise } from '../workshop/index.ts';
import { equivalentMutants } from './equivalent.ts';
import { type Mutant, mutantsOf, type Skipped } from './generate.ts';
import { sampleOf } from './sample.ts';
import { fateOf, type MutantOutcome } from './verdict.ts';

export interface MutantRunOptions extends RecordedGradingOptions {
  /** systems that run at the same time */
  atOnce: number;
  /** only a few of each exercise */
  sample: boolean;
  /** only those whose id begins so */
  only?: string;
  /** these are all there are: recordings that none of them needs are removed */
  prune?: boolean;
  onProgress?: (text: string) => void;
}

export interface MutantRun {
  outcomes: MutantOutcome[];
  skipped: Skipped[];
}

/** Makes the mutants of the exercises' solutions, and grades each for its own exercise. */
export async function runMutants(
  exercises: readonly Exercise[],
  options: MutantRunOptions,
): Promise<MutantRun> {
  const generated = await Promise.all(
    exercises.map(async (exercise) => ({ exercise, ...(await mutantsOf(exercise)) })),
  );
  const chosen = generated.flatMap(({ exercise, mutants, solution }) =>
    (options.sample ? sampleOf(mutants) : mutants)
      .filter(({ id }) => id.startsWith(options.only ?? ''))
      .map((mutant) => ({ exercise, mutant, solution })),
  );
  const grading = new RecordedGrading('mutants', options);
  const marked = equivalentMutants();
  let done = 0;
  const outcomes = await severalAtOnce(chosen, options.atOnce, async ({ exercise, mutant, solution }) => {
    const outcome = await runOne(mutant, exercise, solution, grading, marked.get(mutant.id));
    done++;
    const took = outcome.drivenMs === null ? 'recorded' : `${(outcome.drivenMs / 1000).toFixed(1)} s`;
    options.onProgress?.(
      `${String(done).padStart(3)} of ${chosen.length}  ${outcome.fate.padEnd(11)} ${mutant.id}: ${outcome.text} (${took})`,
    );
    return outcome;
  });
  if (options.prune) await grading.prune();
  return { outcomes, skipped: generated.flatMap(({ skipped }) => skipped) };
}

async function runOne(
  mutant: Mutant,
  exercise: Exercise,
  solution: TreeFiles,
  grading: RecordedGrading,
  marked: string | undefined,
): Promise<MutantOutcome> {
  try {
    const files = await mutantFiles(mutant, solution);
    const { results, drivenMs } = await grading.grade(files, `mutant ${mutant.id}`, [exercise]);
    return { mutant, ...fateOf(results[0] as ExerciseResult, marked), drivenMs };
  } catch (error) {
    return { mutant, fate: 'error', text: (error as Error).message, saw: null, drivenMs: null };
  }
}

/** The solution's files with the one that is mutated, which is written below .workshop. */
async function mutantFiles(mutant: Mutant, solution: TreeFiles): Promise<TreeFiles> {
  const target = join(workshopDirectory, 'mutants/files', mutant.id, mutant.path);
  await rm(target, { force: true });
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, mutant.text);
  return new Map([...solution, [mutant.path, target]]);
}
