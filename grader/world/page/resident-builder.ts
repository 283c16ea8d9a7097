import { type ChildProcess, fork } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WorldError } from '../error.ts';
import { endWithThisProcess } from '../process/watchdog.ts';
import type { PageSources } from './page-sources.ts';

/** What the builder's process says. `built`: one build is over; `failed`: there is nothing that could build. */
export type BuilderMessage =
  | { kind: 'built'; success: boolean; changed: string[]; output: string }
  | { kind: 'failed'; output: string };

export interface BuildOutcome {
  ok: boolean;
  /** warnings and errors as Angular prints them */
  output: string;
}

/** It was given sources and said nothing for too long. */
export class BuilderSilentError extends WorldError {}

const UNBUILT = "The page could not be built by the grader's builder";
/** Written last at each change of sources: the build that names it has seen them all. */
const MARK_FILE = 'sources.txt';
/** The first build takes 5-8 s on two free cores; a busy machine takes many times that. */
const FIRST_LIMIT_MS = 300_000;
/** Later ones take under a second. */
export const SWAP_LIMIT_MS = 30_000;

/**
 * Angular's builder with its caches in memory, in a process of its own. Its sources are swapped for those of the next
 * page: that takes 0.8-0.9 s, a new builder 5-8 s.
 */
export class ResidentBuilder {
  readonly setupHash: string;
  /** where the newest build lies after build() */
  readonly output: string;
  readonly directory: string;
  readonly #cacheDirectory: string;
  readonly #workspace: string;
  readonly #files = new Map<string, Buffer>();
  #child: ChildProcess | null = null;
  #complaint = '';
  #release: () => void = () => {};
  #listener: ((message: BuilderMessage) => void) | null = null;
  #gone: ((reason: string) => void) | null = null;
  #swaps = 0;

  /** @param directory is made, and removed by close() */
  constructor(directory: string, setupHash: string, cacheDirectory: string) {
    this.directory = directory;
    this.setupHash = setupHash;
    this.#cacheDirectory = cacheDirectory;
    this.#workspace = path.join(directory, 'app-frontend');
    this.output = path.join(directory, 'out');
  }

  /**
   * Builds a page. One at a time.
   * @param swapLimitMs how long it may take for sources that are swapped
   * @throws BuilderSilentError when it does not answer in time, WorldError when it dies; it is of no use after that
   */
  async build(sources: PageSources, swapLimitMs = SWAP_LIMIT_MS): Promise<BuildOutcome> {
    this.#swap(sources);
    const mark = path.join(this.#workspace, MARK_FILE);
    this.#swaps++;
    const first = !this.isWarm;
    writeFileSync(mark, `${sources.hash} ${this.#swaps}\n`);
    const built = this.#next(
      (message) => first || message.kind === 'failed' || message.changed.includes(mark),
      first ? FIRST_LIMIT_MS : swapLimitMs,
    );
    if (first) this.#start();
    const message = await built;
    return { ok: message.kind === 'built' && message.success, output: message.output.trim() };
  }

  /** It has built before, and builds what is swapped. */
  get isWarm(): boolean {
    return this.#child !== null;
  }

  close(): void {
    this.#release();
    this.#child?.kill('SIGKILL');
    this.#child = null;
    this.#gone?.('it was stopped');
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  /** Writes what differs from the sources before, and removes what is no longer there. */
  #swap({ files }: PageSources): void {
    for (const file of this.#files.keys()) {
      if (files.has(file)) continue;
      rmSync(path.join(this.#workspace, file), { force: true });
      this.#files.delete(file);
    }
    for (const [file, source] of files) {
      const content = readFileSync(source);
      if (this.#files.get(file)?.equals(content)) continue;
      const target = path.join(this.#workspace, file);
      mkdirSync(path.dirname(target), { recursive: true });
      if (file === 'angular.json') writeFileSync(target, withDiskCache(content, this.#cacheDirectory));
      else copyFileSync(source, target);
      this.#files.set(file, content);
    }
  }

  #start(): void {
    const child = fork(path.join(import.meta.dirname, 'builder-process.ts'), [this.#workspace, this.output], {
      cwd: this.#workspace,
      env: builderEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    // It stays for the next page, and must not keep this process alive meanwhile.
    child.unref();
    (child.stderr as unknown as { unref(): void }).unref();
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk).slice(-4000);
    });
    child.on('message', (message) => this.#listener?.(message as BuilderMessage));
    // Listening for messages holds the channel, and with it this process, once more.
    child.channel?.unref();
    child.on('exit', (code, signal) =>
      this.#gone?.(`it ended with ${signal ?? code}: ${this.#complaint.trim()}`),
    );
    if (child.pid !== undefined) this.#release = endWithThisProcess(child.pid, 'KILL');
  }

  /** The next message that is wanted; the child keeps this process alive until then. */
  #next(
    isWanted: (message: BuilderMessage & { kind: string }) => boolean,
    limitMs: number,
  ): Promise<BuilderMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => fail(new BuilderSilentError(`${UNBUILT}: it did not answer`)), limitMs);
      const done = () => {
        clearTimeout(timer);
        this.#listener = null;
        this.#gone = null;
      };
      this.#listener = (message) => {
        if (!isWanted(message)) return;
        done();
        resolve(message);
      };
      const fail = (error: WorldError) => {
        done();
        reject(error);
      };
      this.#gone = (reason) => fail(new WorldError(`${UNBUILT}: ${reason}`));
    });
  }
}

/** Angular keeps no cache on disk when CI is set, and ours is shared by all builders. */
function withDiskCache(angularJson: Buffer, directory: string): string {
  try {
    const workspace = JSON.parse(angularJson.toString('utf8'));
    workspace.cli = {
      ...workspace.cli,
      analytics: false,
      cache: { enabled: true, environment: 'all', path: directory },
    };
    return JSON.stringify(workspace, null, 2);
  } catch {
    return angularJson.toString('utf8'); // broken: Angular says so
  }
}

function builderEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {
    NG_BUILD_WATCH_ROOT: '1',
    NO_COLOR: '1',
    NG_CLI_ANALYTICS: 'false',
  };
  const names = [
    'PATH',
    'HOME',
    'TMPDIR',
    'TEMP',
    'TMP',
    'LANG',
    'SystemRoot',
    'APPDATA',
    'LOCALAPPDATA',
    'USERPROFILE',
  ];
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
