/** Runs a program under the capture, as a learner's start script is run, and ends it surely. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@workshop/base';
import type { CaptureConnection, CaptureServer } from '../../index.ts';

export const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const ROOT_BIN = fileURLToPath(new URL('../../../../node_modules/.bin', import.meta.url));
/** Long, since other work may keep the machine busy; a test that passes never waits for it. */
const PATIENCE_MS = 30_000;

export interface Program {
  child: ChildProcess;
  output(): string;
  hellos: CaptureConnection[];
  /** the first server that listens */
  listening(): Promise<{ connection: CaptureConnection; url: string }>;
  /** the exit of the shell: [code, signal] */
  exit(): Promise<[number | null, NodeJS.Signals | null]>;
  stop(): Promise<void>;
}

/** The environment that a learner's process gets, without the capture. */
export function learnerEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: `${ROOT_BIN}${path.delimiter}${process.env.PATH}`,
    HOME: process.env.HOME ?? '',
    PORT: '0',
    NO_COLOR: '1',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', // nobody is there
    ...extra,
  };
}

/** Starts a shell script under the capture, in a process group of its own. */
export function startProgram(
  server: CaptureServer,
  script: string,
  options: { cwd?: string; env?: Record<string, string>; name?: string; follow?: boolean } = {},
): Program {
  const name = options.name ?? 'api';
  const env = server.environment(name, learnerEnvironment(options.env), { follow: options.follow });
  const windows = process.platform === 'win32';
  const child = spawn(script, { cwd: options.cwd ?? FIXTURES, env, shell: true, detached: !windows });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const hellos: CaptureConnection[] = [];
  // A server of its own for each program: who says hello belongs to it.
  server.on('hello', (connection) => hellos.push(connection));
  const firstListening = new Promise<{ connection: CaptureConnection; url: string }>((resolve) => {
    server.on('listening', (connection, { port }) =>
      resolve({ connection, url: `http://127.0.0.1:${port}` }),
    );
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;

  return {
    child,
    output: () => output,
    hellos,
    listening: () => within(firstListening, () => `nothing listened: ${script}\n${output}`),
    exit: () => within(exited, () => `did not exit: ${script}\n${output}`),
    async stop() {
      const pids = new Set(hellos.filter(({ live }) => live).map(({ pid }) => pid));
      kill(windows ? Number(child.pid) : -Number(child.pid));
      for (const pid of pids) kill(pid);
      await exited;
      await untilHolds(
        () => [...pids].every((pid) => !isAlive(pid)),
        () => `processes stayed: ${[...pids]}`,
      );
    },
  };
}

/** Waits for a promise, at most PATIENCE_MS. */
async function within<T>(promise: Promise<T>, complaint: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint())), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Waits until a condition holds, at most PATIENCE_MS. */
export async function untilHolds(condition: () => boolean, complaint: () => string): Promise<void> {
  if (!(await until(condition, { maxMs: PATIENCE_MS, everyMs: 10 }))) throw new Error(complaint());
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Whether a process runs. One that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}

/** Asks the program for work and gives back what the capture saw of it. */
export async function spansOf(program: Program, requestPath = '/work') {
  const { connection, url } = await program.listening();
  await (await fetch(url + requestPath)).text();
  const { settled } = await connection.settle({ quietMs: 25, maxMs: 5_000 });
  const collected = await connection.collect(0);
  return { ...collected, settled, state: await connection.state(), connection, url };
}
