import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** What `ps` says of one process. */
interface Listed {
  pid: number;
  parent: number;
  megabytes: number;
  command: string;
}

/** Which part of `npm start` a process belongs to, by its command; the first that fits. */
const PARTS: readonly [part: string, words: RegExp][] = [
  ['grading', /grading-process|solution-process/],
  ['browser', /chrom/i],
  ['database', /postgres/i],
  ['page builds', /\bng(\.js)?\b|esbuild|builder/],
  ['worker', /worker/],
  ['API', /main\.ts|ts-node|start\b/],
];

/**
 * Memory of a process and of all below it, megabytes by part. On Linux what processes share is divided among them (PSS);
 * elsewhere it counts in each of them (RSS).
 */
export async function memoryOf(root: number): Promise<Map<string, number>> {
  const all = await listProcesses();
  const byParent = Map.groupBy(all, ({ parent }) => parent);
  const memory = new Map<string, number>();
  const add = (part: string, megabytes: number): void => {
    memory.set(part, (memory.get(part) ?? 0) + megabytes);
  };
  const queue = all.filter(({ pid }) => pid === root);
  for (const one of queue) {
    queue.push(...(byParent.get(one.pid) ?? []));
    const megabytes = proportional(one.pid) ?? one.megabytes;
    add(one.pid === root ? 'start and lab' : partOf(one.command), megabytes);
  }
  return memory;
}

/** Null where the system does not tell it, or the process has ended. */
function proportional(pid: number): number | null {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1_024;
  } catch {
    return null;
  }
}

function partOf(command: string): string {
  return PARTS.find(([, words]) => words.test(command))?.[0] ?? 'other';
}

/** Linux and macOS. */
async function listProcesses(): Promise<Listed[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,args='], {
    maxBuffer: 32 * 1024 ** 2,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, kilobytes, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), megabytes: Number(kilobytes) / 1_024, command }];
  });
}
