import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The program that listens on a port. */
export interface PortHolder {
  pid: number;
  /** its command line, cut, or at least its name */
  command: string;
}

const run = promisify(execFile);
const LIMIT_MS = 2_000;
const LONGEST = 60;

/** Who listens on a port of this machine; null when the system does not say, as of another user's program. */
export async function portHolder(port: number): Promise<PortHolder | null> {
  try {
    const pid = await pidOn(port);
    return pid === null ? null : { pid, command: (await commandOf(pid)).slice(0, LONGEST) };
  } catch {
    return null;
  }
}

async function pidOn(port: number): Promise<number | null> {
  if (process.platform === 'linux') return pidOnLinux(port);
  if (process.platform === 'win32') {
    const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'], { timeout: LIMIT_MS, windowsHide: true });
    const line = new RegExp(`^\\s*TCP\\s+\\S+:${port}\\s+\\S+\\s+LISTENING\\s+(\\d+)`, 'm').exec(stdout);
    return line ? Number(line[1]) : null;
  }
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { timeout: LIMIT_MS });
  return Number(stdout.trim().split('\n')[0]) || null;
}

/** The listening socket's inode, and whose open file it is: proc(5). */
async function pidOnLinux(port: number): Promise<number | null> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n')) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      // 0A: LISTEN
      if (state === '0A' && local.endsWith(`:${wanted}`)) sockets.add(`socket:[${inode}]`);
    }
  }
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const file of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      if (sockets.has(await readlink(`/proc/${pid}/fd/${file}`).catch(() => ''))) return Number(pid);
    }
  }
  return null;
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  if (process.platform === 'win32') {
    const filter = ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'];
    const { stdout } = await run('tasklist', filter, { timeout: LIMIT_MS, windowsHide: true });
    return /^"([^"]+)"/.exec(stdout)?.[1] ?? 'a program';
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)], { timeout: LIMIT_MS });
  return stdout.trim();
}
