import type { Mutant } from './generate.ts';

/** Mutants of each exercise that a sample holds: a few minutes for all exercises. */
const EACH = 2;

/** A few of an exercise's mutants, far apart in the list, so that they are of different operators; always the same. */
export function sampleOf(mutants: readonly Mutant[]): Mutant[] {
  const step = mutants.length / EACH;
  if (step <= 1) return [...mutants];
  return Array.from({ length: EACH }, (_one, at) => mutants[Math.floor((at + 0.5) * step)] as Mutant);
}
