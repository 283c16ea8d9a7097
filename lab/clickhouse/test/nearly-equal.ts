import assert from 'node:assert/strict';

/** What two engines may differ in: they sum in another order, and interpolate by another formula. */
const TOLERANCE = 1e-9;

/** Fails where two answers differ in more than the last digits of a number, and says where. */
export function nearlyEqual(one: unknown, other: unknown, what: string): void {
  const difference = differenceOf(plain(one), plain(other), what);
  assert.equal(difference, null, difference ?? '');
}

/** As JSON has it: without what is undefined, and with iterables read. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

function differenceOf(one: unknown, other: unknown, place: string): string | null {
  if (typeof one === 'number' && typeof other === 'number') {
    const allowed = TOLERANCE * Math.max(1, Math.abs(one), Math.abs(other));
    return Math.abs(one - other) <= allowed ? null : `${place}: ${one} and ${other}`;
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other ? null : `${place}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of keys) {
    const [a, b] = [(one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]];
    const difference = differenceOf(a, b, `${place}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}
