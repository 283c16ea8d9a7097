import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Lock, tryLock } from '@workshop/base';
import pg from 'pg';
import { WorldError } from '../error.ts';
import { directoryForServer, makePassable } from '../server-directory.ts';
import type { DatabaseServerOptions, ServerAddress, StartingServer } from './address.ts';
import { findPostgres, type PostgresBinaries } from './binaries.ts';
import { type Cluster, prepareCluster, readOrMakePassword } from './cluster.ts';
import { startPostmaster } from './postmaster.ts';

/** More graders than this at once on one checkout are a mistake, and each directory takes 60 MB. */
const MAX_GRADERS = 16;

/**
 * Starts the built-in server on a data directory that nobody else uses. Each grader that runs at the same time gets a
 * directory of its own; the directories, with their templates, are used again by later graders.
 * The login is known at once, the address when the server has started.
 */
export function startEmbeddedServer(options: DatabaseServerOptions): StartingServer {
  const binaries = findPostgres();
  const { directory, lock } = claimDirectory(binaries, options);
  const password = readOrMakePassword(directory);
  const address = startIn(binaries, { directory, password }, lock, options).catch((error) => {
    lock.release();
    throw error;
  });
  return {
    kind: 'embedded',
    login: (database) => `postgres://murmur:${password}@127.0.0.1/${database}`,
    address,
  };
}

function claimDirectory(
  binaries: PostgresBinaries,
  { purpose, directory: parent = directoryForServer('postgres') }: DatabaseServerOptions,
): { directory: string; lock: Lock } {
  const home = makePassable(path.join(parent, binaries.version));
  const names = purpose === 'app' ? ['app'] : Array.from({ length: MAX_GRADERS }, (_, n) => `grader-${n}`);
  for (const name of names) {
    const directory = makePassable(path.join(home, name));
    const lock = tryLock(path.join(directory, 'owner.lock'));
    if (lock !== null) return { directory, lock };
  }
  throw new WorldError(
    purpose === 'app'
      ? 'Murmur is running already: another npm start uses its database. Stop that one first.'
      : `${MAX_GRADERS} graders are running at once. Wait for one of them to end.`,
  );
}

async function startIn(
  binaries: PostgresBinaries,
  cluster: Cluster,
  lock: Lock,
  options: DatabaseServerOptions,
): Promise<ServerAddress> {
  const dataDirectory = path.join(cluster.directory, 'data');
  const ready = path.join(cluster.directory, 'ready');
  // Interrupted while it was made: what is there is not whole.
  if (!existsSync(ready)) rmSync(dataDirectory, { recursive: true, force: true });
  await prepareCluster(binaries, cluster);
  const postmaster = await startPostmaster(binaries, dataDirectory, options).catch(async (error) => {
    // The grader's directories are a cache: one that is damaged is made again. Never that of npm start.
    if (options.purpose === 'app') throw error;
    rmSync(ready, { force: true });
    rmSync(dataDirectory, { recursive: true, force: true });
    await prepareCluster(binaries, cluster);
    return await startPostmaster(binaries, dataDirectory, options);
  });
  const url = (user: string, database: string) =>
    `postgres://${user}:${cluster.password}@127.0.0.1:${postmaster.port}/${database}`;
  if (!existsSync(ready)) {
    await createMurmurUser(url('postgres', 'postgres'), cluster.password);
    writeFileSync(ready, '');
  }
  const stopNow = () => postmaster.stopNow();
  process.once('exit', stopNow);
  return {
    kind: 'embedded',
    host: '127.0.0.1',
    port: postmaster.port,
    owner: 'murmur',
    url: (database) => url('murmur', database),
    adminUrl: (database) => url('postgres', database),
    async stop() {
      process.off('exit', stopNow);
      await postmaster.stop();
      lock.release();
    },
  };
}

async function createMurmurUser(adminUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => {});
  await client.connect();
  await client.query(`CREATE ROLE murmur LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  await client.end();
}
