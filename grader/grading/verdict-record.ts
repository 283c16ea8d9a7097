import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@workshop/base/files';
import {
  type CompactExercise,
  type CompactTrace,
  compactExercise,
  type ReportedExercise,
  type ReportedView,
} from '../report/index.ts';
import { ownPlace } from '../tree/index.ts';

/** The last verdict on the learner's own files, kept for whoever asks later. */
export interface VerdictRecord {
  schema: 2;
  /** content hash of the files that were graded: others now mean that the verdict is old */
  tree: string;
  seed: number;
  /** ISO 8601 */
  at: string;
  exercise: CompactExercise;
  /** the trace of the last verdict before the first pass; null: not passed, or nothing was seen then */
  before: { view: ReportedView; trace: CompactTrace } | null;
}

const fileOf = (exercise: string, workshop: string): string => join(workshop, 'verdicts', `${exercise}.json`);

/** Null when it was never graded, or the record cannot be read: grading makes a new one. */
export async function readVerdict(
  exercise: string,
  workshop = ownPlace.workshop,
): Promise<VerdictRecord | null> {
  try {
    const record = JSON.parse(await readFile(fileOf(exercise, workshop), 'utf8')) as VerdictRecord;
    return record?.schema === 2 && record.exercise?.id === exercise ? record : null;
  } catch {
    return null;
  }
}

/** Whether all of an exercise passed but its question: then no hint about the code helps. */
export function isAnswerLeft(record: VerdictRecord | null): boolean {
  const left = record?.exercise.checks.filter(({ verdict }) => verdict !== 'pass') ?? [];
  return left.length > 0 && left.every(({ title }) => title.startsWith('answer: '));
}

/** Keeps a verdict in place of the last one, and returns that one. */
export async function keepVerdict(
  verdict: Pick<VerdictRecord, 'tree' | 'seed'> & { exercise: ReportedExercise },
  workshop = ownPlace.workshop,
): Promise<{ record: VerdictRecord; last: VerdictRecord | null }> {
  const last = await readVerdict(verdict.exercise.id, workshop);
  const passed = verdict.exercise.verdict === 'pass';
  const before = passed && last ? (last.exercise.verdict === 'pass' ? last.before : traceOf(last)) : null;
  const record: VerdictRecord = {
    schema: 2,
    ...verdict,
    exercise: compactExercise(verdict.exercise),
    at: new Date().toISOString(),
    before,
  };
  // What a power cut takes, the next grading makes again.
  await writeAtomically(fileOf(verdict.exercise.id, workshop), JSON.stringify(record), {
    durable: false,
  });
  return { record, last };
}

function traceOf({ exercise }: VerdictRecord): VerdictRecord['before'] {
  const view = exercise.checks.flatMap(({ views }) => views)[0] ?? exercise.shown;
  const trace = exercise.traces.find(({ traceId }) => traceId === view?.traceId);
  return view && trace ? { view, trace } : null;
}
