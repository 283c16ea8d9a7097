import type { EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { attributeText, foundHere, requestName, valueText } from '../../sentences.ts';

/** A failed request with the spans that tell of it. */
export interface Failed {
  sent: SentRequest;
  spans: readonly EvidenceSpan[];
}

/**
 * An `error.type` that is not of this failure: the code of another one, or one value for two failures that the database
 * told apart and that is the name of no class. Null when nothing proves it.
 * @param span the span that tells of the failure
 */
export function diagnoseErrorTypeOfOther(span: EvidenceSpan, own: Failed, other: Failed): Finding | null {
  const type = span.attributes['error.type'];
  const ownCodes = codesOf(own.spans);
  const otherCodes = codesOf(other.spans);
  if (typeof type !== 'string' || ownCodes.size === 0 || ownCodes.has(type)) return null;
  const text = attributeText('error.type', type);
  const base = {
    wanted: 'the class or the code of the error that was thrown for this request.',
    look: 'where does the value come from? Is it kept from an earlier failure, or written into the code?',
    marks: [foundHere(span, text)],
    seen: [{ kind: 'attribute', text, spanId: span.spanId }],
  };
  if (otherCodes.has(type)) {
    return {
      ...base,
      reason: 'attribute-wrong-value',
      saw: `error.type on ${span.name} is ${valueText(type)}. That is the code of ${requestName(other.sent)}, another failure.`,
    };
  }
  const differ = ![...ownCodes].some((code) => otherCodes.has(code));
  const same = other.spans.some((one) => one.attributes['error.type'] === type);
  if (!differ || !same || /^[A-Za-z_$]/.test(type)) return null;
  return {
    ...base,
    reason: 'attribute-hard-coded',
    saw: `error.type is ${valueText(type)} for ${requestName(own.sent)} and for ${requestName(other.sent)}, and the database gave two codes.`,
  };
}

/** The codes that the database's own spans tell in their exception events: `23505`. */
export function codesOf(spans: readonly EvidenceSpan[]): Set<string> {
  const texts = spans
    .filter((span) => span.kind === 'CLIENT')
    .flatMap((span) => span.events)
    .filter((event) => event.name === 'exception')
    .flatMap(({ attributes }) => [
      String(attributes['exception.type'] ?? ''),
      ...[...JSON.stringify(attributes).matchAll(/code: (\w+)/g)].map(([, code = '']) => code),
    ]);
  return new Set(texts.filter((text) => /^\d[0-9A-Z]{4}$/.test(text)));
}
