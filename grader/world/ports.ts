import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { isFree, tryLock } from '@workshop/base';
import { WorldError } from './error.ts';

/**
 * Below the ports that systems hand out for outgoing connections (Linux from 32768, macOS and Windows from 49152), so
 * nothing takes a port between our look at it and the moment the learner's process listens on it, a second later.
 */
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;

export interface ReservedPort {
  port: number;
  /** Gives the port back. Only other graders heed a reservation: nobody listens on the port meanwhile. */
  release(): void;
}

/**
 * A port on which nothing listens and which no other grader on this machine has reserved.
 * @param propose which port to try next
 */
export async function reservePort(propose: () => number = randomPort): Promise<ReservedPort> {
  const directory = path.join(tmpdir(), `murmur-workshop-ports-${userInfo().username}`);
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = propose();
    const lock = tryLock(path.join(directory, `${port}.lock`));
    if (lock === null) continue;
    if (await isFree(port)) return { port, release: () => lock.release() };
    lock.release();
  }
  throw new WorldError('No free port between 20000 and 32000 on this machine.');
}

function randomPort(): number {
  return FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
}
