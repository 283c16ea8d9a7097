import type { EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { foundHere, requestName, valueText } from '../../sentences.ts';
import { codesOf, type Failed } from './error-type-of-other.ts';

/** A failed request, its spans, and the one of them that tells of the failure. */
export type ToldFailure = Failed & { told: EvidenceSpan };

/**
 * One message for two failures that the database told apart: it is written into the code, and of no error that was
 * thrown. Null when nothing proves that.
 */
export function diagnoseSharedMessage(own: ToldFailure, other: ToldFailure): Finding | null {
  const message = own.told.status.message;
  const [ownCodes, otherCodes] = [codesOf(own.spans), codesOf(other.spans)];
  const differ =
    ownCodes.size > 0 && otherCodes.size > 0 && ![...ownCodes].some((code) => otherCodes.has(code));
  if (!differ || !message || message !== other.told.status.message) return null;
  return {
    reason: 'error-message-missing',
    saw: `${requestName(own.sent)} and ${requestName(other.sent)} failed of two errors, and both messages are ${valueText(message, 60)}.`,
    wanted: 'the message of the error that was thrown: it tells one failure from another.',
    look: 'the line that sets the message: does it know the error at all?',
    marks: [foundHere(own.told, message), foundHere(other.told, message)],
    seen: [{ kind: 'status', text: `ERROR: ${message}`, spanId: own.told.spanId }],
  };
}
