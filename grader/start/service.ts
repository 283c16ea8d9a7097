import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { endWithThisProcess, ProcessTree, scriptOf, shellCommand } from '../world/index.ts';
import type { LogLines } from './log-lines.ts';

export interface ServiceOptions {
  packageDir: string;
  /** npm script of that package, read anew at each start: package.json may change while it runs. */
  scriptName: string;
  environment: NodeJS.ProcessEnv;
  log: LogLines;
  /** How long it may take to end after SIGTERM; then SIGKILL. Default 3,000 ms; 0: it has nothing to end, and is not asked. */
  patienceMs?: number;
  /** What to say after it ended by itself. */
  afterEnd?: string;
}

interface Run {
  tree: ProcessTree;
  /** Resolves when its shell has ended and its output is read. */
  closed: Promise<void>;
  /** Resolves when nothing of it runs any more. */
  over: Promise<void>;
}

/** How often we look whether a tree is gone, after its shell has ended. */
const LOOK_MS = 20;

/**
 * One npm script that is kept running: started, ended with everything that it started, started again. It never
 * restarts by itself: a program that crashes at boot would fill the screen.
 */
export class Service {
  readonly #options: ServiceOptions;
  #run: Run | null = null;
  #queue: Promise<void> = Promise.resolve();
  #restartWaits = false;
  #closing = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#run !== null;
  }

  /** Resolves when it does not run any more, whoever ended it; at once if it does not run. */
  get over(): Promise<void> {
    return this.#run?.over ?? Promise.resolve();
  }

  /** Starts it. The promise resolves once the process is there, not when it is ready. */
  start(): Promise<void> {
    return this.#enqueue(async () => this.#spawn());
  }

  /**
   * Ends it and starts it again. Asked several times meanwhile, it does so once more, not several times.
   * @param turn resolves when it may: what runs goes on until then
   */
  restart(turn: () => Promise<unknown> = async () => {}): Promise<void> {
    if (this.#restartWaits) return this.#queue;
    this.#restartWaits = true;
    return this.#enqueue(async () => {
      await turn();
      await this.#end();
      this.#restartWaits = false;
      this.#spawn();
    });
  }

  /** Ends it for good: SIGTERM to all of it, and SIGKILL to what is left after `patienceMs`. */
  close(): Promise<void> {
    this.#closing = true;
    return this.#enqueue(() => this.#end());
  }

  /** Ends it for good and now. */
  async kill(): Promise<void> {
    this.#closing = true;
    await this.#run?.tree.end();
  }

  #enqueue(job: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(job, job);
    return this.#queue;
  }

  #spawn(): void {
    if (this.#closing || this.#run) return;
    const { packageDir, scriptName, environment, log } = this.#options;
    const script = scriptOf(packageDir, scriptName);
    if (script === null) {
      log.say(`There is no script "${scriptName}" in ${path.join(packageDir, 'package.json')}.`);
      return;
    }
    // Only this run's processes carry it, so even those that left the group are found again.
    const mark = `WORKSHOP_RUN=${randomBytes(8).toString('hex')}`;
    const { command, args, verbatim } = shellCommand(script);
    const child = spawn(command, args, {
      cwd: packageDir,
      env: { ...environment, WORKSHOP_RUN: mark.slice('WORKSHOP_RUN='.length) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    child.stdout?.on('data', (chunk: Buffer) => log.add(chunk));
    child.stderr?.on('data', (chunk: Buffer) => log.add(chunk));
    const forget =
      child.pid === undefined || process.platform === 'win32'
        ? () => {}
        : endWithThisProcess(-child.pid, 'KILL');
    const tree = new ProcessTree(child.pid ?? -1, mark);
    const closed = whenClosed(child, log);
    const over = closed.then(async (how) => {
      // A script may leave its server in the background: then the service still runs.
      while ((await tree.look()).length > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      forget();
      log.flush();
      const byItself = this.#run === run && !this.#closing && !run.ending;
      if (this.#run === run) this.#run = null;
      if (byItself) log.say(`It ended (${how}). ${this.#options.afterEnd ?? ''}`.trimEnd());
    });
    const run = { tree, closed: closed.then(() => {}), over, ending: false };
    this.#run = run;
  }

  async #end(): Promise<void> {
    const run = this.#run as (Run & { ending: boolean }) | null;
    if (run === null) return;
    run.ending = true;
    // Windows has no signal that asks: there it is ended at once.
    if (process.platform !== 'win32' && this.#options.patienceMs !== 0) await this.#ask(run);
    await run.tree.end();
    await run.over;
  }

  async #ask(run: Run): Promise<void> {
    for (const { pid } of await run.tree.look()) {
      try {
        process.kill(pid, 'SIGTERM');
      } catch {
        // Gone meanwhile.
      }
    }
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), this.#options.patienceMs ?? 3_000);
    const impatient = new Promise<void>((resolve) =>
      patience.signal.addEventListener('abort', () => resolve()),
    );
    await Promise.race([run.over, impatient]);
    clearTimeout(timer);
    if (patience.signal.aborted)
      this.#options.log.say('It did not end when asked to (SIGTERM), so it is ended.');
  }
}

/** Resolves with how it ended: `exit code 1`, `SIGKILL`, or why it did not start. */
function whenClosed(child: ChildProcess, log: LogLines): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      log.say(error.message);
      resolve('it could not be started');
    });
    // Not `close`: a process in the background may hold the pipes.
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}
