import type { Evidence } from '../../evidence/index.ts';

/** A function of the evidence, computed once for each: evidence never changes while it is judged. */
export function oncePerEvidence<T>(compute: (evidence: Evidence) => T): (evidence: Evidence) => T {
  const known = new WeakMap<Evidence, { value: T }>();
  return (evidence) => {
    const found = known.get(evidence) ?? { value: compute(evidence) };
    known.set(evidence, found);
    return found.value;
  };
}
