import { after, test } from 'node:test';
import { freshSeed } from '@workshop/base';
import { stopPageBuilder, stopSharedServer } from '../../world/index.ts';
import { noMangledEvidenceIsTrouble } from './support/property.ts';
import { soundEvidence } from './support/sound-evidence.ts';

const RUNS = 600;

after(() => {
  stopPageBuilder();
  return stopSharedServer();
});

test(`${RUNS} times all exercises: mangled evidence is judged without trouble`, async () => {
  await noMangledEvidenceIsTrouble(await soundEvidence(), { runs: RUNS, seed: freshSeed() });
});
