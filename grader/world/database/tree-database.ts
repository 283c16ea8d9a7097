import { randomBytes } from 'node:crypto';
import { until } from '@workshop/base';
import pg from 'pg';
import { WorldError } from '../error.ts';
import { idleClient, type Query } from './idle-client.ts';
import { type DatabaseServer, EXTERNAL_PREFIX } from './server.ts';
import { takeSpareDatabase } from './spare-database.ts';
import type { SeedTemplate } from './template.ts';

/** The database of one graded tree: a copy of the seeded template. */
export interface TreeDatabase {
  name: string;
  /** Connection string straight to the server. */
  url: string;
  query(sql: string, parameters?: unknown[]): Promise<pg.QueryResult>;
  /** Takes the strongest lock on a table (others cannot even read it). Returns how to let go. */
  lock(table: string): Promise<() => Promise<void>>;
  /** What is in the database now counts as the seed: to be called when the app has applied its migrations. */
  markSeed(): Promise<void>;
  /** Undoes every insert, update and delete since markSeed (2-10 ms if seeded rows were not changed). */
  resetToSeed(): Promise<void>;
  drop(): Promise<void>;
}

/** So long those who use a database may take to leave it before they are made to. */
const LEAVING_MS = 60;

const namesInUse = new Set<string>();

/**
 * Takes a name for a tree's database. It shows in the names of database spans, so on our own server it is `murmur`, as
 * on a learner's machine; the second at the same time gets a number.
 */
export function takeDatabaseName(kind: DatabaseServer['kind']): string {
  if (kind === 'external') return `${EXTERNAL_PREFIX}${process.pid}_${randomBytes(4).toString('hex')}`;
  let name = 'murmur';
  for (let n = 2; namesInUse.has(name); n++) name = `murmur_${n}`;
  namesInUse.add(name);
  return name;
}

export function releaseDatabaseName(name: string): void {
  namesInUse.delete(name);
}

/**
 * Copies the template (75 ms, or nothing where a copy was made ahead) into a database of its own, by a name that was
 * taken for it.
 * @throws Error when the server does not do it, or cannot be connected to; then the database is not there
 */
export async function createTreeDatabase(
  server: DatabaseServer,
  template: SeedTemplate,
  name: string = takeDatabaseName(server.kind),
): Promise<TreeDatabase> {
  if (!(await renameSpare(server, template, name)))
    await server.createDatabase(name, { template: template.name });
  try {
    return await openTreeDatabase(server, template, name);
  } catch (error) {
    // The name is taken again by the next tree: what is left of this attempt would be in its way for ever.
    await server.dropDatabase(name).catch(() => {});
    throw error;
  }
}

async function openTreeDatabase(
  server: DatabaseServer,
  template: SeedTemplate,
  name: string,
): Promise<TreeDatabase> {
  const client = await server.connect(name);
  const { query, end } = idleClient(client);
  let firstNewTransaction: string | null = null;

  async function markSeed(): Promise<void> {
    const { rows } = await query('SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text AS first');
    firstNewTransaction = rows[0].first;
  }
  await markSeed();

  return {
    name,
    url: server.url(name),
    query,
    async lock(table) {
      const holder = await server.connect(name);
      await holder.query('BEGIN');
      await holder.query(`LOCK TABLE ${pg.escapeIdentifier(table)} IN ACCESS EXCLUSIVE MODE`);
      return () => holder.end();
    },
    markSeed,
    async resetToSeed() {
      const lost = await deleteNewRows(query, server, firstNewTransaction ?? '0', template);
      if (lost.length === 0) return;
      await restoreRows(query, server, template, lost);
      await markSeed();
    },
    async drop() {
      await end();
      // Who drops a database that somebody still uses waits a tenth of a second, and processes that end leave in less.
      await until(async () => !(await isUsed(server, name)), { maxMs: LEAVING_MS, everyMs: 2 });
      await server.dropDatabase(name);
      releaseDatabaseName(name);
    },
  };
}

/** False: there was none that could be used. */
async function renameSpare(server: DatabaseServer, template: SeedTemplate, name: string): Promise<boolean> {
  const spare = await takeSpareDatabase(server, template);
  if (spare === null) return false;
  return server.renameDatabase(spare, name).then(
    () => true,
    () => false,
  );
}

async function isUsed(server: DatabaseServer, name: string): Promise<boolean> {
  const { rowCount } = await server.query('SELECT FROM pg_stat_activity WHERE datname = $1', [name]);
  return rowCount !== 0;
}

/**
 * Every row version says which transaction wrote it, so what is newer than the mark goes, whatever its table. Returns
 * the tables that lack rows of the seed afterwards: some were updated or deleted.
 */
async function deleteNewRows(
  query: Query,
  server: DatabaseServer,
  first: string,
  template: SeedTemplate,
): Promise<string[]> {
  const tables = await tablesChildrenFirst(query);
  const isNew = `age(xmin) <= age('${first}'::xid)`;
  const statements = tables.map((table) => `DELETE FROM ${table} WHERE ${isNew}`);
  const seeded = tables.filter((table) => template.rowCounts[table] !== undefined);
  const counts = seeded.map((table) => `SELECT count(*) FROM ${table}`);
  const settings = ["SET LOCAL lock_timeout = '5s'"];
  // An updated row is deleted here and comes back from the template: without this, its foreign keys would forbid it.
  // Only an administrator may; on a real server we may not be one.
  if (server.kind === 'embedded') settings.push("SET LOCAL session_replication_role = 'replica'");
  // Several statements in one message are one transaction and one round trip.
  const results = await query([...settings, ...statements, ...counts].join(';\n')).catch((error) => {
    throw new WorldError(`The database could not be reset to its seed: ${(error as Error).message}`);
  });
  const countResults = (results as unknown as pg.QueryResult[]).slice(settings.length + statements.length);
  return seeded.filter(
    (table, index) => Number(countResults[index]?.rows[0].count) < (template.rowCounts[table] ?? 0),
  );
}

async function restoreRows(
  query: Query,
  server: DatabaseServer,
  template: SeedTemplate,
  lost: string[],
): Promise<void> {
  const source = await server.connect(template.name);
  try {
    // Parents first, the reverse of the order for deleting.
    for (const table of lost.toReversed()) {
      const { columns, key } = await tableShape(source, table);
      const kept = await query(`SELECT coalesce(array_agg(${key}), '{}') AS keys FROM ${table}`);
      const { rows } = await source.query(
        `SELECT coalesce(json_agg(lost), '[]')::text AS lost
         FROM (SELECT ${columns} FROM ${table}
               WHERE NOT EXISTS (SELECT FROM unnest($1::text[]) AS kept WHERE kept = ${key})) AS lost`,
        [kept.rows[0].keys],
      );
      await query(
        `INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE
         SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1) ON CONFLICT DO NOTHING`,
        [rows[0].lost],
      );
    }
  } finally {
    // A template cannot be copied while anybody is connected to it.
    await source.end();
  }
}

/** The columns that an INSERT may name, and the primary key as one text (without a key: the whole row). */
async function tableShape(source: pg.Client, table: string): Promise<{ columns: string; key: string }> {
  const { rows } = await source.query(
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns,
            string_agg(quote_ident(attname), ', ' ORDER BY attnum) FILTER (WHERE attnum = ANY (
              SELECT unnest(conkey) FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p')) AS key
     FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [table],
  );
  return { columns: rows[0].columns, key: `ROW(${rows[0].key ?? rows[0].columns})::text` };
}

/** All tables, each before those that it refers to. */
async function tablesChildrenFirst(query: Query): Promise<string[]> {
  const { rows } = await query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name,
            array(SELECT format('%I.%I', pn.nspname, p.relname)
                  FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
                  JOIN pg_namespace pn ON pn.oid = p.relnamespace
                  WHERE k.contype = 'f' AND k.conrelid = c.oid AND k.confrelid <> c.oid) AS parents
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
     ORDER BY 1`,
  );
  const parentsOf = new Map<string, string[]>(rows.map((row) => [row.name, row.parents]));
  const parentsFirst: string[] = [];
  const visit = (table: string) => {
    if (parentsFirst.includes(table) || !parentsOf.has(table)) return;
    const parents = parentsOf.get(table) ?? [];
    parentsOf.delete(table);
    for (const parent of parents) visit(parent);
    parentsFirst.push(table);
  };
  for (const table of [...parentsOf.keys()]) visit(table);
  return parentsFirst.toReversed();
}
