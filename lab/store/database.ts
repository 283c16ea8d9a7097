import { DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { appendBatch } from './chunk-writer.ts';
import { COLUMNS, type ColumnType, PROMOTED_ATTRIBUTES } from './columns.ts';
import type { RowBatch } from './row-batch.ts';

export type SqlParameter = string | number | boolean | null;
export type SqlRow = Record<string, unknown>;

/** What reads rows: a store behind a worker, or a database in memory. */
export interface RowSource {
  all(sql: string, parameters?: readonly SqlParameter[]): Promise<SqlRow[]>;
  /** every key that was ever stored in an attribute, with the types of its values */
  types(): Promise<Map<string, ColumnType[]>> | Map<string, ColumnType[]>;
}

/** Instead of a path: a database that lives as long as its process. */
export const MEMORY = ':memory:';

/** The version of the table layout; a file of another version is not opened. */
const LAYOUT = 1;

/** A person's words for what went wrong with the store's file. */
export class StoreError extends Error {
  override name = 'StoreError';
}

/**
 * One DuckDB database with the rows, and the catalogue of attribute keys. Knows SQL, but no query semantics.
 *
 * Lives in the worker thread for a file and in the caller's thread for memory. Reading goes through connections
 * of its own, so that a long query does not hold up a write.
 */
export class Database implements RowSource {
  private readonly catalogue = new Map<string, Set<ColumnType>>();
  private readonly instance: duckdb.Database;
  private readonly writerHandle: duckdb.Connection;
  private readonly writer: DuckDBConnection;
  private readonly idle: DuckDBConnection[] = [];
  private appender: duckdb.Appender;

  private constructor(instance: duckdb.Database, writer: duckdb.Connection) {
    this.instance = instance;
    this.writerHandle = writer;
    this.writer = new DuckDBConnection(writer);
    this.appender = this.createAppender();
  }

  /** @param path a file, or `MEMORY` */
  static async open(path: string): Promise<Database> {
    const instance = await openInstance(path);
    const handle = await duckdb.connect(instance);
    const writer = new DuckDBConnection(handle);
    // Checkpoints while data pours in cost more than half of the throughput; the store asks for one when idle.
    if (path !== MEMORY) await writer.run(`set checkpoint_threshold = '1GB'`);
    // What fits into memory for a moment is small: waking other threads costs more than they save.
    else await writer.run('set threads = 1');
    await writer.run(`create table if not exists layout (version integer)`);
    const version = (await writer.runAndReadAll('select max(version) from layout')).getRows()[0]?.[0];
    if (version === null) await writer.run(`insert into layout values (${LAYOUT})`);
    else if (version !== LAYOUT) {
      throw new StoreError(
        `The lab's data has layout ${version}, this lab reads layout ${LAYOUT}. Move ${path} away and start again.`,
      );
    }
    const columns = COLUMNS.map((column) => `${column.sql} ${column.storage}`);
    await writer.run(`create table if not exists spans (${columns.join(', ')}, attrs map(varchar, varchar))`);
    await writer.run('create table if not exists catalogue (key varchar, type varchar)');
    const database = new Database(instance, handle);
    for (const row of await database.all('select key, type from catalogue')) {
      database.note(row.key as string, row.type as ColumnType);
    }
    return database;
  }

  /** Appends the batches in one transaction; when it returns they survive the death of the process. */
  async append(batches: readonly RowBatch[]): Promise<void> {
    const fresh: [string, ColumnType][] = [];
    for (const batch of batches) {
      for (const entry of batch.types) {
        const [type, key] = splitType(entry);
        if (this.note(key, type)) fresh.push([key, type]);
      }
    }
    await this.writer.run('begin');
    try {
      for (const [key, type] of fresh)
        await this.writer.run('insert into catalogue values ($1, $2)', [key, type]);
      for (const batch of batches) appendBatch(this.appender, batch);
      duckdb.appender_flush_sync(this.appender);
      await this.writer.run('commit');
    } catch (error) {
      await this.writer.run('rollback').catch(() => undefined);
      for (const [key, type] of fresh) this.catalogue.get(key)?.delete(type);
      this.appender = this.createAppender();
      throw error;
    }
  }

  /** Runs a statement that reads. Parameters stand as $1, $2 …; unused ones are not allowed. */
  async all(sql: string, parameters: readonly SqlParameter[] = []): Promise<SqlRow[]> {
    const connection = this.idle.pop() ?? new DuckDBConnection(await duckdb.connect(this.instance));
    try {
      const reader = await connection.runAndReadAll(sql, parameters as DuckDBValue[]);
      return reader.getRowObjectsJS() as SqlRow[];
    } finally {
      this.idle.push(connection);
    }
  }

  /** Runs a statement that changes something, in the writer's turn. */
  async run(sql: string, parameters: readonly SqlParameter[] = []): Promise<void> {
    await this.writer.run(sql, parameters as DuckDBValue[]);
  }

  /** Every key that was ever stored in an attribute, with the types of its values. */
  types(): Map<string, ColumnType[]> {
    return new Map([...this.catalogue].map(([key, types]) => [key, [...types]]));
  }

  close(): void {
    duckdb.appender_close_sync(this.appender);
    for (const connection of this.idle.splice(0)) connection.closeSync();
    this.writer.closeSync();
    duckdb.close_sync(this.instance);
  }

  private createAppender(): duckdb.Appender {
    return duckdb.appender_create_ext(this.writerHandle, null, null, 'spans');
  }

  private note(key: string, type: ColumnType): boolean {
    const types = this.catalogue.get(key);
    if (types?.has(type)) return false;
    if (types) types.add(type);
    else this.catalogue.set(key, new Set([type]));
    return true;
  }
}

/** Visible names of promoted attributes, which are in no map but count as attributes. */
export const PROMOTED_NAMES = PROMOTED_ATTRIBUTES.map((column) => column.name as string);

function splitType(entry: string): [ColumnType, string] {
  const at = entry.indexOf(' ');
  return [entry.slice(0, at) as ColumnType, entry.slice(at + 1)];
}

async function openInstance(path: string): Promise<duckdb.Database> {
  try {
    return await duckdb.open(path);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const owner = /PID (\d+)/.exec(text)?.[1];
    if (/lock/i.test(text) || /being used by another process/i.test(text)) {
      throw new StoreError(
        `Another process${owner ? ` (${owner})` : ''} already has the lab's data open: ${path}\n` +
          'Only one lab can own it. Stop the other one, or give this lab a folder of its own.',
        { cause: error },
      );
    }
    throw new StoreError(`The lab cannot open its data in ${path}: ${text.split('\n')[0]}`, { cause: error });
  }
}
