import type { Evidence } from '../evidence/index.ts';
import type { ExerciseResult } from '../judge/index.ts';
import type { Exercise } from '../workshop/index.ts';
import { submissionFiles } from './base.ts';
import { compare, type Seen } from './outcome.ts';
import { PatchConflict } from './patch.ts';
import { RecordedGrading, severalAtOnce } from './recorded-grading.ts';
import { labelOf, type Submission } from './store.ts';

export interface RunOptions {
  /** drive even what was recorded */
  driveAll: boolean;
  /** for every drive of this run; what is judged again keeps the seed that it was driven with */
  seed: number;
  /** also grade the exercises before it that its base holds: they must still pass */
  earlier: boolean;
  /** systems that run at the same time */
  atOnce: number;
  /** these are all there are: recordings that none of them needs are removed */
  prune?: boolean;
  onProgress?: (text: string) => void;
}

export interface Outcome {
  submission: Submission;
  seen: Seen;
  /** null: judged again from what an earlier run recorded */
  drivenMs: number | null;
  /** the submission's own exercise; null when it could not be graded */
  result: ExerciseResult | null;
  evidence: Evidence | null;
}

/** Grades submissions, several at once, and returns the outcomes in the order given. */
export async function runSubmissions(
  submissions: readonly Submission[],
  exercises: readonly Exercise[],
  options: RunOptions,
): Promise<Outcome[]> {
  const grading = new RecordedGrading('submissions', options);
  let done = 0;
  const slowFirst = [...submissions].sort((a, b) => waits(b) - waits(a));
  const outcomes = await severalAtOnce(slowFirst, options.atOnce, async (submission) => {
    const outcome = await runOne(submission, exercises, grading, options);
    done++;
    const word = outcome.seen.ok ? 'ok   ' : 'WRONG';
    options.onProgress?.(
      `${String(done).padStart(3)} of ${submissions.length}  ${word} ${labelOf(submission)}: ${outcome.seen.text}`,
    );
    return outcome;
  });
  if (options.prune) await grading.prune();
  return outcomes.sort((a, b) => submissions.indexOf(a.submission) - submissions.indexOf(b.submission));
}

/** Those that fail by running out of time begin first, so that nobody waits for them in the end. */
function waits({ expect }: Submission): number {
  return expect.verdict === 'fail' && /timeout|not-listening|request-failed|hangs/.test(expect.reason)
    ? 1
    : 0;
}

async function runOne(
  submission: Submission,
  exercises: readonly Exercise[],
  grading: RecordedGrading,
  options: RunOptions,
): Promise<Outcome> {
  const failed = (text: string): Outcome => ({
    submission,
    seen: { ok: false, text },
    drivenMs: null,
    result: null,
    evidence: null,
  });
  const own = exercises.find((exercise) => exercise.id === submission.exercise);
  if (!own?.hasChecks) return failed(`there is no exercise ${submission.exercise} with checks`);
  const earlier = exercises.filter(
    (one) =>
      one.hasChecks && !one.optional && one.number < own.number && Number(one.number) <= submission.base,
  );
  const graded = options.earlier ? [...earlier, own] : [own];
  try {
    const files = await submissionFiles(submission);
    const { results, evidences, drivenMs } = await grading.grade(
      files,
      `submission ${labelOf(submission)}`,
      graded,
    );
    const result = results.find((one) => one.id === own.id) as ExerciseResult;
    const broken = results.find((one) => one !== result && one.verdict !== 'pass');
    const seen = broken
      ? { ok: false, text: `${broken.id} is ${broken.verdict}, and it comes before` }
      : compare(submission.expect, result);
    return { submission, seen, drivenMs, result, evidence: evidences.get(own.id) ?? null };
  } catch (error) {
    if (error instanceof PatchConflict) return failed(`does not apply: ${error.message}`);
    return failed(`error: ${(error as Error).message}`);
  }
}
