import type { Evidence, EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { spanIndexOf } from '../../joins/index.ts';
import { attributeText, requestName } from '../../sentences.ts';
import { diagnoseMissingAttribute } from '../attributes/missing.ts';

export const NETWORK_KEY = 'murmur.network_ms';

export const WHAT_IT_HOLDS = 'exercises/09-network-latency/README.md, "What the number holds".';

/** Why a CLIENT span does not say the network's share as a number; null when it does. */
export function diagnoseMissingNetwork(
  evidence: Evidence,
  record: HeaderRecord,
  client: EvidenceSpan,
): Finding | null {
  const given = client.attributes[NETWORK_KEY];
  const name = requestName(record);
  const wanted = `${NETWORK_KEY} = a number of milliseconds on the page's CLIENT span of ${name}.`;
  if (typeof given === 'number' && Number.isFinite(given)) return null;
  if (given !== undefined) {
    const shown = attributeText(NETWORK_KEY, given);
    return {
      reason: 'attribute-wrong-type',
      saw: `${shown} on the CLIENT span of ${name}: a ${typeof given}. It should be a finite number.`,
      wanted,
      look: 'text cannot be added, averaged or compared by size. What makes a text of your number?',
      marks: [markOn(client, shown)],
      seen: [{ kind: 'attribute', text: shown, spanId: client.spanId }],
    };
  }
  const missing = diagnoseMissingAttribute({
    evidence,
    key: NETWORK_KEY,
    target: client,
    targetName: `${client.name}, the CLIENT span of ${name}`,
    spans: spanIndexOf(evidence).trace(client.traceId),
    request: { name, startMs: client.startMs, durationMs: client.durationMs, userId: null },
    wanted,
    lookAtSpan: `${WHAT_IT_HOLDS} Which span of the page stands for the request, and until when can it be written?`,
  });
  if (missing.reason !== 'attribute-missing' || record.responseHeaders['timing-allow-origin']) return missing;
  return {
    ...missing,
    look: 'this answer has no Timing-Allow-Origin header. Without it the browser hides from the page when the request was sent.',
  };
}
