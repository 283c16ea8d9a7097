import type { AttributeValue } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { attributeText, foundHere, valueText } from '../../sentences.ts';

/** Why the attribute's value is not the wanted one; null when it is. Types count: a number as text is another value. */
export function diagnoseValue(
  key: string,
  span: EvidenceSpan,
  wanted: AttributeValue,
  among: readonly EvidenceSpan[],
): Finding | null {
  const given = span.attributes[key];
  if (given === wanted) return null;
  const shown = valueText(given, 60);
  const text = attributeText(key, given);
  const base = {
    wanted: `${attributeText(key, wanted)}${typeof wanted === 'number' ? ', a number' : ''}.`,
    marks: [foundHere(span, text)],
    seen: [{ kind: 'attribute', text, spanId: span.spanId }],
  };
  if (typeof given === 'object' && given !== null) {
    return {
      ...base,
      reason: 'attribute-object',
      saw: `${key} on ${span.name} is a whole object or list: ${shown}.`,
      look: 'which one value of it does a query need?',
    };
  }
  if (typeof given === 'string' && (given === '[object Object]' || /^\s*[{[]/.test(given))) {
    return {
      ...base,
      reason: 'attribute-object',
      saw: `${key} on ${span.name} is ${shown}: a whole object was turned into text.`,
      look: 'which one value of the object does a query need?',
    };
  }
  if (typeof given !== typeof wanted && Number(given) === Number(wanted)) {
    return {
      ...base,
      reason: 'attribute-wrong-type',
      saw: `${key} on ${span.name} is ${shown}, a ${typeName(given)}. It should be a ${typeName(wanted)}.`,
      look:
        typeof wanted === 'string'
          ? 'is an id a quantity? Numbers lose their leading zeros, and nobody adds ids.'
          : 'text cannot be added, averaged or compared by size.',
    };
  }
  if (typeof given === 'number' && !Number.isFinite(given)) {
    return {
      ...base,
      reason: 'attribute-wrong-value',
      saw: `${key} on ${span.name} is ${shown}, which is no number that anybody counted.`,
      look: 'the line that sets it: what is calculated there, and from what kind of value?',
    };
  }
  const values = new Set(among.map((other) => JSON.stringify(other.attributes[key])));
  // Nothing, on all of them, is what a value is before it is known: that proves no constant.
  if (among.length > 1 && values.size === 1 && given !== 0 && given !== '') {
    return {
      ...base,
      reason: 'attribute-hard-coded',
      saw: `${key} is ${shown} on all ${among.length} requests, and they came from different users.`,
      look: 'where does the value come from? Is it written into the code, kept from an earlier request, or a limit that all share?',
    };
  }
  return {
    ...base,
    reason: 'attribute-wrong-value',
    saw: `${key} on ${span.name} is ${shown}.`,
    look: 'the line that sets it: which value does it read, and when?',
  };
}

function typeName(value: AttributeValue | undefined): string {
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'true/false value' : typeof value;
}
