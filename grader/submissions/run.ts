import { freshSeed } from '@workshop/base';
import type { Evidence } from '../evidence/index.ts';
import { driveTree, judgeEvidence } from '../grading/index.ts';
import type { ExerciseResult } from '../judge/index.ts';
import { type Tree, treeOfFiles } from '../tree/index.ts';
import type { Exercise } from '../workshop/index.ts';
import { submissionFiles } from './base.ts';
import { compare, type Seen } from './outcome.ts';
import { PatchConflict } from './patch.ts';
import {
  hashDrivingSide,
  pruneRecordings,
  readRecording,
  recordingKey,
  recordingPath,
  withTree,
  writeRecording,
} from './recorded.ts';
import { labelOf, type Submission } from './store.ts';

export interface RunOptions {
  /** drive even what was recorded */
  driveAll: boolean;
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
  const run = new Driving(await hashDrivingSide(), options.driveAll);
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  const slowFirst = [...submissions.keys()].sort((a, b) => waits(submissions[b]) - waits(submissions[a]));
  const work = async (): Promise<void> => {
    while (next < slowFirst.length) {
      const at = slowFirst[next++] as number;
      const outcome = await runOne(submissions[at] as Submission, exercises, run, options);
      outcomes[at] = outcome;
      done++;
      const word = outcome.seen.ok ? 'ok   ' : 'WRONG';
      options.onProgress?.(
        `${String(done).padStart(3)} of ${submissions.length}  ${word} ${labelOf(outcome.submission)}: ${outcome.seen.text}`,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.atOnce) }, work));
  if (options.prune) await pruneRecordings(run.keys());
  return outcomes;
}

interface Driven {
  evidences: Map<string, Evidence>;
  /** null: recorded earlier, or by another submission with the same code */
  drivenMs: number | null;
}

/** Drives each code once, though several submissions may share it. */
class Driving {
  readonly drivingSide: string;
  readonly #driveAll: boolean;
  readonly #known = new Map<string, Promise<Driven>>();

  constructor(drivingSide: string, driveAll: boolean) {
    this.drivingSide = drivingSide;
    this.#driveAll = driveAll;
  }

  async evidenceOf(key: string, tree: Tree, exercises: readonly Exercise[]): Promise<Driven> {
    const known = this.#known.get(key);
    if (known) return { ...(await known), drivenMs: null };
    const driving = this.#recordedOrDriven(key, tree, exercises);
    this.#known.set(key, driving);
    return driving;
  }

  keys(): Set<string> {
    return new Set(this.#known.keys());
  }

  async #recordedOrDriven(key: string, tree: Tree, exercises: readonly Exercise[]): Promise<Driven> {
    const recorded = this.#driveAll ? null : await readRecording(key, exercises);
    if (recorded) return { evidences: recorded, drivenMs: null };
    const began = performance.now();
    const { evidences } = await driveTree(tree, exercises, freshSeed());
    const drivenMs = performance.now() - began;
    await writeRecording(key, evidences);
    return { evidences, drivenMs };
  }
}

/** Those that fail by running out of time begin first, so that nobody waits for them in the end. */
function waits(submission: Submission | undefined): number {
  const expect = submission?.expect;
  return expect?.verdict === 'fail' && /timeout|not-listening|request-failed|hangs/.test(expect.reason)
    ? 1
    : 0;
}

async function runOne(
  submission: Submission,
  exercises: readonly Exercise[],
  run: Driving,
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
    (one) => one.hasChecks && one.number < own.number && Number(one.number) <= submission.base,
  );
  const graded = options.earlier ? [...earlier, own] : [own];
  try {
    const files = await submissionFiles(submission);
    const key = await recordingKey(files, graded, run.drivingSide);
    const tree = await treeOfFiles(files, `submission ${labelOf(submission)}`);
    const driven = await run.evidenceOf(key, tree, graded);
    const evidences = new Map<string, Evidence>();
    for (const [id, one] of driven.evidences) evidences.set(id, await withTree(one, tree));
    const paths = new Map(graded.map(({ id }) => [id, recordingPath(key, id)]));
    const results = await judgeInTurn(evidences, paths);
    const result = results.find((one) => one.id === own.id) as ExerciseResult;
    const broken = results.find((one) => one !== result && one.verdict !== 'pass');
    const seen = broken
      ? { ok: false, text: `${broken.id} is ${broken.verdict}, and it comes before` }
      : compare(submission.expect, result);
    return { submission, seen, drivenMs: driven.drivenMs, result, evidence: evidences.get(own.id) ?? null };
  } catch (error) {
    if (error instanceof PatchConflict) return failed(`does not apply: ${error.message}`);
    return failed(`error: ${(error as Error).message}`);
  }
}

let judging: Promise<unknown> = Promise.resolve();

/** Jest keeps global state, so one judgement runs at a time while other systems are driven. */
function judgeInTurn(...order: Parameters<typeof judgeEvidence>): Promise<ExerciseResult[]> {
  const mine = judging.then(() => judgeEvidence(...order));
  judging = mine.catch(() => {});
  return mine;
}
