import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProcess } from '../process/process-table.ts';
import { unprivilegedUser } from '../server-directory.ts';
import { explainFailure, type PostgresBinaries } from './binaries.ts';

/** A folder with a PostgreSQL data directory, and the password of its users `postgres` (superuser) and `murmur`. */
export interface Cluster {
  directory: string;
  password: string;
}

/** The password of a cluster: random, so that nobody else on this machine can log in. Known before initdb runs. */
export function readOrMakePassword(directory: string): string {
  const file = path.join(directory, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const password = randomBytes(18).toString('hex');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}

/**
 * Makes the data directory unless it is there (0.9 s once). Expects that the caller holds the lock of the cluster.
 * @throws WorldError if initdb does not run here
 */
export async function prepareCluster(
  binaries: PostgresBinaries,
  { directory, password }: Cluster,
): Promise<void> {
  const dataDirectory = path.join(directory, 'data');
  if (existsSync(path.join(dataDirectory, 'PG_VERSION'))) return;
  rmSync(dataDirectory, { recursive: true, force: true });
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const user = unprivilegedUser();
  if (user) chownSync(dataDirectory, user.uid, user.gid);
  // initdb reads the password from a file that its own user can read: a command line is public.
  const handOver = path.join(directory, `initdb-password-${process.pid}`);
  writeFileSync(handOver, password, { mode: 0o600 });
  if (user) chownSync(handOver, user.uid, user.gid);
  // The password is random and long, so one round of hashing is as safe as thousands, and quicker to connect with.
  const options = [
    '-A',
    'scram-sha-256',
    '-c',
    'scram_iterations=1',
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
  ];
  try {
    await runInitdb(binaries, ['-D', dataDirectory, '-U', 'postgres', '--pwfile', handOver, ...options]);
  } catch (error) {
    rmSync(dataDirectory, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(handOver, { force: true });
  }
}

function runInitdb(binaries: PostgresBinaries, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.program('initdb'), args, {
      ...unprivilegedUser(),
      cwd: path.parse(process.cwd()).root,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => reject(explainFailure(binaries, error.message)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(explainFailure(binaries, output))));
  });
}

/** First line of postmaster.pid: the server's pid. Third: when it started, in seconds. Fourth: its port. Eighth: its state. */
export interface PostmasterFile {
  pid: number;
  port: number;
  startedAtSeconds: number;
  ready: boolean;
}

export function readPostmasterFile(dataDirectory: string): PostmasterFile | null {
  try {
    const lines = readFileSync(path.join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, startedAtSeconds, port] = [lines[0], lines[2], lines[3]].map(Number) as [
      number,
      number,
      number,
    ];
    return { pid, port, startedAtSeconds, ready: lines[7]?.trim() === 'ready' };
  } catch {
    return null;
  }
}

/** The port of the server that runs on this data directory, null when none does. */
export function portOfRunning(dataDirectory: string): number | null {
  const file = readPostmasterFile(dataDirectory);
  return file?.ready && isPostmasterOf(dataDirectory, file.pid) ? file.port : null;
}

/**
 * Clears what a killed grader left in a data directory whose lock we hold: ends its server if it still runs, and
 * removes a postmaster.pid whose pid another program has by now (PostgreSQL would refuse to start beside it).
 */
export async function clearLeftServer(dataDirectory: string): Promise<void> {
  const left = readPostmasterFile(dataDirectory);
  if (left === null) return;
  if (Number.isInteger(left.pid) && isPostmasterOf(dataDirectory, left.pid)) {
    for (const [signal, patienceMs] of [
      ['SIGINT', 3_000],
      ['SIGQUIT', 2_000],
      ['SIGKILL', 2_000],
    ] as const) {
      signalQuietly(left.pid, signal);
      if (await isGone(left.pid, patienceMs)) break;
    }
  }
  rmSync(path.join(dataDirectory, 'postmaster.pid'), { force: true });
}

/** True if this pid is now a server on that very directory: we start it with the directory on its command line. */
function isPostmasterOf(dataDirectory: string, pid: number): boolean {
  if (findProcess(pid) === null) return false;
  const command =
    process.platform === 'linux'
      ? readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
      : process.platform === 'win32'
        ? commandOutput('powershell.exe', [
            '-NoProfile',
            '-Command',
            `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
          ])
        : commandOutput('ps', ['-o', 'command=', '-ww', '-p', String(pid)]);
  return command.includes('postgres') && command.includes(dataDirectory);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function commandOutput(command: string, args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8', windowsHide: true }).stdout ?? '';
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone meanwhile.
  }
}

async function isGone(pid: number, patienceMs: number): Promise<boolean> {
  const startTime = findProcess(pid)?.startTime;
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
    const found = findProcess(pid);
    if (found === null || found.startTime !== startTime) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}
