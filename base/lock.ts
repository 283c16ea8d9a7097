import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { until } from './until.ts';

/** SQLITE_BUSY: somebody else has the file locked. */
const BUSY = 5;

/** A lock that this caller holds. */
export interface Lock {
  /** May be called again. */
  release(): void;
}

/**
 * Takes a lock, or returns null while another process, or another caller in this one, holds it. The lock is an empty
 * SQLite file, since on every system the operating system releases such a lock when its owner is killed: there is no
 * stale lock to judge. The file stays when the lock is released, because whoever removed it could remove another's.
 * @throws Error when the file cannot be written
 */
export function tryLock(file: string): Lock | null {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => void (database.isOpen && database.close()) };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === BUSY) return null;
    throw error;
  }
}

/** Takes a lock as soon as it is free; null if it is not within `maxMs` milliseconds. Throws as `tryLock` does. */
export async function takeLock(file: string, maxMs: number): Promise<Lock | null> {
  let lock: Lock | null = null;
  await until(
    () => {
      lock = tryLock(file);
      return lock !== null;
    },
    { maxMs },
  );
  return lock;
}
