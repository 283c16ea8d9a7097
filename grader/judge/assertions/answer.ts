import { type DeclaredAnswer, diagnoseAnswerFile } from '../diagnosis/answers.ts';
import { check, failOn } from './check.ts';
import { evidence } from './evidence.ts';

/**
 * The exercise's question, graded like a check: `answers.json` holds what only the trace can tell.
 * `expected` is computed from the evidence of this run, so that it is true for this learner's own Murmur.
 */
export function answer(
  exercise: string,
  question: string,
  needs: { needs: string[] },
  declare: () => DeclaredAnswer,
): void {
  check('answer', `answer: ${question}`, needs, () => {
    failOn(diagnoseAnswerFile(evidence().answers, exercise, question, declare()));
  });
}
