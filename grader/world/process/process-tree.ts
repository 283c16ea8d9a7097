import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  findProcess,
  ownIdentity,
  type ProcessEntry,
  type ProcessIdentity,
  processTable,
} from './process-table.ts';
import { holdsConnection } from './socket-owner.ts';

/**
 * Everything that one shell command started: its process group, the children of its children, processes that were
 * told to us, and (on Linux) those that left all of that behind but still carry our mark in their environment.
 * Once seen, a process belongs to the tree until its end, whatever its parent becomes.
 */
export class ProcessTree {
  readonly root: ProcessIdentity;
  readonly #mark: Buffer;
  readonly #known = new Map<number, string>();
  readonly #strangers = new Set<string>();

  /**
   * @param rootPid leader of its own process group
   * @param mark text that only the environment of this tree's processes holds
   */
  constructor(rootPid: number, mark: string) {
    this.root = { pid: rootPid, startTime: findProcess(rootPid)?.startTime ?? '' };
    this.#mark = Buffer.from(mark);
    this.#known.set(rootPid, this.root.startTime);
  }

  /**
   * Adds a process that said it belongs here, if it does: the pid is its own word, and whatever is in this tree is killed
   * at the end. It is true of one that holds the very connection over which it was said; without a way to see that, of
   * one that is found by its parents.
   */
  async adopt(pid: number, ports: { local: number; remote: number }): Promise<void> {
    const found = findProcess(pid);
    if (!found || pid === process.pid) return;
    if (process.platform === 'linux' && startedBefore(found.startTime, this.root.startTime)) return;
    if (holdsConnection(pid, ports.local, ports.remote)) this.#known.set(pid, found.startTime);
    else await this.look();
  }

  /** Every process known so far, alive or not. */
  known(): ProcessIdentity[] {
    return [...this.#known].map(([pid, startTime]) => ({ pid, startTime }));
  }

  /** Memory of the processes known so far, without a search for new ones. Cheap on Linux only. */
  knownMemoryBytes(): number {
    let bytes = 0;
    for (const [pid, startTime] of this.#known) {
      const found = findProcess(pid);
      if (found?.startTime === startTime) bytes += found.memoryBytes;
    }
    return bytes;
  }

  /** Looks at the machine's processes and returns the live ones of this tree. */
  async look(): Promise<ProcessEntry[]> {
    const table = await processTable();
    const byPid = new Map(table.map((entry) => [entry.pid, entry]));
    const ours = new Map<number, ProcessEntry>();
    for (const [pid, startTime] of this.#known) {
      const entry = byPid.get(pid);
      if (entry?.startTime === startTime) ours.set(pid, entry);
    }
    const leader = byPid.get(this.root.pid);
    // The group's number may belong to somebody else by now: then its leader started at another time.
    const groupIsOurs = leader === undefined || leader.startTime === this.root.startTime;
    for (const entry of table) {
      if (groupIsOurs && entry.groupId === this.root.pid) ours.set(entry.pid, entry);
      else if (!ours.has(entry.pid) && this.#carriesMark(entry)) ours.set(entry.pid, entry);
    }
    for (let grew = true; grew; ) {
      grew = false;
      for (const entry of table) {
        if (ours.has(entry.pid) || !ours.has(entry.parentPid)) continue;
        ours.set(entry.pid, entry);
        grew = true;
      }
    }
    for (const entry of ours.values()) this.#known.set(entry.pid, entry.startTime);
    return [...ours.values()];
  }

  /** A daemon (double fork, own session) has no tie to us left but the environment it was born with. */
  #carriesMark(entry: ProcessEntry): boolean {
    if (process.platform !== 'linux' || entry.pid === ownIdentity().pid) return false;
    const key = `${entry.pid} ${entry.startTime}`;
    if (this.#strangers.has(key) || startedBefore(entry.startTime, this.root.startTime)) return false;
    try {
      const environment = readFileSync(`/proc/${entry.pid}/environ`);
      if (environment.includes(this.#mark)) return true;
      // Empty between fork and exec: look again next time.
      if (environment.length > 0) this.#strangers.add(key);
    } catch {
      this.#strangers.add(key);
    }
    return false;
  }

  /**
   * Ends the whole tree with SIGKILL and waits until nothing of it is left.
   * @returns how many processes had outlived the command itself, and whether all are gone
   */
  async end(patienceMs = 3_000): Promise<{ leftBehind: number; gone: boolean }> {
    let members = await this.look();
    const leftBehind = this.#strayed(members).length;
    for (const deadline = Date.now() + patienceMs; members.length > 0; ) {
      this.#kill(members);
      const alive = members.filter((entry) => findProcess(entry.pid)?.startTime === entry.startTime);
      if (alive.length > 0) await new Promise((resolve) => setTimeout(resolve, 4));
      // Searched again: a process may have forked while it was being killed.
      members = await this.look();
      if (Date.now() > deadline) return { leftBehind, gone: members.length === 0 };
    }
    return { leftBehind, gone: true };
  }

  /** Those that are neither in the command's group nor below it: they would have stayed. */
  #strayed(members: ProcessEntry[]): ProcessEntry[] {
    const rootLives = members.some((entry) => entry.pid === this.root.pid);
    if (!rootLives) return members;
    const tied = new Set([this.root.pid]);
    for (let grew = true; grew; ) {
      grew = false;
      for (const entry of members) {
        if (tied.has(entry.pid)) continue;
        if (entry.groupId !== this.root.pid && !tied.has(entry.parentPid)) continue;
        tied.add(entry.pid);
        grew = true;
      }
    }
    return members.filter((entry) => !tied.has(entry.pid));
  }

  #kill(members: ProcessEntry[]): void {
    if (process.platform === 'win32') {
      for (const { pid } of members)
        spawnSync('taskkill', ['/T', '/F', '/PID', String(pid)], { windowsHide: true });
      return;
    }
    if (members.some((entry) => entry.groupId === this.root.pid)) killQuietly(-this.root.pid);
    for (const { pid } of members) killQuietly(pid);
  }
}

function killQuietly(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

/** Linux only: both texts end in ticks since boot. */
function startedBefore(a: string, b: string): boolean {
  return Number(a.slice(a.indexOf(':') + 1)) < Number(b.slice(b.indexOf(':') + 1));
}
