import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { oneAtATime, watchSaves } from '../start/index.ts';
import { TREE_PARTS } from '../tree/index.ts';

const help = `npm run watch grades your current exercise at every save.
npm run watch -- 3 grades exercise 3; every option of npm run grade works here.
Stop it with Ctrl-C.`;

/** Grades now and after each save, with the arguments given to it. Runs until Ctrl-C. */
async function main(words: string[]): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) {
    console.log(help);
    return 0;
  }
  let grading: ChildProcess | null = null;
  let stopping = false;
  let misused = false;
  const queue = oneAtATime(async () => {
    if (stopping || misused) return;
    if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[3J\x1b[H');
    // A process of its own for each: what one grading left in memory is no part of the next.
    grading = spawn(process.execPath, [path.join(import.meta.dirname, 'grade.ts'), ...words], {
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

process.exit(await main(process.argv.slice(2)));
