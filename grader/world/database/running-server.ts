import path from 'node:path';
import { directoryForServer } from '../server-directory.ts';
import { findPostgres } from './binaries.ts';
import { portOfRunning, readOrMakePassword } from './cluster.ts';

/**
 * A connection string, as Murmur's own user, to a database of the built-in server that an `npm start` runs now.
 * @returns null when none runs
 */
export function runningDatabaseUrl(database: string): string | null {
  const directory = path.join(directoryForServer('postgres'), findPostgres().version, 'app');
  const port = portOfRunning(path.join(directory, 'data'));
  return port === null
    ? null
    : `postgres://murmur:${readOrMakePassword(directory)}@127.0.0.1:${port}/${database}`;
}
