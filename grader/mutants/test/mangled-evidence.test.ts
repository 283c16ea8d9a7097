import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Evidence } from '../../evidence/index.ts';
import { stopPageBuilder, stopSharedServer } from '../../world/index.ts';
import { troubles, verdicts } from './support/judged.ts';
import { MANGLINGS, mangled } from './support/mangling/index.ts';
import { noMangledEvidenceIsTrouble } from './support/property.ts';
import { soundEvidence } from './support/sound-evidence.ts';

describe('mangled evidence', { concurrency: false }, () => {
  let sound: Evidence[] = [];
  before(async () => {
    sound = await soundEvidence();
  });
  after(() => {
    stopPageBuilder();
    return stopSharedServer();
  });

  test('is made of what the last solution shows, which passes every exercise', async () => {
    assert.ok(sound.length > 10, `evidence of ${sound.length} exercises`);
    assert.deepEqual(
      (await verdicts(sound)).filter(({ verdict }) => verdict !== 'pass'),
      [],
    );
    assert.deepEqual(await troubles(sound), []);
  });

  for (const name of Object.keys(MANGLINGS)) {
    test(`${name}: that is other evidence in some exercise`, () => {
      assert.ok(sound.some((one) => JSON.stringify(mangled(one, [{ name, at: 1 }])) !== JSON.stringify(one)));
    });
  }

  test('is judged without trouble: no check throws, and each that fails says why', async () => {
    // The same every time; new ones are drawn in the soak test.
    await noMangledEvidenceIsTrouble(sound, { runs: 40, seed: 20261124 });
  });
});
