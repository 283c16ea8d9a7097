import { repositoryRoot, WorkshopError } from '@workshop/base';
import type { Evidence } from '../evidence/index.ts';

/**
 * What `--export` does after the verdict: sends the graded spans to Honeycomb, marked, so that they can be told apart.
 * A failed export is a warning and leaves the exit code alone.
 * @throws WorkshopError without a key, before anything is graded
 */
export async function honeycombExport(): Promise<
  (evidences: ReadonlyMap<string, Evidence>, seed: number) => Promise<void>
> {
  const { assertCanExport, exportGradedSpans, readConfig } = await import('@workshop/lab/honeycomb');
  const config = readConfig(repositoryRoot);
  try {
    assertCanExport(config);
  } catch (error) {
    throw new WorkshopError((error as Error).message);
  }
  return async (evidences, seed) => {
    for (const [exercise, evidence] of evidences) {
      const { sent, warning } = await exportGradedSpans(evidence.spans, { seed, exercise }, { config });
      console.log(
        warning
          ? `Warning: ${warning}`
          : `${exercise}: ${sent} spans sent to Honeycomb, marked murmur.graded = true.`,
      );
    }
  };
}
