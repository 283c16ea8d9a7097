/** How many tests ran and how they ended, read from what a runner writes for programs. */
export interface Totals {
  passed: number;
  failed: number;
  /** names of tests that were skipped or are still to be written, with the reason if there is one */
  skipped: string[];
}

/** Who tells the totals: a report file of a runner, a last line "N passed, N failed", or the exit code alone. */
export type Source = 'node' | 'jest' | 'vitest' | 'last-line' | 'exit-code';

/** The part of Jest's JSON report that is read. Vitest writes the same. */
interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  /** files that did not load; their tests are in no other number */
  numRuntimeErrorTestSuites?: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

/**
 * The totals of a step.
 * @param report what the runner wrote into its file; null: it wrote none
 * @param output what the step printed
 * @returns null when no totals can be found: the runner did not come to its end
 */
export function readTotals(source: Source, report: string | null, output: string): Totals | null {
  if (source === 'exit-code') return { passed: 0, failed: 0, skipped: [] };
  if (source === 'last-line') {
    const [, passed, failed] = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(output) ?? [];
    return passed === undefined ? null : { passed: Number(passed), failed: Number(failed), skipped: [] };
  }
  if (!report) return null;
  if (source === 'node') return JSON.parse(report) as Totals | null;
  const {
    numPassedTests,
    numFailedTests,
    numRuntimeErrorTestSuites = 0,
    testResults,
  } = JSON.parse(report) as JestReport;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => fullName),
  };
}
