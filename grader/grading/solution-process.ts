import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { endWithThisProcess } from '../world/index.ts';

export interface SolutionOrder {
  /** id of the exercise */
  exercise: string;
  /** number of the chain's last solution that is driven */
  reached: number;
  /** the same draws the same people and posts, so that only the code makes a difference */
  seed: number;
}

export type SolutionNews =
  /** what is done now, in a few words */
  | { kind: 'step'; text: string }
  /** why there is nothing to be seen; a sentence or a few lines */
  | { kind: 'failed'; message: string };

/**
 * Drives a solution in a process of its own, so that what it needs is gone afterwards, and keeps what it saw by the
 * content hash of its files: `keptEvidence` finds it.
 */
export class SolutionProcess {
  readonly #child: ChildProcess;
  /** resolves when it has ended: null, or why it could not be driven */
  readonly ended: Promise<string | null>;

  constructor(order: SolutionOrder, environment: NodeJS.ProcessEnv, onStep: (text: string) => void) {
    this.#child = fork(path.join(import.meta.dirname, 'solution-process-main.ts'), [JSON.stringify(order)], {
      cwd: repositoryRoot,
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Its own group: Ctrl-C in the terminal is for the one who started it.
      detached: process.platform !== 'win32',
    });
    const { pid } = this.#child;
    const forget =
      pid === undefined || process.platform === 'win32' ? () => {} : endWithThisProcess(pid, 'KILL');
    let failed: string | null = null;
    let complaint = '';
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk).slice(-4_000);
    });
    this.#child.on('message', (news: SolutionNews) => {
      if (news.kind === 'step') onStep(news.text);
      else failed = news.message;
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('exit', (code, signal) => {
        forget();
        if (failed === null && code !== 0)
          failed = `The process that drives the solution ended (${signal ?? `exit code ${code}`}).\n${complaint}`;
        resolve(failed?.trim() ?? null);
      });
    });
  }

  /** Ends it at once; what it started is ended by the watchdog that outlives it. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
