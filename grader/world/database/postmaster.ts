import { spawn } from 'node:child_process';
import path from 'node:path';
import { reservePort } from '../ports.ts';
import { environmentWithoutSecrets } from '../process/own-environment.ts';
import { endWithThisProcess } from '../process/watchdog.ts';
import { unprivilegedUser } from '../server-directory.ts';
import type { DatabaseServerOptions } from './address.ts';
import { explainFailure, type PostgresBinaries } from './binaries.ts';
import { clearLeftServer, readPostmasterFile } from './cluster.ts';

const START_TIMEOUT_MS = 30_000;

/** The planner's part stays as it is: the queries must behave as on any other server. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  // A socket file's path has at most 107 characters, which a deep checkout passes.
  unix_socket_directories: '',
  synchronous_commit: 'off',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  shared_buffers: '16MB',
  max_connections: '100',
  io_method: 'sync',
  log_min_messages: 'fatal',
};

/** A grader's data can be made again at any time, so nothing waits for the disk. */
const cacheSettings: Record<string, string> = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off' };

export interface Postmaster {
  port: number;
  pid: number;
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<void>;
  stop(): Promise<void>;
  /** For a process that is about to exit: asks it to stop and waits for nothing. */
  stopNow(): void;
}

/**
 * Starts the server on a free port (30-90 ms). It ends with this process, even when that is killed.
 * @throws WorldError if it does not start
 */
export async function startPostmaster(
  binaries: PostgresBinaries,
  dataDirectory: string,
  { purpose, port: fixedPort }: DatabaseServerOptions,
): Promise<Postmaster> {
  await clearLeftServer(dataDirectory);
  const reserved = fixedPort === undefined ? await reservePort() : { port: fixedPort, release() {} };
  const args = ['-D', dataDirectory, '-p', String(reserved.port)];
  const chosen = purpose === 'app' ? settings : { ...settings, ...cacheSettings };
  for (const [name, value] of Object.entries(chosen)) args.push('-c', `${name}=${value}`);
  const child = spawn(binaries.program('postgres'), args, {
    ...unprivilegedUser(),
    env: environmentWithoutSecrets(),
    cwd: path.parse(process.cwd()).root,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C in the terminal is for us: we stop the server last. On Windows a detached child would outlive us.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let output = '';
  let hasEnded = false;
  child.stderr.on('data', (chunk) => {
    output = (output + chunk).slice(-8_192);
  });
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      reserved.release();
      resolve();
    };
    child.once('exit', end);
    child.once('error', (error) => {
      output += error.message;
      end();
    });
  });
  const pid = child.pid ?? -1;
  const forget = child.pid === undefined ? () => {} : endWithThisProcess(pid, 'INT');
  ended.then(forget);

  for (const deadline = Date.now() + START_TIMEOUT_MS; ; ) {
    const file = readPostmasterFile(dataDirectory);
    if (file?.pid === pid && file.ready) break;
    if (hasEnded || Date.now() > deadline) {
      child.kill('SIGKILL');
      await ended;
      throw explainFailure(binaries, output || `not ready after ${START_TIMEOUT_MS / 1000} seconds`);
    }
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  // It must not keep this process alive: whoever needs it holds connections.
  child.unref();
  (child.stderr as unknown as { unref(): void }).unref();

  return {
    port: reserved.port,
    pid,
    ended,
    async stop() {
      if (hasEnded) return;
      child.ref();
      child.kill('SIGINT');
      const impatient = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(impatient);
    },
    stopNow() {
      if (!hasEnded) child.kill('SIGINT');
    },
  };
}
