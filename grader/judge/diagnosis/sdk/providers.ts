import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { captureOf } from '../../joins/index.ts';

/**
 * Whether the span's process has a second tracer provider that the API refused, since a first one was there. Then the
 * settings of the second one, such as name and exporter, are without effect.
 */
export function diagnoseIgnoredProvider(
  evidence: Evidence,
  span: EvidenceSpan | undefined,
): Pick<Finding, 'reason' | 'cause' | 'look'> | null {
  const capture = captureOf(evidence, span?.origin.process);
  if (!capture || capture.duplicateRegistrations === 0) return null;
  if (!capture.attached.some((one) => one.registered) || capture.attached.every((one) => one.registered)) {
    return null;
  }
  return {
    reason: 'second-provider-ignored',
    cause:
      'Two tracer providers were started. The first one stays in charge, so the settings of the second are without effect.',
    look: 'every place that starts an SDK or registers a provider, the start script too. Which comes first?',
  };
}
