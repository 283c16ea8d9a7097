import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WorkshopError } from '@workshop/base';

/** Two processes on one queue would send everything twice. */
export class QueueInUse extends WorkshopError {
  override name = 'QueueInUse';
}

/** How old a sign of life may be. A process that was killed, and whose number another one has now, is stale. */
const STALE_MS = 15_000;

/** Claims a folder for this process; the function that is returned gives it back. Throws QueueInUse. */
export function claim(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, 'owner');
  const mine = `${process.pid}`;
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw error;
      const pid = liveOwner(file);
      if (pid !== null) throw new QueueInUse(`Process ${pid} forwards to Honeycomb already.`);
      rmSync(file, { force: true });
    }
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // The folder was removed under us: then nobody else owns it either.
    }
  }, STALE_MS / 3);
  heartbeat.unref();
  return () => {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  };
}

function liveOwner(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return null;
    return isRunning(pid) ? pid : null;
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
