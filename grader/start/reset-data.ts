import { WorkshopError } from '@workshop/base';
import pg from 'pg';
import { runningDatabaseUrl, startDatabaseServer } from '../world/index.ts';
import { DATABASE_NAME, seedDatabase } from './murmur-database.ts';

/** Requests of Murmur hold no lock for longer. */
const LOCK_PATIENCE_MS = 5_000;

/**
 * Murmur's built-in database as on the first day, also while `npm start` runs: the same people, posts and likes, the
 * newest post of this moment. What a learner's migrations added to the tables stays.
 * @throws WorkshopError with what to do
 */
export async function resetMurmurData(
  shell: NodeJS.ProcessEnv,
  onProgress: (step: string) => void,
): Promise<void> {
  if (shell.DATABASE_URL !== undefined)
    throw new WorkshopError('DATABASE_URL names a database of your own, which --reset never empties.', {
      whatToDo: 'Make it anew yourself; npm start fills a database that has no users.',
    });
  onProgress('emptying the tables and filling them anew');
  const running = runningDatabaseUrl(DATABASE_NAME);
  if (running !== null) return await fillAnew(running);
  const server = await startDatabaseServer({ purpose: 'app' });
  try {
    // Without one, the next npm start makes it.
    if (await server.hasDatabase(DATABASE_NAME)) await fillAnew(server.url(DATABASE_NAME));
  } finally {
    await server.stop();
  }
}

/** Empties all tables of a Murmur and seeds them. */
export async function fillAnew(url: string): Promise<void> {
  await emptyTables(url);
  try {
    await seedDatabase(url);
  } catch (error) {
    throw new WorkshopError('The tables are empty, and could not be filled anew.', {
      whatToDo: `Run npm run traffic -- --reset again.\n${(error as Error).message}`,
      cause: error,
    });
  }
}

async function emptyTables(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, lock_timeout: LOCK_PATIENCE_MS });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'schema_migrations'`,
    );
    if (rows.length > 0)
      await client.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')} RESTART IDENTITY`);
  } finally {
    await client.end();
  }
}
