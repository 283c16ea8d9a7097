import { randomBytes } from 'node:crypto';
import { Client, QueryResultRow } from 'pg';

/** The seeded database that others are copied from. */
export const SEEDED = 'murmur_test_seeded';

export interface TestDatabase {
  url: string;
  /** the server's port on the loopback address */
  port: number;
  query<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Holds a table so that nobody else can even read it, until the function that it gives is called. */
  lock(table: string): Promise<() => Promise<void>>;
  drop(): Promise<void>;
}

/** A copy of the seeded database. */
export function createSeededDatabase(): Promise<TestDatabase> {
  return createDatabase(`murmur_test_${randomBytes(6).toString('hex')}`, SEEDED);
}

/** A database without any table. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase(`murmur_test_${randomBytes(6).toString('hex')}`);
}

export async function createDatabase(name: string, template = 'template1'): Promise<TestDatabase> {
  await dropDatabase(name);
  await runOnServer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = serverUrl();
  url.pathname = `/${name}`;
  return {
    url: url.href,
    port: Number(url.port),
    query: (sql, values) => withClient(url.href, async (client) => (await client.query(sql, values)).rows),
    lock: (table) => lock(url.href, table),
    drop: () => dropDatabase(name),
  };
}

export function dropDatabase(name: string): Promise<void> {
  return runOnServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

function serverUrl(): URL {
  return new URL(process.env.TEST_DATABASE_URL!);
}

function runOnServer(sql: string): Promise<void> {
  return withClient(serverUrl().href, async (client) => {
    await client.query(sql);
  });
}

async function withClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function lock(url: string, table: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return () => client.end();
}
