import type { Evidence } from '../evidence/index.ts';
import { type ExerciseResult, reasonSentences } from '../judge/index.ts';
import { failureText } from './failure.ts';

/** The JSON report, schema 1. Ids are stable: an exercise's is its folder's name, a check's is a slug. */
export interface JsonReport {
  schema: 1;
  seed: number;
  tree: string;
  exitCode: number;
  ms: number;
  exercises: {
    id: string;
    verdict: string;
    ms: number;
    evidence: string | null;
    checks: {
      id: string;
      title: string;
      verdict: string;
      /** one of the stable reasons, null on a pass and on a check that waits */
      reason: string | null;
      blockedBy: string[];
      message: string;
      seen: { kind: string; text: string; spanId?: string }[];
    }[];
  }[];
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
    exercises: results.map((result) => ({
      id: result.id,
      verdict: result.verdict,
      ms: Math.round(result.ms),
      evidence: result.evidence,
      checks: result.checks.map((check) => ({
        id: check.id,
        title: check.title,
        verdict: check.verdict,
        reason: check.failure?.reason ?? null,
        blockedBy: check.blockedBy,
        message: check.failure
          ? failureText(check, evidences.get(result.id) ?? null)
          : (check.trouble ?? (check.blockedBy.length > 0 ? `waits for ${check.blockedBy.join(', ')}` : '')),
        seen: check.failure
          ? (check.failure.seen ?? [{ kind: 'reason', text: reasonSentences[check.failure.reason] }])
          : [],
      })),
    })),
  };
}
