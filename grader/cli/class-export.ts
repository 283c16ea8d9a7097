import { repositoryRoot } from '@workshop/base';
import type { Evidence } from '../evidence/index.ts';

/** The port of the learner's own lab: what the environment may name without meaning a class. */
const OWN_PORT = 4318;

/**
 * What a grading sends to the Collector of a class, where OTEL_EXPORTER_OTLP_ENDPOINT names one; null where it does not.
 * It is said before anything is graded. Capture and verdicts know nothing of it: the learner's processes have an
 * environment of their own.
 * @throws WorkshopError for an address that cannot be sent to
 */
export async function classExport(
  env: NodeJS.ProcessEnv,
): Promise<((evidences: ReadonlyMap<string, Evidence>, seed: number) => Promise<void>) | null> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT) return null;
  const { readClassCollector, classCollectorText, sendGradedSpans } = await import(
    '@workshop/lab/class-collector'
  );
  const collector = readClassCollector(repositoryRoot, env, OWN_PORT);
  if (collector === null) return null;
  console.error(classCollectorText(collector));
  return async (evidences, seed) => {
    for (const [exercise, { spans }] of evidences) {
      const { sent, warning } = await sendGradedSpans(spans, { seed, exercise }, collector);
      console.error(
        warning ? `Warning: ${warning}` : `${exercise}: ${sent} spans sent to ${collector.endpoint}.`,
      );
    }
  };
}
