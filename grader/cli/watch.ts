import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { oneAtATime, watchSaves } from '../start/index.ts';
import { TREE_PARTS } from '../tree/index.ts';

/** Grades now and after each save, with the arguments given to it. Runs until Ctrl-C. */
export async function watch(words: readonly string[]): Promise<number> {
  let grading: ChildProcess | null = null;
  let stopping = false;
  let misused = false;
  const queue = oneAtATime(async () => {
    if (stopping || misused) return;
    if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[3J\x1b[H');
    // A process of its own for each: what one grading left in memory is no part of the next.
    grading = spawn(process.execPath, [path.join(import.meta.dirname, 'workshop.ts'), 'grade', ...words], {
      cwd: repositoryRoot,
      stdio: 'inherit',
    });
    const code = await new Promise<number | null>((resolve) => {
      grading!.once('error', () => resolve(3));
      grading!.once('exit', resolve);
    });
    grading = null;
    misused = code === 2;
    if (!stopping && !misused) {
      process.stdout.write(`\n${clock()}  Waiting for your next save. Ctrl-C ends this.\n`);
    }
    if (misused) end();
  });
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const watcher = watchSaves(repositoryRoot, TREE_PARTS, () => queue.ask());
  await watcher.ready;
  const stop = () => {
    stopping = true;
    // On a terminal it has had the signal itself; a second one does no harm.
    grading?.kill('SIGTERM');
    end();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  queue.ask();
  await ended;
  await watcher.close();
  await queue.idle();
  return misused ? 2 : 0;
}

function clock(): string {
  return new Date().toLocaleTimeString('en-GB');
}
