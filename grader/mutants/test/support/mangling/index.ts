import type { Evidence } from '../../../../evidence/index.ts';
import { FILES } from './files.ts';
import { SPANS } from './spans.ts';
import { SURROUNDINGS } from './surroundings.ts';
import type { Way } from './way.ts';

/** All ways, by a name that says what is odd. */
export const MANGLINGS: Record<string, Way> = { ...SPANS, ...SURROUNDINGS, ...FILES };

/** One step of mangling: what is done, and where. */
export interface Mangling {
  name: string;
  at: number;
}

/** Evidence of the same exercise, mangled; the given one stays as it is. */
export function mangled(evidence: Evidence, steps: readonly Mangling[]): Evidence {
  const copy = structuredClone(evidence);
  for (const { name, at } of steps) MANGLINGS[name]?.(copy, at);
  return copy;
}
