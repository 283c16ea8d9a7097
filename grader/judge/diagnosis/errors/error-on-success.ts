import type { EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { attributeText, foundHere, requestName } from '../../sentences.ts';

/** A span that is marked as failed though the server did its work; null when none of these is. `because` says why. */
export function diagnoseErrorOnSuccess(
  sent: SentRequest,
  spans: readonly EvidenceSpan[],
  because: string,
): Finding | null {
  const marked = spans.find(
    (span) => span.status.code === 'ERROR' || span.attributes['error.type'] !== undefined,
  );
  if (!marked) return null;
  const type = marked.attributes['error.type'];
  const how = [
    ...(marked.status.code === 'ERROR' ? ['status ERROR'] : []),
    ...(type === undefined ? [] : [attributeText('error.type', type)]),
  ].join(', ');
  return {
    reason: 'error-on-success',
    saw: `${requestName(sent)} answered ${sent.status}, and ${marked.name} is marked as failed: ${how}.`,
    wanted: `no ERROR status and no error.type on ${marked.name}. ${because}`,
    look: 'the line that marks it: does it ask whose mistake it was?',
    marks: [foundHere(marked, how)],
    seen: [{ kind: 'status', text: how, spanId: marked.spanId }],
  };
}
