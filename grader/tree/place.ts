import { join } from 'node:path';
import { repositoryRoot, takeLock, WorkshopError, workshopDirectory } from '@workshop/base';

/** Where a working tree lies, and where the workshop keeps its own records of it. Both on one file system. */
export interface TreePlace {
  /** the folder that holds app-backend, answers.json and so on */
  root: string;
  /** holds snapshots, the journal and the progress */
  workshop: string;
}

/** The learner's own working tree. */
export const ownPlace: TreePlace = { root: repositoryRoot, workshop: workshopDirectory };

/** The working tree could not be changed, or a snapshot could not be taken. The message says what is where now. */
export class WorkingTreeError extends WorkshopError {}

/** A replacement takes well under a second. Whoever holds the lock longer is stuck or stopped. */
const PATIENCE_MS = 15_000;

/**
 * Runs `work` while no other command touches the same working tree.
 * @throws WorkingTreeError when another command holds it for 15 s, or the lock cannot be written
 */
export async function withTreeLock<T>(place: TreePlace, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(join(place.workshop, 'working-tree.lock'), PATIENCE_MS).catch(
    (error: Error) => {
      throw new WorkingTreeError(
        `The folder .workshop cannot be written (${error.message}). Nothing was changed. Look at its rights and at the free disk space.`,
      );
    },
  );
  if (!lock) {
    throw new WorkingTreeError(
      'Another command is changing your files right now (goto, reset or undo). Wait for it, or end it, and try again.',
    );
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);

/**
 * One clear error for a disk that is full or a folder that cannot be written; any other error as it is.
 * @param outcome what is true of the learner's files now, one sentence
 */
export function explainDisk(error: unknown, outcome: string): unknown {
  const { code = '', path } = error as NodeJS.ErrnoException;
  if (DISK_FULL.has(code)) {
    return new WorkingTreeError(`The disk is full (${code}). ${outcome} Make some room and try again.`);
  }
  if (NOT_WRITABLE.has(code)) {
    return new WorkingTreeError(
      `${path ?? 'A file'} cannot be written (${code}). ${outcome} Close programs that hold it, look at its rights, and try again.`,
    );
  }
  return error;
}
