import { readFile, writeFile } from 'node:fs/promises';
import { type Base, baseOf } from './base.ts';
import { writePatchFile } from './header.ts';
import { createPatch, patchedFiles } from './patch.ts';
import type { Submission } from './store.ts';

export interface Rebased {
  submission: Submission;
  /** `rewritten`: it was carried over, `same`: nothing to do, else why it could not be */
  outcome: 'same' | 'rewritten' | { conflict: string };
}

/** Carries every patch over to what its base is now, and writes it anew. Conflicts are reported and left as they are. */
export async function rebaseAll(
  submissions: readonly Submission[],
  baseFor: (number: number) => Promise<Pick<Base, 'read'>> = baseOf,
): Promise<Rebased[]> {
  const results: Rebased[] = [];
  for (const submission of submissions) {
    const { read } = await baseFor(submission.base);
    try {
      const patch = await createPatch(await patchedFiles(submission.patch, read, true), read);
      if (patch === '') throw new Error('nothing of it is left: its base holds all that it changes');
      const text = writePatchFile(submission, patch);
      const same = text === (await readFile(submission.path, 'utf8')).replaceAll('\r\n', '\n');
      if (!same) await writeFile(submission.path, text);
      results.push({ submission, outcome: same ? 'same' : 'rewritten' });
    } catch (error) {
      results.push({ submission, outcome: { conflict: (error as Error).message } });
    }
  }
  return results;
}
