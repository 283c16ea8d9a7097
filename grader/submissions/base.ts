import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { workshopDirectory } from '@workshop/base';
import { chainFiles, type TreeFiles } from '../tree/index.ts';
import { patchedFiles, type ReadText } from './patch.ts';
import { labelOf, type Submission } from './store.ts';

/** The chain that a submission lies on. */
export interface Base {
  files: TreeFiles;
  read: ReadText;
}

export async function baseOf(number: number): Promise<Base> {
  const files = await chainFiles(number);
  return { files, read: readFrom(files) };
}

export function readFrom(files: TreeFiles): ReadText {
  return async (path) => {
    const source = files.get(path);
    return source === undefined ? null : readFile(source, 'utf8');
  };
}

/**
 * The files of a submission's tree. What it changes is written to a folder of its own below .workshop.
 * @throws PatchConflict when the patch does not fit its base any more
 */
export async function submissionFiles(submission: Submission): Promise<TreeFiles> {
  const { files, read } = await baseOf(submission.base);
  const changed = await patchedFiles(submission.patch, read);
  const folder = join(workshopDirectory, 'submissions/patched', labelOf(submission));
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of changed) {
    if (text === null) {
      files.delete(path);
      continue;
    }
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    files.set(path, target);
  }
  return files;
}
