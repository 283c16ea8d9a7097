import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { endWithThisProcess } from '../../world/index.ts';
import type { GradingNews, GradingOrder } from './messages.ts';

/**
 * How long it may take to end everything that it started, once asked. Then it is ended, and the watchdog ends the rest:
 * nothing of it is of value, and whoever pressed Ctrl-C waits.
 */
const END_MS = 800;
const MEMORY_MB = 1_024;
/** What Jest keeps of each judgement stays in its process: a process of this size makes room for a new one. */
const LARGE_BYTES = 600 * 1024 ** 2;

/** The process that grades, from outside. One that crashed is started again by the next order. */
export class GradingProcess {
  readonly #hear: (news: GradingNews) => void;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;
  /** the order that it has not answered yet */
  #order: number | null = null;
  #ending = false;
  /** those that are on their way out */
  readonly #retired = new Set<ChildProcess>();

  /** @param hear gets all news; a process that ends in the middle of an order is news, too */
  constructor(environment: NodeJS.ProcessEnv, hear: (news: GradingNews) => void) {
    this.#environment = environment;
    this.#hear = hear;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  #start(): void {
    if (this.#child || this.#ending) return;
    const child = fork(path.join(import.meta.dirname, 'grading-process-main.ts'), [], {
      cwd: repositoryRoot,
      env: this.#environment,
      execArgv: [`--max-old-space-size=${MEMORY_MB}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Its own group: Ctrl-C in the terminal is for the one who started it.
      detached: process.platform !== 'win32',
    });
    const forget =
      child.pid === undefined || process.platform === 'win32'
        ? () => {}
        : endWithThisProcess(child.pid, 'KILL');
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk).slice(-4_000);
    });
    child.on('message', (news: GradingNews) => {
      if (news.kind !== 'step' && news.kind !== 'ready') this.#order = null;
      if (news.kind === 'graded' && news.memoryBytes > LARGE_BYTES) this.#retire(child);
      this.#hear(news);
    });
    child.once('exit', (code, signal) => {
      forget();
      if (this.#child !== child) return;
      this.#child = null;
      const order = this.#order;
      this.#order = null;
      if (order === null || this.#ending) return;
      const message = `The grading process ended (${signal ?? `exit code ${code}`}).\n${complaint}`.trim();
      this.#hear({ kind: 'failed', order, message });
    });
    this.#child = child;
  }

  /** Has it load what grading this exercise needs. */
  warmUp(exercise: string, root: string): void {
    this.#start();
    this.#send({ kind: 'warm-up', exercise, root });
  }

  grade(order: Omit<Extract<GradingOrder, { kind: 'grade' }>, 'kind'>): void {
    this.#start();
    this.#order = order.order;
    this.#send({ kind: 'grade', ...order });
  }

  /** The files of an order that was sent before stand still now. */
  settled(order: number): void {
    this.#send({ kind: 'settled', order });
  }

  drop(): void {
    this.#send({ kind: 'drop' });
  }

  /** Lets it end beside whatever comes next, which another process does. */
  #retire(child: ChildProcess): void {
    this.#child = null;
    child.send({ kind: 'end' } satisfies GradingOrder, () => {});
    this.#retired.add(child);
    child.once('exit', () => this.#retired.delete(child));
  }

  /** Ends it with everything that it started. */
  async end(): Promise<void> {
    this.#ending = true;
    this.#send({ kind: 'end' });
    await Promise.all([...this.#retired, ...(this.#child ? [this.#child] : [])].map(gone));
  }

  /** Ends it at once; what it started is ended by the watchdog that outlives it. */
  kill(): void {
    this.#ending = true;
    for (const child of [...this.#retired, this.#child]) child?.kill('SIGKILL');
  }

  #send(order: GradingOrder): void {
    const child = this.#child;
    // A process that is ending takes no more messages; its end is told.
    if (child?.connected) child.send(order, () => {});
  }
}

/** Resolves when it has ended, which it was asked to; after a while it is ended. */
async function gone(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await ended;
  clearTimeout(timer);
}
