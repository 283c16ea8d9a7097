import type { EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { attributeText, missingHere } from '../../sentences.ts';

/**
 * An attribute that the process had written before the span ended, and that is not on what arrived at the collector; null
 * when the process had written none.
 * @param targetName what a message calls the span: `GET /feed, the SERVER span`
 */
export function lostOnTheWay(
  target: EvidenceSpan,
  targetName: string,
  key: string,
  wanted: string,
): Finding | null {
  const recorded = target.recorded?.attributes?.[key];
  if (recorded === undefined) return null;
  const given = attributeText(key, recorded);
  return {
    reason: 'attribute-missing',
    saw: `${given} was written on ${targetName}. What arrived at the collector is without it.`,
    wanted,
    look: 'the way from your spans to the collector. Was it written before the span was sent? Does anything there take attributes away?',
    marks: [missingHere(target, key)],
    seen: [{ kind: 'recorded', text: given, spanId: target.spanId }],
  };
}
