import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot, workshopDirectory } from '@workshop/base';
import { WorldError } from './error.ts';

/** Makes a directory that every user may pass through (not list), whatever the umask says. */
export function makePassable(directory: string): string {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o711);
  return directory;
}

/**
 * Another user id than ours that a child can take, since PostgreSQL refuses to run as root; undefined if we are not
 * root. `nobody` has another number on macOS.
 */
export function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const fields = /^nobody:(.*)$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[1]?.split(':');
    if (fields) return { uid: Number(fields[1]), gid: Number(fields[2]) };
  } catch {
    // No such file: take the number that Linux systems agree on.
  }
  return { uid: 65534, gid: 65534 };
}

/** True if a user who owns nothing on the way may pass through every directory down to `target`. */
export function othersCanReach(target: string): boolean {
  for (let at = path.resolve(target); ; at = path.dirname(at)) {
    try {
      const found = statSync(at);
      if (found.isDirectory() && (found.mode & 0o001) === 0) return false;
    } catch {
      // Not made yet: what we make ourselves is passable.
    }
    if (at === path.dirname(at)) return true;
  }
}

/**
 * A directory for files that the database server's own user must reach: below .workshop, or below the system's
 * temporary directory when the checkout is closed to others (a home with mode 0700).
 */
export function directoryForServer(name: string): string {
  if (unprivilegedUser() === undefined || othersCanReach(repositoryRoot)) {
    makePassable(workshopDirectory);
    return makePassable(path.join(workshopDirectory, name));
  }
  return path.join(ownTemporaryDirectory(), name);
}

/** One directory per checkout and user. Others can guess its name, so it is used only if it is really ours. */
export function ownTemporaryDirectory(): string {
  const hash = createHash('sha256').update(repositoryRoot).digest('hex').slice(0, 10);
  const directory = path.join(tmpdir(), `murmur-workshop-${process.getuid?.() ?? 'user'}-${hash}`);
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const found = lstatSync(directory);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new WorldError(`${directory} belongs to somebody else. Please remove it, or set TMPDIR.`);
  }
  return makePassable(directory);
}
