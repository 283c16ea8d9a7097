import type { AttributeValue } from '../model.ts';
import { sameValue } from '../selection.ts';
import type { Place } from './tree.ts';

export interface AttributeDifference {
  place: Place;
  key: string;
  /** undefined: none of the spans there has the key. */
  a: AttributeValue | undefined;
  b: AttributeValue | undefined;
}

/** Keys whose values differ from run to run although nothing is different. Their presence is compared all the same. */
const RUN_SPECIFIC: readonly RegExp[] = [
  /(^|[._])id$/,
  /^(net|network|client|server|process|thread|host|session|user_agent|code)\./,
  /^url\.(full|path|query)$/,
  /^http\.(target|url|host|user_agent)$/,
  /(length|size|port|duration|latency|timestamp|_ms)$/,
  /^db\.(namespace|name|user|connection_string|query\.text|statement)$/,
  /^exception\.stacktrace$/,
];

/** Compares the attributes of two places. A value counts only where all spans of a side agree on it. */
export function compareAttributes(
  a: Place,
  b: Place,
  ignoreKeys: readonly RegExp[],
  ignoreValues: readonly RegExp[],
): AttributeDifference[] {
  const left = valuesOf(a);
  const right = valuesOf(b);
  const differences: AttributeDifference[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    if (matches(key, ignoreKeys)) continue;
    const inA = left.get(key);
    const inB = right.get(key);
    if (!inA || !inB) {
      differences.push({ place: a, key, a: inA?.value, b: inB?.value });
      continue;
    }
    if (!inA.agreed || !inB.agreed || sameValue(inA.value, inB.value)) continue;
    const sameType = typeof inA.value === typeof inB.value;
    if (sameType && (matches(key, RUN_SPECIFIC) || matches(key, ignoreValues))) continue;
    differences.push({ place: a, key, a: inA.value, b: inB.value });
  }
  return differences.sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
}

function valuesOf(place: Place): Map<string, { value: AttributeValue; agreed: boolean }> {
  const values = new Map<string, { value: AttributeValue; agreed: boolean }>();
  for (const span of place.spans) {
    for (const key of Object.keys(span.attributes)) {
      const value = span.attributes[key]!;
      const known = values.get(key);
      if (!known) values.set(key, { value, agreed: true });
      else if (known.agreed && !sameValue(known.value, value)) known.agreed = false;
    }
  }
  return values;
}

function matches(key: string, expressions: readonly RegExp[]): boolean {
  return expressions.some((each) => key.search(each) >= 0);
}
