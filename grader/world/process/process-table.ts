import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * One process of this machine. A pid alone is no identity, since systems use pids again: always compare
 * `startTime` too. `startTime` is text whose form differs between systems: only compare it.
 */
export interface ProcessEntry {
  pid: number;
  parentPid: number;
  /** 0 on Windows, which has no process groups. */
  groupId: number;
  startTime: string;
  memoryBytes: number;
}

/** Names one process for ever: the pid, and when that process started. */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
}

const PAGE_BYTES = 4096;
let bootId: string | undefined;

/** Ticks since boot repeat after a restart of the machine, so the boot's own id goes in front. */
function linuxStartTime(ticks: string): string {
  try {
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  } catch {
    bootId ??= 'boot';
  }
  return `${bootId}:${ticks}`;
}

function linuxEntry(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return {
      pid,
      parentPid: Number(fields[1]),
      groupId: Number(fields[2]),
      startTime: linuxStartTime(fields[19] ?? ''),
      memoryBytes: Number(fields[21]) * PAGE_BYTES,
    };
  } catch {
    return null;
  }
}

function parsePs(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parentPid, groupId, state, kibibytes, ...start] = line.trim().split(/\s+/);
    if (pid === undefined || start.length === 0 || state?.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        groupId: Number(groupId),
        startTime: start.join(' '),
        memoryBytes: Number(kibibytes) * 1024,
      },
    ];
  });
}

const PS_COLUMNS = 'pid=,ppid=,pgid=,state=,rss=,lstart=';
const windowsCommand =
  'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.WorkingSetSize) $($_.CreationDate.Ticks)" }';

/** Every live process (zombies are not), in no order. Cheap on Linux; on others it starts a command. */
export async function processTable(): Promise<ProcessEntry[]> {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => linuxEntry(Number(name)) ?? []);
  }
  const run = promisify(execFile);
  const options = { maxBuffer: 16 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C' } };
  if (process.platform === 'win32') {
    const { stdout } = await run('powershell.exe', ['-NoProfile', '-Command', windowsCommand], options);
    return stdout.split('\n').flatMap((line) => {
      const [pid, parentPid, memoryBytes, startTime] = line.trim().split(' ');
      if (startTime === undefined) return [];
      return [
        {
          pid: Number(pid),
          parentPid: Number(parentPid),
          groupId: 0,
          startTime,
          memoryBytes: Number(memoryBytes),
        },
      ];
    });
  }
  return parsePs((await run('ps', ['-axo', PS_COLUMNS], options)).stdout);
}

/** One live process, or null. Synchronous; on macOS and Windows it costs the start of a command. */
export function findProcess(pid: number): ProcessEntry | null {
  if (process.platform === 'linux') return linuxEntry(pid);
  if (process.platform === 'win32') return findOnWindows(pid);
  const { stdout } = spawnSync('ps', ['-o', PS_COLUMNS, '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return parsePs(stdout ?? '')[0] ?? null;
}

function findOnWindows(pid: number): ProcessEntry | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  const { stdout } = spawnSync(
    'powershell.exe',
    ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`],
    { encoding: 'utf8', windowsHide: true },
  );
  return { pid, parentPid: 0, groupId: 0, startTime: stdout?.trim() ?? '', memoryBytes: 0 };
}

/** True while this very process lives: the same pid started at another time is another process. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return findProcess(pid)?.startTime === startTime;
}

let own: ProcessIdentity | undefined;

/** Who this process is, for lock files and for the records of what it started. */
export function ownIdentity(): ProcessIdentity {
  own ??= { pid: process.pid, startTime: findProcess(process.pid)?.startTime ?? '' };
  return own;
}
