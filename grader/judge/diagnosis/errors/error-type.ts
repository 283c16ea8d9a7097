import type { EvidenceSpan } from '../../../evidence/index.ts';
import type { Failure } from '../../verdict.ts';

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

/** Why the `error.type` of like failures does not name their kind; null when it does. */
export function diagnoseErrorTypes(
  spans: readonly EvidenceSpan[],
): { span: EvidenceSpan; mark: string; failure: Failure } | null {
  const wanted =
    'error.type = the class of the error, or the code of the database: few values, the same for everyone.';
  for (const span of spans) {
    const type = span.attributes['error.type'];
    const seen = [
      { kind: 'attribute', text: `error.type = ${JSON.stringify(type ?? null)}`, spanId: span.spanId },
    ];
    const base = { wanted, seen, look: 'what does the error itself know: its class, its code?' };
    if (type === undefined) {
      const elsewhere = Object.keys(span.attributes).find((key) =>
        /^(?:error(?:_|\.)?(?:type|name|code|kind)?|exception\.type)$/i.test(key),
      );
      return {
        span,
        mark: 'MISSING HERE: error.type',
        failure: {
          ...base,
          reason: 'error-type-missing',
          saw: `${span.name} failed, and it has no error.type.${elsewhere ? ` It has ${elsewhere}.` : ''}`,
        },
      };
    }
    if (typeof type !== 'string' || EMPTY_TYPES.has(type) || /^\d{3}$/.test(type)) {
      return {
        span,
        mark: `FOUND HERE: error.type = ${JSON.stringify(type)}`,
        failure: {
          ...base,
          reason: 'attribute-wrong-value',
          saw: `error.type on ${span.name} is ${JSON.stringify(type)}: every failure has that one.`,
        },
      };
    }
    if (/\s/.test(type) || type.length > 80) {
      return {
        span,
        mark: 'FOUND HERE: a whole sentence as error.type',
        failure: {
          ...base,
          reason: 'attribute-wrong-value',
          saw: `error.type on ${span.name} is a sentence: ${JSON.stringify(type.slice(0, 60))}. Sentences differ from failure to failure.`,
        },
      };
    }
  }
  const first = spans[0];
  const other = spans.find((span) => span.attributes['error.type'] !== first?.attributes['error.type']);
  if (!first || !other) return null;
  return {
    span: other,
    mark: `FOUND HERE: error.type = ${JSON.stringify(other.attributes['error.type'])}`,
    failure: {
      reason: 'attribute-wrong-value',
      saw: `the same failure has error.type = ${JSON.stringify(first.attributes['error.type'])} once, and ${JSON.stringify(other.attributes['error.type'])} another time.`,
      wanted,
      look: 'does the value hold something of the request?',
      seen: [
        {
          kind: 'attribute',
          text: `error.type = ${JSON.stringify(other.attributes['error.type'])}`,
          spanId: other.spanId,
        },
      ],
    },
  };
}
