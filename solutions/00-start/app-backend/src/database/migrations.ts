import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';

const MIGRATIONS_DIRECTORY = join(__dirname, '..', '..', 'migrations');

/** Any number will do, as long as nothing else in this database takes the same advisory lock. */
const MIGRATION_LOCK = 20_261_101;

/**
 * Applies the SQL files of `migrations/` that this database has not seen yet, in the order of their names.
 *
 * Each file runs in a transaction of its own. Processes that boot at the same time wait for each other, so
 * every file is applied exactly once.
 *
 * @returns the names of the files that were applied, oldest first
 */
export async function applyMigrations(databaseUrl: string): Promise<string[]> {
  // A connection of its own: a migration may take longer than the pool allows a request.
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         name text PRIMARY KEY,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations');
    const known = new Set(rows.map((row) => row.name));
    const waiting = (await migrationFiles()).filter((name) => !known.has(name));
    for (const name of waiting) {
      await applyFile(client, name);
    }
    return waiting;
  } finally {
    // Ending the connection gives the lock back.
    await client.end();
  }
}

async function migrationFiles(): Promise<string[]> {
  const names = await readdir(MIGRATIONS_DIRECTORY);
  return names.filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
}

async function applyFile(client: Client, name: string): Promise<void> {
  const sql = await readFile(join(MIGRATIONS_DIRECTORY, name), 'utf8');
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
