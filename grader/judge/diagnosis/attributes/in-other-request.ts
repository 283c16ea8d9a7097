import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import { serverSpanOf, spanIndexOf, spansOf } from '../../joins/index.ts';
import { attributeText, requestName, spansDown } from '../../sentences.ts';

/** Where another request has an attribute that one of them misses. */
export interface InOtherRequest {
  holder: EvidenceSpan;
  /** `GET /feed has user.id = "4711" on list, two spans further down.` */
  text: string;
}

/**
 * The first request of another name that has the attribute: what a learner wrote does work, and not everywhere. Null
 * when none has it.
 * @param name of the request that misses it, `GET /notifications`
 */
export function inOtherRequest(evidence: Evidence, key: string, name: string): InOtherRequest | null {
  for (const sent of evidence.requests) {
    if (requestName(sent) === name) continue;
    const server = serverSpanOf(evidence, sent);
    const holder = server && spansOf(evidence, sent).find((span) => span.attributes[key] !== undefined);
    if (holder) return { holder, text: `${requestName(sent)} has ${whereIn(evidence, key, sent, holder)}.` };
  }
  return null;
}

/** `user.id = "4711" on its SERVER span` */
function whereIn(evidence: Evidence, key: string, sent: SentRequest, holder: EvidenceSpan): string {
  const given = attributeText(key, holder.attributes[key], 40);
  const server = serverSpanOf(evidence, sent);
  if (holder.spanId === server?.spanId) return `${given} on its SERVER span`;
  const depth = spanIndexOf(evidence)
    .ancestorsOf(holder)
    .findIndex(({ spanId }) => spanId === server?.spanId);
  return `${given} on ${holder.name}${depth < 0 ? '' : `, ${spansDown(depth + 1)}`}`;
}
