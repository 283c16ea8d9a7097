import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Exercise } from '../workshop/index.ts';

export interface CheckLine {
  id: string;
  number: string;
  title: string;
}

interface SpecGlobal {
  __declaredChecks?: { id: string; title: string }[];
  test?: unknown;
}

/** The checks that an exercise's checks.spec.ts declares, without running them. */
export async function declaredChecks(exercise: Exercise): Promise<CheckLine[]> {
  const sandbox = globalThis as SpecGlobal;
  const before = sandbox.test;
  sandbox.__declaredChecks = [];
  sandbox.test = () => {};
  try {
    await import(`${pathToFileURL(join(exercise.directory, 'checks.spec.ts')).href}?declared`);
    return sandbox.__declaredChecks.map(({ id, title }, at) => ({
      id,
      title,
      number: `${exercise.number}.${at + 1}`,
    }));
  } finally {
    sandbox.test = before;
    delete sandbox.__declaredChecks;
  }
}

/** The lines of a README's "Done when", as a passing grading prints them. */
export function checkBlock(checks: readonly CheckLine[]): string {
  return checks.map(({ number, title }) => `ok    ${number}  ${title}`).join('\n');
}
