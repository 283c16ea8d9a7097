import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { type TreePlace, WorkingTreeError } from './place.ts';

/** A replacement takes well under a second. Whoever holds the lock longer is stuck or stopped. */
const PATIENCE_MS = 15_000;
const BUSY = 5;

/**
 * Runs `work` while no other command touches the same working tree. The lock is an empty SQLite file, since the system
 * itself releases such a lock when its owner is killed, on every system: there is no stale lock to judge.
 * @throws WorkingTreeError when another command holds it for 15 s
 */
export async function withTreeLock<T>(place: TreePlace, work: () => Promise<T>): Promise<T> {
  const lock = await openLock(place);
  try {
    const until = Date.now() + PATIENCE_MS;
    while (!taken(lock)) {
      if (Date.now() > until) {
        throw new WorkingTreeError(
          'Another command is changing your files right now (goto, reset or undo). Wait for it, or end it, and try again.',
        );
      }
      await delay(20);
    }
    return await work();
  } finally {
    lock.close();
  }
}

async function openLock(place: TreePlace): Promise<DatabaseSync> {
  try {
    await mkdir(place.workshop, { recursive: true });
    return new DatabaseSync(join(place.workshop, 'working-tree.lock'), { timeout: 0 });
  } catch (error) {
    throw cannotLock(error);
  }
}

function cannotLock(error: unknown): WorkingTreeError {
  return new WorkingTreeError(
    `The folder .workshop cannot be written (${(error as Error).message}). Nothing was changed. Look at its rights and at the free disk space.`,
  );
}

function taken(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return false;
    throw cannotLock(error);
  }
}
