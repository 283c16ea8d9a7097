import { hostname } from 'node:os';
import pg from 'pg';
import { WorldError } from '../error.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from '../process/process-table.ts';
import type { DatabaseServerOptions, ServerAddress, StartingServer } from './address.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { idleClient } from './idle-client.ts';

/** A running PostgreSQL server, and what may be done with its databases. */
export interface DatabaseServer {
  kind: 'embedded' | 'external';
  host: string;
  port: number;
  /** Connection string for Murmur. Embedded: as user `murmur`, who owns the databases and is no superuser. */
  url(database: string): string;
  /** A new connection as the server's administrator. The caller ends it. */
  connect(database: string): Promise<pg.Client>;
  /** One statement on the administrator's own connection (to the database `postgres`). */
  query(sql: string, parameters?: unknown[]): Promise<pg.QueryResult>;
  hasDatabase(name: string): Promise<boolean>;
  /** Makes a database for Murmur. On a real server the name must begin with murmur_grader_. */
  createDatabase(name: string, options?: { template?: string }): Promise<void>;
  /** Makes it unless it is there. Returns whether it was made. */
  ensureDatabase(name: string): Promise<boolean>;
  /** Gives a database that nobody is connected to another name. */
  renameDatabase(from: string, to: string): Promise<void>;
  /** Drops a database, ending its connections. On a real server only one that a grader made. */
  dropDatabase(name: string): Promise<void>;
  /** Ends the built-in server; a real one is only disconnected from. */
  stop(): Promise<void>;
}

/** Every database that a grader makes on a real server has this prefix and a comment that begins with the mark. */
export const EXTERNAL_PREFIX = 'murmur_grader_';
export const OWNERSHIP_MARK = 'made by the Murmur workshop grader';

export interface OpeningServer extends Omit<StartingServer, 'address'> {
  server: Promise<DatabaseServer>;
}

/**
 * Starts the built-in PostgreSQL (initdb 0.9 s once, then 30-90 ms), or connects to a real one.
 * @throws WorldError with what to do, if neither works
 */
export async function startDatabaseServer(options: DatabaseServerOptions = {}): Promise<DatabaseServer> {
  return await openDatabaseServer(options).server;
}

/** The same, without waiting. */
export function openDatabaseServer(options: DatabaseServerOptions = {}): OpeningServer {
  const starting = options.url === undefined ? startEmbeddedServer(options) : externalServer(options.url);
  const server = starting.address.then((address) => prepare(address, options.purpose ?? 'grader'));
  return { kind: starting.kind, login: starting.login, server };
}

async function prepare(address: ServerAddress, purpose: 'grader' | 'app'): Promise<DatabaseServer> {
  try {
    const server = await useServer(address);
    await dropLeftDatabases(server, address, purpose);
    return server;
  } catch (error) {
    await address.stop();
    if (address.kind === 'embedded') throw error;
    throw new WorldError(`The server of GRADER_DATABASE_URL does not work: ${(error as Error).message}`);
  }
}

function externalServer(url: string): StartingServer {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new WorldError(
      'GRADER_DATABASE_URL is not a URL. It looks like postgres://user:password@host:5432/postgres',
    );
  }
  const at = (database: string) => {
    const changed = new URL(parsed);
    changed.pathname = `/${encodeURIComponent(database)}`;
    return changed.href;
  };
  const address: ServerAddress = {
    kind: 'external',
    host: parsed.hostname || '127.0.0.1',
    port: Number(parsed.port) || 5432,
    url: at,
    // The URL names the database that is there for certain.
    adminUrl: (database) => (database === 'postgres' ? parsed.href : at(database)),
    stop: async () => {},
  };
  return { kind: 'external', login: at, address: Promise.resolve(address) };
}

async function useServer(address: ServerAddress): Promise<DatabaseServer> {
  const connect = async (database: string) => {
    // Every setting is given, so that no PG* variable of the shell takes part.
    const client = new pg.Client({
      connectionString: address.adminUrl(database),
      connectionTimeoutMillis: 10_000,
      application_name: 'murmur-grader',
      options: '-c timezone=UTC',
      ...(address.kind === 'embedded' && { ssl: false }),
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const admin = await connect('postgres');
  const { query, end } = idleClient(admin);
  const name = pg.escapeIdentifier;

  const server: DatabaseServer = {
    kind: address.kind,
    host: address.host,
    port: address.port,
    url: address.url,
    connect,
    query,
    async hasDatabase(database) {
      const { rowCount } = await query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
      return rowCount === 1;
    },
    async createDatabase(database, options = {}) {
      refuseForeignName(address, database);
      const owner = address.owner ? `OWNER ${name(address.owner)}` : '';
      // FILE_COPY is a third quicker than the default for a template of this size (75 against 110 ms).
      const template = options.template ? `TEMPLATE ${name(options.template)} STRATEGY FILE_COPY` : '';
      await query(`CREATE DATABASE ${name(database)} ${owner} ${template}`);
      if (address.kind === 'external') await query(ownershipComment(database));
    },
    async ensureDatabase(database) {
      if (await server.hasDatabase(database)) return false;
      await server.createDatabase(database);
      return true;
    },
    async renameDatabase(from, to) {
      for (const database of [from, to]) refuseForeignName(address, database);
      await query(`ALTER DATABASE ${name(from)} RENAME TO ${name(to)}`);
    },
    async dropDatabase(database) {
      refuseForeignName(address, database);
      if (address.kind === 'external' && !(await isOurs(server, database))) {
        throw new WorldError(`The database ${database} was not made by the grader, so it is left alone.`);
      }
      await query(`DROP DATABASE IF EXISTS ${name(database)} WITH (FORCE)`);
    },
    async stop() {
      await end();
      await address.stop();
    },
  };
  return server;
}

function refuseForeignName(address: ServerAddress, database: string): void {
  if (address.kind === 'external' && !database.startsWith(EXTERNAL_PREFIX)) {
    throw new WorldError(`On a real server the grader only touches databases named ${EXTERNAL_PREFIX}*.`);
  }
}

/** The mark, and who made it: so a later run can tell the databases of a killed grader. */
export function ownershipComment(database: string, more: object = {}): string {
  const text = `${OWNERSHIP_MARK} ${JSON.stringify({ host: hostname(), ...ownIdentity(), ...more })}`;
  return `COMMENT ON DATABASE ${pg.escapeIdentifier(database)} IS ${pg.escapeLiteral(text)}`;
}

async function isOurs(server: DatabaseServer, database: string): Promise<boolean> {
  return (await databaseComments(server)).some(
    (found) => found.name === database && found.comment.startsWith(OWNERSHIP_MARK),
  );
}

/** Names and comments of all databases. */
export async function databaseComments(server: DatabaseServer): Promise<{ name: string; comment: string }[]> {
  const { rows } = await server.query(
    "SELECT datname AS name, coalesce(shobj_description(oid, 'pg_database'), '') AS comment FROM pg_database ORDER BY oid",
  );
  return rows;
}

/** Templates are kept, and everything in the directory of `npm start`. */
async function dropLeftDatabases(
  server: DatabaseServer,
  address: ServerAddress,
  purpose: string,
): Promise<void> {
  if (purpose === 'app') return;
  for (const { name, comment } of await databaseComments(server)) {
    if (['postgres', 'template0', 'template1'].includes(name) || comment.includes('"template":true'))
      continue;
    if (address.kind === 'external') {
      if (!name.startsWith(EXTERNAL_PREFIX) || !comment.startsWith(OWNERSHIP_MARK)) continue;
      const maker = JSON.parse(comment.slice(OWNERSHIP_MARK.length)) as ProcessIdentity & { host: string };
      if (maker.host !== hostname() || isAlive(maker)) continue;
    }
    await server.dropDatabase(name);
  }
}
