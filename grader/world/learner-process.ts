import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { CaptureConnection, CaptureServer, CaptureState } from '../capture/index.ts';
import type { ProcessEnd, ProcessRecord } from '../evidence/index.ts';
import { LearnerOutput } from './learner-output.ts';
import { ProcessTree } from './process/process-tree.ts';
import type { RunRecord } from './process/run-record.ts';
import { endWithThisProcess } from './process/watchdog.ts';
import { shellCommand } from './script.ts';

export interface ProcessLimits {
  /** Time to become ready, from when the database is there; default 25,000 ms. */
  startMs: number;
  /** Resident memory of all its processes together; default 1 GiB. */
  memoryBytes: number;
  /** Printed in all; default 16 MiB. */
  outputBytes: number;
  /** How long it may listen elsewhere, or after a failed listen, without listening on PORT; default 3,000 ms. */
  elsewhereMs: number;
}

export const defaultLimits: ProcessLimits = {
  startMs: 25_000,
  memoryBytes: 1024 ** 3,
  outputBytes: 16 * 1024 ** 2,
  elsewhereMs: 3_000,
};

export interface LearnerCommand {
  /** what the grader calls it: 'api', 'worker' */
  name: string;
  /** text of the npm script */
  script: string;
  /** what is run if that is empty */
  instead: string;
  cwd: string;
  environment: Record<string, string>;
  /** text in that environment which no other process has */
  mark: string;
  askedPort: number | null;
  limits: ProcessLimits;
  capture: CaptureServer;
  runRecord: RunRecord;
}

type Ended = ProcessRecord['ended'];
type Listening = ProcessRecord['listening'][number];
type ListenError = ProcessRecord['listenErrors'][number];

/** How often memory is looked at; and every how many looks new processes are searched for. */
const WATCH_MS = 200;
const searchEvery = process.platform === 'linux' ? 3 : 15;
/** A process that computes without end answers nothing. */
const STATE_TIMEOUT_MS = 1_000;
/** A shell notices the end of its command at once. */
const SHELL_END_MS = 300;
/** What a process printed before its end, so many lines of it. */
const LINES_OF_END = 20;
/** The pipes of dead processes close at once, unless one that we could not find holds them. */
const PIPE_END_MS = 500;

/** One running script of the learner: its processes, what it printed, its limits and its facts. */
export class LearnerProcess {
  readonly command: LearnerCommand;
  readonly tree: ProcessTree;
  /** Resolves when nothing of it runs any more, whoever ended it. */
  readonly over: Promise<void>;
  readonly startedAtMs = Date.now();
  readyAfterMs: number | null = null;
  /** Where it was heard to listen, also if it stopped since. */
  readonly listening: Listening[] = [];
  readonly listenErrors: ListenError[] = [];
  readonly events = new EventEmitter<{ listening: [Listening]; 'listen-error': [ListenError] }>();
  readonly #startedAt = performance.now();
  readonly #child: ChildProcess;
  readonly #output = new LearnerOutput();
  readonly #connections: CaptureConnection[] = [];
  /** its Node processes that ended while nobody asked them to */
  readonly #ends: { pid: number; code: number | null; atMs: number }[] = [];
  readonly #release: (() => void)[] = [];
  #exit: ProcessRecord['exit'] = null;
  #ended: Ended = 'running';
  #peakMemoryBytes: number | null = null;
  #leftBehind = 0;
  #state: CaptureState | null = null;
  #watches = 0;
  #ending: Promise<void> | undefined;
  #markOver: () => void = () => {};
  readonly #exited: Promise<unknown>;
  readonly #closed: Promise<unknown>;

  constructor(command: LearnerCommand) {
    this.command = command;
    this.over = new Promise((resolve) => {
      this.#markOver = resolve;
    });
    const { command: shell, args, verbatim } = shellCommand(command.script || command.instead);
    this.#child = spawn(shell, args, {
      cwd: command.cwd,
      env: command.environment,
      // Nothing to read: a program that asks a question must not wait for the learner's keyboard.
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', resolve);
      this.#child.once('error', resolve);
    });
    this.#closed = new Promise((resolve) => {
      this.#child.once('close', resolve);
      this.#child.once('error', resolve);
    });
    this.tree = new ProcessTree(this.#child.pid ?? -1, command.mark);
    this.#child.once('error', (error) => {
      this.#output.add(Buffer.from(`${error.message}\n`));
      this.#onExit(null, null);
    });
    this.#child.once('exit', (code, signal) => this.#onExit(code, signal));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#onOutput(chunk));
      stream?.on('error', () => {});
    }
    if (this.#child.pid !== undefined && process.platform !== 'win32') {
      this.#release.push(endWithThisProcess(-this.#child.pid, 'KILL'));
    }
    this.#release.push(command.runRecord.include(() => this.tree.known()));
    const watch = setInterval(() => void this.#watch(), WATCH_MS);
    this.#release.push(() => clearInterval(watch));
    const onHello = (connection: CaptureConnection) => {
      if (connection.process !== command.name) return;
      this.#connections.push(connection);
      void this.tree.adopt(connection.pid, connection.ports);
    };
    const onListening = (connection: CaptureConnection, { port, address }: Listening) => {
      if (connection.process !== command.name) return;
      this.listening.push({ port, address });
      this.events.emit('listening', { port, address });
    };
    const onListenError = (connection: CaptureConnection, { port, code }: ListenError) => {
      if (connection.process !== command.name) return;
      this.listenErrors.push({ port, code });
      this.events.emit('listen-error', { port, code });
    };
    const onClose = (connection: CaptureConnection) => {
      if (connection.process !== command.name || this.#ending || !connection.exit) return;
      this.#ends.push({ pid: connection.pid, ...connection.exit });
    };
    command.capture.on('hello', onHello);
    command.capture.on('close', onClose);
    command.capture.on('listening', onListening);
    command.capture.on('listen-error', onListenError);
    this.#release.push(() => {
      command.capture.off('hello', onHello);
      command.capture.off('close', onClose);
      command.capture.off('listening', onListening);
      command.capture.off('listen-error', onListenError);
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get ended(): Ended {
    return this.#ended;
  }

  /** What is kept of the capture: the live connection with a server or Nest in it, else the newest. */
  connection(): CaptureConnection | null {
    return this.#connections.findLast((connection) => connection.live) ?? this.#connections.at(-1) ?? null;
  }

  markReady(): void {
    this.readyAfterMs ??= performance.now() - this.#startedAt;
  }

  /** Ends everything that the script started and keeps `why`. Later calls wait for the first. */
  end(why: Ended): Promise<void> {
    this.#ending ??= this.#end(why);
    return this.#ending;
  }

  async #end(why: Ended): Promise<void> {
    if (why === 'stopped' || why === 'start-timeout') await this.#askState();
    this.#ended = why === 'stopped' && (await this.#hasCrashed()) ? 'exited' : why;
    const { leftBehind, gone } = await this.tree.end();
    this.#leftBehind = leftBehind;
    // It is dead, but its last words may still be in the pipes, and the event that says so on its way.
    if (gone) await Promise.race([this.#closed, new Promise((resolve) => setTimeout(resolve, PIPE_END_MS))]);
    for (const release of this.#release.splice(0)) release();
    // A process that got away may still hold the pipes.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    if (!gone) this.#output.add(Buffer.from('\n(some of its processes could not be ended)\n'));
    this.#markOver();
  }

  /** True if its server ended by itself a moment ago: the shell around it then does so too, with the code to record. */
  async #hasCrashed(): Promise<boolean> {
    const heard = this.#connections.length > 0;
    if (!heard || this.#connections.some((connection) => connection.live)) return false;
    await Promise.race([this.#exited, new Promise((resolve) => setTimeout(resolve, SHELL_END_MS))]);
    return this.#exit !== null && (await this.tree.look()).length === 0;
  }

  #onExit(code: number | null, signal: string | null): void {
    this.#exit ??= { code, signal, afterMs: performance.now() - this.#startedAt };
    void this.#endIfNothingRuns();
  }

  /** A script may end and leave a server running in the background: then it is not over. */
  async #endIfNothingRuns(): Promise<void> {
    if (this.#ending || (await this.tree.look()).length > 0) return;
    await this.end('exited');
  }

  #onOutput(chunk: Buffer): void {
    if (this.#output.bytes > this.command.limits.outputBytes) return;
    this.#output.add(chunk);
    if (this.#output.bytes > this.command.limits.outputBytes) void this.end('output-limit');
  }

  async #watch(): Promise<void> {
    if (this.#ending) return;
    const search = this.#watches++ % searchEvery === 0;
    if (!search && process.platform !== 'linux') return;
    let bytes = this.tree.knownMemoryBytes();
    if (search) {
      const members = await this.tree.look();
      this.command.runRecord.write();
      if (this.#exit && members.length === 0) return this.end('exited');
      bytes = members.reduce((sum, entry) => sum + entry.memoryBytes, 0);
    }
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes ?? 0, bytes);
    if (bytes > this.command.limits.memoryBytes) await this.end('memory-limit');
  }

  async #askState(): Promise<void> {
    const connection = this.connection();
    if (connection === null) return;
    if (connection.live) {
      const timeout = new Promise<null>((resolve) => setTimeout(resolve, STATE_TIMEOUT_MS, null).unref());
      this.#state = (await Promise.race([connection.state().catch(() => null), timeout])) ?? this.#state;
    }
    this.#state = connection.lastState() ?? this.#state;
  }

  /** Processes that ended by themselves since then: those with the capture, or where none told of it, the script's own. */
  async endsSince(sinceMs: number): Promise<Omit<ProcessEnd, 'after'>[]> {
    const ends = this.#ends.filter(({ atMs }) => atMs >= sinceMs);
    // The script around the process ends a moment later, if it ends; and a signal leaves no last words but the script's.
    if (ends.length > 0 && this.#exit === null) {
      await Promise.race([this.#exited, new Promise((resolve) => setTimeout(resolve, SHELL_END_MS))]);
    }
    const exit = this.#exit;
    const exitAtMs = exit && this.startedAtMs + exit.afterMs;
    // The script may be over before the connection of the process in it closes: then its end is the one that is known.
    if (exitAtMs && exitAtMs >= sinceMs && this.#ends.length === 0 && this.#ended === 'exited')
      ends.push({ pid: this.pid, code: exit.code, atMs: exitAtMs });
    const output = this.#output.text().trimEnd().split('\n').slice(-LINES_OF_END).join('\n');
    return ends.map(({ pid, code, atMs }) => ({
      process: this.command.name,
      pid,
      code: code ?? exit?.code ?? null,
      signal: code === null ? (exit?.signal ?? null) : null,
      atMs,
      scriptOver: exit !== null,
      output,
    }));
  }

  /** The facts so far. */
  async record(): Promise<ProcessRecord> {
    if (this.#ending) await this.#ending;
    else await this.#askState();
    const state = this.connection()?.lastState() ?? this.#state;
    return {
      name: this.command.name,
      script: this.command.script,
      pid: this.pid,
      startedAtMs: this.startedAtMs,
      readyAfterMs: this.readyAfterMs,
      askedPort: this.command.askedPort,
      listening: this.listening,
      listenErrors: this.listenErrors,
      exit: this.#exit,
      ended: this.#ended,
      output: this.#output.text(),
      outputBytes: this.#output.bytes,
      peakMemoryBytes: this.#peakMemoryBytes,
      leftBehind: this.#leftBehind,
      capture: state,
    };
  }
}
