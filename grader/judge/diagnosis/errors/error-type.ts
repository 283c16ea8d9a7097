import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { attributeText, foundHere, missingHere, valueText } from '../../sentences.ts';

/** Says nothing about the kind of error, or repeats what another attribute says already. */
const EMPTY_TYPES = new Set([
  '',
  'Error',
  'error',
  'true',
  'object',
  'unknown',
  '500',
  'Exception',
  'exception',
]);
/** What becomes of a code that an error has not, written as text. */
const NO_VALUE = new Set(['undefined', 'null', 'NaN', '[object Object]']);
/** What to know of failures whose error is of the class Error itself, without a code. */
export interface ErrorTypeOptions {
  plainError?: boolean;
}

const WANTED =
  'error.type = the class of the error, or the code of the database: few values, the same for everyone.';

/** Why the `error.type` of like failures does not name their kind; null when it does. */
export function diagnoseErrorTypes(
  spans: readonly EvidenceSpan[],
  options: ErrorTypeOptions = {},
): Finding | null {
  for (const span of spans) {
    const wrong = diagnoseErrorType(span, options);
    if (wrong) return wrong;
  }
  const [first] = spans;
  const type = (span: EvidenceSpan | undefined): unknown => span?.attributes['error.type'];
  const other = spans.find((span) => type(span) !== type(first));
  if (!first || !other) return null;
  const text = attributeText('error.type', other.attributes['error.type']);
  return {
    reason: 'attribute-wrong-value',
    saw: `the same failure has error.type = ${valueText(type(first))} once, and ${valueText(type(other))} another time.`,
    wanted: WANTED,
    look: 'does the value hold something of the request?',
    marks: [foundHere(other, text)],
    seen: [{ kind: 'attribute', text, spanId: other.spanId }],
  };
}

function diagnoseErrorType(span: EvidenceSpan, { plainError = false }: ErrorTypeOptions): Finding | null {
  const type = span.attributes['error.type'];
  const text = attributeText('error.type', type);
  const base = {
    wanted: WANTED,
    look: 'what does the error itself know: its class, its code?',
    marks: [foundHere(span, text)],
    seen: [{ kind: 'attribute', text, spanId: span.spanId }],
  };
  if (type === undefined) {
    const elsewhere = Object.keys(span.attributes).find((key) =>
      /^(?:error(?:_|\.)?(?:type|name|code|kind)?|exception\.type)$/i.test(key),
    );
    return {
      ...base,
      reason: 'error-type-missing',
      saw: `${span.name} failed, and it has no error.type.${elsewhere ? ` It has ${elsewhere}.` : ''}`,
      marks: [missingHere(span, 'error.type')],
    };
  }
  if (plainError && type === 'Error') return null;
  if (NO_VALUE.has(String(type))) {
    return {
      ...base,
      reason: 'attribute-wrong-value',
      saw: `error.type on ${span.name} is ${valueText(type)}. This failure is no error of the database, and it has no code.`,
    };
  }
  if (typeof type !== 'string' || EMPTY_TYPES.has(type) || /^\d{3}$/.test(type)) {
    return {
      ...base,
      reason: 'attribute-wrong-value',
      saw: `error.type on ${span.name} is ${valueText(type)}: every failure has that one.`,
    };
  }
  if (/\s/.test(type) || type.length > 80) {
    return {
      ...base,
      reason: 'attribute-wrong-value',
      saw: `error.type on ${span.name} is a sentence: ${valueText(type, 60)}. Sentences differ from failure to failure.`,
      marks: [markOn(span, 'FOUND HERE: a whole sentence as error.type')],
    };
  }
  return null;
}
