import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { missingHere, requestName } from '../../sentences.ts';

/** The request failed, and the span of its work did not end, or is not there. */
export function diagnoseOpenAfterFailure(
  evidence: Evidence,
  name: string,
  sent: SentRequest,
  server: EvidenceSpan,
): Finding {
  const open = evidence.unended.find((span) => span.name === name && span.traceId === server.traceId);
  return {
    reason: 'span-not-ended-on-error',
    saw: `${requestName(sent)}, signed in as user ${sent.userId}, failed with ${sent.status}, and its "${name}" ${open ? 'was started and never ended' : 'is not there'}.`,
    wanted: `"${name}" ends on every way out, also when the work throws. What never ends is never exported.`,
    look: 'which lines of yours run when the work throws? Is the one that ends the span among them?',
    marks: [missingHere(server, name)],
    seen: [{ kind: open ? 'unended' : 'missing', text: name, spanId: open?.spanId ?? server.spanId }],
  };
}
