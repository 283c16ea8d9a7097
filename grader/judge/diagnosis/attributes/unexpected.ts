import type { EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { attributeText, foundHere, requestName } from '../../sentences.ts';

/** A span of a request without a session that says who was signed in; null when none does. */
export function diagnoseUnexpected(
  key: string,
  sent: SentRequest,
  spans: readonly EvidenceSpan[],
): Finding | null {
  const found = spans.find((span) => span.attributes[key] !== undefined);
  if (!found) return null;
  const given = attributeText(key, found.attributes[key]);
  return {
    reason: 'attribute-unexpected',
    saw: `${requestName(sent)}, not signed in, has ${given} on ${found.name}.`,
    wanted: `no ${key} at all: nobody was signed in. An empty or invented value is a user of its own in every query.`,
    look: 'the line that sets it: what does it do when there is no session?',
    marks: [foundHere(found, given)],
    seen: [{ kind: 'attribute', text: given, spanId: found.spanId }],
  };
}
