import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { WorkshopError } from '@workshop/base';

/** Says before the grading, and not after it, that the report cannot be written. */
export async function canWrite(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('not a folder');
    await access(folder, constants.W_OK);
  } catch {
    throw new WorkshopError(
      `The report cannot be written: there is no folder ${dirname(path)} that may be written to.`,
    );
  }
  if (
    await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
  ) {
    throw new WorkshopError(`The report cannot be written: ${path} is a folder.`);
  }
}
