import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { WorldError } from '../error.ts';
import { environmentWithoutSecrets } from '../process/own-environment.ts';
import { runToEnd } from '../process/run-to-end.ts';
import { scriptOf, scriptPath } from '../script.ts';
import { type DatabaseServer, databaseComments, EXTERNAL_PREFIX, ownershipComment } from './server.ts';

/** A migrated and seeded database from which trees get copies. */
export interface SeedTemplate {
  name: string;
  /** Rows of every table, so that a reset sees when a seeded row is gone. Keys are quoted `schema.table`. */
  rowCounts: Record<string, number>;
}

/** What decides the content of a seeded database, in app-backend. */
const contentPaths = ['migrations', 'src/database'];
const SEED_TIMEOUT_MS = 120_000;
/** A directory keeps the templates of this many versions of the seed; each takes about 10 MB. */
const MAX_TEMPLATES = 6;

/** Hash of the files that decide what a seeded database holds. */
export function seedHash(backendDir: string): string {
  const hash = createHash('sha256');
  const add = (relative: string) => {
    const full = path.join(backendDir, relative);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(path.posix.join(relative, name));
      return;
    }
    // A checkout with other line ends has the same content.
    hash.update(`${relative}\0${readFileSync(full, 'utf8').replaceAll('\r\n', '\n')}\0`);
  };
  for (const relative of contentPaths) add(relative);
  return hash.digest('hex').slice(0, 12);
}

/**
 * The template of the pristine backend's migrations and seed; made on first use by running its `seed` script.
 * @param backendDir the pristine app-backend
 * @throws WorldError if the seed script is missing or fails
 */
export async function ensureTemplate(
  server: DatabaseServer,
  backendDir: string,
  onProgress: (step: string) => void = () => {},
): Promise<SeedTemplate> {
  const prefix = server.kind === 'external' ? EXTERNAL_PREFIX : '';
  const name = `${prefix}template_${seedHash(backendDir)}`;
  const found = await findTemplate(server, name);
  if (found) return found;
  // On a real server several graders may come at once: one of them makes it, the others wait.
  const lock = await server.connect('postgres');
  try {
    await lock.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const meanwhile = await findTemplate(server, name);
    if (meanwhile) return meanwhile;
    onProgress('preparing the database (once)');
    await makeTemplate(server, name, backendDir);
    if (server.kind === 'embedded') await dropOldTemplates(server, name);
  } finally {
    await lock.end();
  }
  const made = await findTemplate(server, name);
  if (!made) throw new WorldError(`The template database ${name} was dropped while it was made.`);
  return made;
}

async function findTemplate(server: DatabaseServer, name: string): Promise<SeedTemplate | null> {
  const comment = (await databaseComments(server)).find((database) => database.name === name)?.comment;
  const json = comment?.slice(comment.indexOf('{'));
  if (!json?.startsWith('{')) return null;
  return { name, rowCounts: (JSON.parse(json) as { rowCounts: Record<string, number> }).rowCounts };
}

async function makeTemplate(server: DatabaseServer, name: string, backendDir: string): Promise<void> {
  const building = `${name}_building`;
  // Left by a grader that was killed while seeding.
  if (await server.hasDatabase(building)) await server.dropDatabase(building);
  await server.createDatabase(building);
  const script = scriptOf(backendDir, 'seed');
  if (script === null) throw new WorldError(`${path.join(backendDir, 'package.json')} has no script "seed".`);
  const run = await runToEnd(script, {
    cwd: backendDir,
    timeoutMs: SEED_TIMEOUT_MS,
    env: {
      ...environmentWithoutSecrets(),
      PATH: scriptPath(backendDir),
      DATABASE_URL: server.url(building),
      NODE_OPTIONS: '',
    },
  });
  if (run.code !== 0) throw new WorldError(`The seed script of ${backendDir} failed:\n${run.output}`);
  const client = await server.connect(building);
  let rowCounts: Record<string, number>;
  try {
    await client.query('VACUUM (ANALYZE)');
    rowCounts = await countRows(client);
  } finally {
    await client.end();
  }
  // The comment comes with the new name, in one transaction: a template without its counts is never seen.
  await server.query(
    `BEGIN; ALTER DATABASE ${pg.escapeIdentifier(building)} RENAME TO ${pg.escapeIdentifier(name)};
     ${ownershipComment(name, { template: true, rowCounts })}; COMMIT`,
  );
}

async function countRows(client: pg.Client): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const { rows: tables } = await client.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables) {
    counts[name] = Number((await client.query(`SELECT count(*) FROM ${name}`)).rows[0].count);
  }
  return counts;
}

async function dropOldTemplates(server: DatabaseServer, newest: string): Promise<void> {
  const templates = (await databaseComments(server)).filter((found) =>
    found.comment.includes('"template":true'),
  );
  for (const { name } of templates.filter((found) => found.name !== newest).slice(0, -(MAX_TEMPLATES - 1))) {
    await server.dropDatabase(name);
  }
}
