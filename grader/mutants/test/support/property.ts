import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Evidence } from '../../../evidence/index.ts';
import { troubles } from './judged.ts';
import { MANGLINGS, type Mangling, mangled } from './mangling/index.ts';

const mangling: fc.Arbitrary<Mangling> = fc.record({
  name: fc.constantFrom(...Object.keys(MANGLINGS)),
  at: fc.nat(40),
});

/**
 * Each run mangles the evidence of every exercise in up to three ways, and judges all of it in one go: that takes as
 * long as judging a few.
 * @throws with the fewest manglings that show the trouble; the message holds the seed
 */
export async function noMangledEvidenceIsTrouble(
  sound: readonly Evidence[],
  { runs, seed }: { runs: number; seed: number },
): Promise<void> {
  const steps = fc.tuple(...sound.map(() => fc.array(mangling, { maxLength: 3 })));
  const property = fc.asyncProperty(steps, async (each) => {
    assert.deepEqual(await troubles(sound.map((one, at) => mangled(one, each[at] ?? []))), []);
  });
  await fc.assert(property, { numRuns: runs, seed });
}
