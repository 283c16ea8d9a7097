import type { EvidenceSpan, ProcessStop, SentRequest } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { requestName } from '../../sentences.ts';
import { told } from './lost-at-stop.ts';

/**
 * A request that was under way when its API was asked to end, and that was cut off: it got no answer, or its span never
 * ended. Null when it was answered and has a span.
 */
export function diagnoseCutOff(
  stop: ProcessStop,
  sent: SentRequest,
  server: EvidenceSpan | undefined,
): Finding | null {
  const name = requestName(sent);
  const look = 'what comes first at your stop: the end of the work, or the end of the process?';
  if (sent.status === null || sent.status >= 500) {
    return {
      reason: 'request-failed',
      saw: `${told(stop)} ${name} was under way, and got ${sent.status === null ? `no answer: ${sent.error}` : sent.status}.`,
      wanted:
        'an answer, as Murmur gives without your change: it takes no new requests, and ends those that it has.',
      look,
      seen: [{ kind: 'request', text: `${sent.label}: ${sent.status ?? sent.error}` }],
    };
  }
  if (server) return null;
  return {
    reason: 'spans-lost-at-shutdown',
    saw: `${told(stop)} ${name} was under way and was answered. It has no SERVER span.`,
    wanted: `the SERVER span of ${name} at the collector.`,
    look,
    seen: [{ kind: 'request', text: `${sent.label}: ${sent.status}` }],
  };
}
