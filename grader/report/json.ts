import type { Evidence } from '../evidence/index.ts';
import { type CheckResult, type ExerciseResult, mainView, reasonSentences } from '../judge/index.ts';
import { failureText } from './failure.ts';
import { reportedTraces, reportedView } from './reported-traces.ts';
import type { ReportedCheck, ReportedExercise } from './shapes.ts';

/**
 * What a grading found, for programs: `--json`, `--html`, `--junit` and the page show this and nothing else, so that they
 * agree with the terminal. Schema 1: fields may be added, none changes its meaning. Ids are stable: an exercise's is its
 * folder's name, a check's is a slug. Texts may hold names and values of the learner's and of strangers: they are text,
 * never markup.
 */
export interface JsonReport {
  schema: 1;
  /** the same seed draws the same users, texts and delays again */
  seed: number;
  /** what was graded, in words: `your working tree` */
  tree: string;
  /** of `npm run grade`: 0 passed, 1 not passed, 3 the grader's own trouble */
  exitCode: number;
  /** milliseconds from the command to the report */
  ms: number;
  exercises: ReportedExercise[];
}

export function jsonReport(
  run: { seed: number; tree: string; exitCode: number; ms: number },
  results: readonly ExerciseResult[],
  evidences: ReadonlyMap<string, Evidence>,
): JsonReport {
  return {
    schema: 1,
    seed: run.seed,
    tree: run.tree,
    exitCode: run.exitCode,
    ms: Math.round(run.ms),
    exercises: results.map((result) => reportedExercise(result, evidences.get(result.id) ?? null)),
  };
}

/** @param evidence null: the traces are left out */
export function reportedExercise(result: ExerciseResult, evidence: Evidence | null): ReportedExercise {
  const views = result.checks.flatMap(({ failure }) => failure?.views ?? []);
  const main = evidence && views.length === 0 ? mainView(evidence) : null;
  return {
    id: result.id,
    verdict: result.verdict,
    ms: Math.round(result.ms),
    evidence: result.evidence,
    trouble: result.trouble,
    checks: result.checks.map((check) => reportedCheck(check, evidence)),
    shown: main && reportedView(main),
    traces: evidence ? reportedTraces(evidence, main ? [main] : views) : [],
    told: result.told,
  };
}

function reportedCheck(check: CheckResult, evidence: Evidence | null): ReportedCheck {
  const { id, number, title, verdict, failure, blockedBy, trouble } = check;
  return {
    id,
    number,
    title,
    verdict,
    reason: failure?.reason ?? null,
    blockedBy,
    message: failure
      ? failureText(check, evidence)
      : (trouble ?? (blockedBy.length > 0 ? `waits for ${blockedBy.join(', ')}` : '')),
    failure: failure && {
      summary: reasonSentences[failure.reason],
      saw: failure.saw,
      wanted: failure.wanted,
      cause: failure.cause ?? null,
      look: failure.look,
      output: failure.output ?? [],
      tables: failure.tables ?? [],
    },
    seen: failure ? (failure.seen ?? [{ kind: 'reason', text: reasonSentences[failure.reason] }]) : [],
    views: (failure?.views ?? []).map(reportedView),
  };
}
