import { nearestKey } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { callsAfterEnd } from '../../joins/index.ts';
import { attributeText, missingHere } from '../../sentences.ts';
import { MESSAGE_ID } from './batch.ts';

/**
 * Why a span does not say which message it is about; null when it says something.
 * @param id of the message's row
 */
export function diagnoseNoMessageId(evidence: Evidence, span: EvidenceSpan, id: string): Finding | null {
  if (span.attributes[MESSAGE_ID] !== undefined) return null;
  const base = {
    wanted: `${attributeText(MESSAGE_ID, id)} on "${span.name}", the ${span.kind} span: the id of the message's row.`,
    marks: [missingHere(span, MESSAGE_ID)],
    seen: [{ kind: 'attributes', text: Object.keys(span.attributes).join(', '), spanId: span.spanId }],
  };
  const late = callsAfterEnd(evidence).some(
    ({ spanId, key, call }) => spanId === span.spanId && key === MESSAGE_ID && call === undefined,
  );
  if (late) {
    return {
      ...base,
      reason: 'attribute-set-after-end',
      saw: `${MESSAGE_ID} was set on "${span.name}" when that span had ended. OpenTelemetry ignores that.`,
      look: 'which comes first: the id, or the end of the span?',
    };
  }
  const near = nearestKey(MESSAGE_ID, span.attributes);
  if (near) {
    return {
      ...base,
      reason: 'attribute-misspelt',
      saw: `"${span.name}" has no ${MESSAGE_ID}, but ${attributeText(near.candidate, span.attributes[near.candidate])}.`,
      look: 'the name of the attribute, letter by letter: queries join both ends by it.',
    };
  }
  return {
    ...base,
    reason: 'attribute-missing',
    saw: `"${span.name}", the ${span.kind} span, does not say which message it is about.`,
    look:
      span.kind === 'PRODUCER'
        ? 'when do you know the id of the row? What does the INSERT give back?'
        : 'what do you know of the message where this span, or its link, is made?',
  };
}
