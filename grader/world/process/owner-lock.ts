import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-table.ts';

/** A takeover takes microseconds; a guard file this old was left by a process that was killed in the middle. */
const guardMaxAgeMs = 5_000;

export interface OwnerLock {
  release(): void;
}

/**
 * A lock held by a live process: a file that names its owner by pid and start time. The lock of a process that is
 * gone, even one that was killed, is taken over. Returns null while somebody else (or this process) holds it.
 */
export function tryLock(file: string): OwnerLock | null {
  const mine = JSON.stringify(ownIdentity());
  if (createNew(file, mine)) return lockAt(file, mine);
  if (ownerIsAlive(file)) return null;
  // Two processes may both see the dead owner. Only the one that makes the guard file may replace the lock.
  const guard = `${file}.takeover`;
  if (!createNew(guard, mine)) {
    if (ageMs(guard) > guardMaxAgeMs) rmSync(guard, { force: true });
    return null;
  }
  try {
    if (ownerIsAlive(file)) return null;
    const fresh = `${file}.${randomBytes(6).toString('hex')}`;
    writeFileSync(fresh, mine);
    renameSync(fresh, file);
    return lockAt(file, mine);
  } finally {
    rmSync(guard, { force: true });
  }
}

function lockAt(file: string, mine: string): OwnerLock {
  return {
    release() {
      if (read(file) === mine) rmSync(file, { force: true });
    },
  };
}

function createNew(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ownerIsAlive(file: string): boolean {
  const text = read(file);
  if (text === null) return false;
  try {
    return isAlive(JSON.parse(text) as ProcessIdentity);
  } catch {
    // Created but not yet written: its owner is alive, unless the file is old.
    return ageMs(file) < guardMaxAgeMs;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
