import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * True if that process itself holds the near end of a TCP connection on this machine. Whoever only says that it is that
 * process does not. Linux only; elsewhere the answer is always no.
 * @param localPort port of its own end
 * @param remotePort port of our end
 */
export function holdsConnection(pid: number, localPort: number, remotePort: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const inode = inodeOf(localPort, remotePort);
    if (inode === null) return false;
    const socket = `socket:[${inode}]`;
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => linkOf(pid, descriptor) === socket);
  } catch {
    return false; // it has ended, or is another user's
  }
}

function inodeOf(localPort: number, remotePort: number): string | null {
  const ends = `${hex(localPort)} ${hex(remotePort)}`;
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    // 1: 0100007F:B5E6 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000  0 34567 ...
    const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
    if (`${local?.split(':')[1]} ${remote?.split(':')[1]}` === ends) return inode ?? null;
  }
  return null;
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

function linkOf(pid: number, descriptor: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return ''; // closed meanwhile
  }
}
