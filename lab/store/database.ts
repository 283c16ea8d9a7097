import { DOUBLE, DuckDBConnection, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { type Dialect, DUCKDB } from '../query/dialect/index.ts';
import { Catalogue, type CatalogueEntry } from './catalogue.ts';
import { appendBatch } from './chunk-writer.ts';
import { fileFault, StoreError } from './file-fault.ts';
import { createTables } from './layout.ts';
import { RESOURCE, type RowBatch, type StoredResource } from './row-batch.ts';

export type SqlParameter = string | number | boolean | null;
export type SqlRow = Record<string, unknown>;

/** A range of time, Unix milliseconds: from the first to before the second. */
export type TimeWindow = readonly [fromMs: number, toMs: number];

/** What reads rows: a store behind a worker, or a database in memory. */
export interface RowSource {
  /** how its statements are written */
  readonly dialect: Dialect;
  /** @param within rows of another time do not matter; whoever can find them by their time reads no others */
  all(sql: string, parameters?: readonly SqlParameter[], within?: TimeWindow): Promise<SqlRow[]>;
  /** every attribute that was ever stored */
  catalogue(): Promise<Catalogue> | Catalogue;
}

/** Instead of a path: a database that lives as long as its process. */
export const MEMORY = ':memory:';

/** One statement for each would take a millisecond a key, and a sender may have thousands of them. */
const ENTRIES_A_STATEMENT = 500;

/** Who writes so many rows at once will mostly write more of them, until none have come for so long. Milliseconds. */
const MANY_ROWS = 500;
const POURING_MS = 2_000;

/** How often a statement that is to end is interrupted, until it has ended. */
const INTERRUPT_EVERY_MS = 20;

/**
 * The first version of DuckDB that can read a new file. By itself DuckDB writes files for its version 0.10, without the
 * newer compression of texts, with which the attributes of a row take half the time to read and are smaller. An older
 * file stays in its own format.
 */
const FILE_FORMAT = 'v1.5.0';

/**
 * One DuckDB database with the rows, and the catalogue of attribute keys. Knows SQL, but no query semantics.
 *
 * Lives in the worker thread for a file and in the caller's thread for memory. Reading goes through connections
 * of its own, so that a long query does not hold up a write.
 */
export class Database implements RowSource {
  readonly dialect = DUCKDB;
  readonly #known = new Catalogue();
  readonly #resourceIds = new Map<string, number>();
  #lastResourceId = 0;
  readonly #instance: duckdb.Database;
  readonly #writerHandle: duckdb.Connection;
  readonly #writer: DuckDBConnection;
  readonly #idle: DuckDBConnection[] = [];
  /** reads that are under way, each with what ends it and when it is over */
  readonly #reads = new Set<{ end(): void; over: Promise<void> }>();
  #readsEnded = false;
  #appender: duckdb.Appender;
  #lastTurn: Promise<unknown> = Promise.resolve();
  #closed = false;
  readonly #isFile: boolean;
  /** while many rows are written: until it is over */
  #pouring: NodeJS.Timeout | undefined;

  private constructor(instance: duckdb.Database, writer: duckdb.Connection, isFile: boolean) {
    this.#isFile = isFile;
    this.#instance = instance;
    this.#writerHandle = writer;
    this.#writer = new DuckDBConnection(writer);
    this.#appender = this.#createAppender();
  }

  /** @param path a file, or `MEMORY` */
  static async open(path: string): Promise<Database> {
    const instance = await openInstance(path);
    const handle = await duckdb.connect(instance);
    const writer = new DuckDBConnection(handle);
    // Checkpoints while data pours in cost more than half of the throughput; the store asks for one when idle.
    if (path !== MEMORY) {
      await writer.run(`set checkpoint_threshold = '1GB'`);
      // By itself it would take four fifths of the machine, on which the learner's own system runs, too. What it does not
      // count among this, the process and what the allocator keeps, is as much again.
      await writer.run(`set memory_limit = '650MB'`);
      // Else the allocator keeps what large questions needed, for the next of them.
      await writer.run(`set allocator_flush_threshold = '16MB'`);
      await writer.run(`set allocator_bulk_deallocation_flush_threshold = '16MB'`);
      // DuckDB guesses that a time range leaves a fifth of the spans, and then hashes all of them to find a few. As our
      // joins are written, the smaller side is the right one.
      await writer.run(`set global disabled_optimizers = 'build_side_probe_side'`);
    }
    // What fits into memory for a moment is small: waking other threads costs more than they save.
    else await writer.run('set threads = 1');
    await createTables(writer, path);
    const database = new Database(instance, handle, path !== MEMORY);
    if (path !== MEMORY) await database.giveMemoryBack();
    for (const row of await database.all('select key, type, origin from catalogue')) {
      database.#known.add(row as unknown as CatalogueEntry);
    }
    for (const row of await database.all('select id, identity from resources order by id')) {
      database.#resourceIds.set(row.identity as string, row.id as number);
      database.#lastResourceId = row.id as number;
    }
    return database;
  }

  /** Appends the batches in one transaction; when it returns they survive the death of the process. */
  append(batches: readonly RowBatch[]): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isFile && rowsOf(batches) >= MANY_ROWS) await this.#keepMemory();
      const entries = batches.flatMap((batch) => batch.catalogue).filter((entry) => this.#known.add(entry));
      const resources: StoredResource[] = [];
      for (const batch of batches) this.#assignResources(batch, resources);
      await this.#writer.run('begin');
      try {
        for (let from = 0; from < entries.length; from += ENTRIES_A_STATEMENT)
          await this.#insertEntries(entries.slice(from, from + ENTRIES_A_STATEMENT));
        for (const resource of resources) await this.#insertResource(resource);
        for (const batch of batches) appendBatch(this.#appender, batch);
        duckdb.appender_flush_sync(this.#appender);
        await this.#writer.run('commit');
      } catch (error) {
        await this.#writer.run('rollback').catch(() => undefined);
        for (const entry of entries) this.#known.remove(entry);
        for (const { identity } of resources) this.#resourceIds.delete(identity);
        this.#appender = this.#createAppender();
        throw error;
      }
    });
  }

  /** Runs a statement that reads. Parameters stand as $1, $2 …; unused ones are not allowed. */
  async all(sql: string, parameters: readonly SqlParameter[] = []): Promise<SqlRow[]> {
    const { connection, release } = await this.#reader();
    try {
      const reader = await connection.runAndReadAll(sql, parameters as DuckDBValue[], typesOf(parameters));
      return reader.getRowObjectsJS() as SqlRow[];
    } finally {
      release();
    }
  }

  /** The rows of `all` in parts of about two thousand. @param signal ends the statement, which then throws */
  async *parts(
    sql: string,
    parameters: readonly SqlParameter[],
    signal: AbortSignal,
  ): AsyncGenerator<SqlRow[]> {
    const { connection, end, release } = await this.#reader();
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      const result = await connection.run(sql, parameters as DuckDBValue[], typesOf(parameters));
      for await (const rows of result.yieldRowObjectJs()) {
        signal.throwIfAborted();
        if (this.#readsEnded) throw new StoreError('the store is closed');
        yield rows as SqlRow[];
      }
    } finally {
      signal.removeEventListener('abort', end);
      release();
    }
  }

  /** Runs a statement that changes something, between two appends. */
  run(sql: string, parameters: readonly SqlParameter[] = []): Promise<void> {
    return this.#inTurn(async () => {
      await this.#writer.run(sql, parameters as DuckDBValue[]);
    });
  }

  /** Memory that is not needed goes back to the machine, until many rows are written at once again. */
  giveMemoryBack(): Promise<void> {
    return this.#inTurn(() => {
      clearTimeout(this.#pouring);
      this.#pouring = undefined;
      return this.#setGivesMemoryBack(true);
    });
  }

  /** Forgets the resources of which no row is left. */
  dropUnusedResources(): Promise<void> {
    return this.#inTurn(async () => {
      const unused = '(select id from resources where id not in (select resource_id from spans))';
      for (const row of await this.all(`select identity from resources where id in ${unused}`)) {
        this.#resourceIds.delete(row.identity as string);
      }
      await this.#writer.run(`delete from resources where id in ${unused}`);
    });
  }

  catalogue(): Catalogue {
    return this.#known;
  }

  /**
   * Interrupts what is being read, and resolves when nothing is any more; later reads are refused. A thread must not end
   * before: DuckDB's answer to a thread that is gone ends the whole process.
   */
  async endReads(): Promise<void> {
    this.#readsEnded = true;
    for (const read of this.#reads) read.end();
    await Promise.all([...this.#reads].map(({ over }) => over));
  }

  /**
   * Closes when what is being written has ended; what would come after it is refused. A statement on a connection that is
   * closed meanwhile ends the whole process.
   */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#closed = true;
      clearTimeout(this.#pouring);
      duckdb.appender_close_sync(this.#appender);
      for (const connection of this.#idle.splice(0)) connection.closeSync();
      this.#writer.closeSync();
      duckdb.close_sync(this.#instance);
    });
  }

  /** A connection to read with; `end` ends its statement, which then throws. @throws StoreError when reading has ended */
  async #reader(): Promise<{ connection: DuckDBConnection; end(): void; release(): void }> {
    if (this.#readsEnded) throw new StoreError('the store is closed');
    let connection = this.#idle.pop();
    let ending: NodeJS.Timeout | undefined;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const interrupt = (): void => connection?.interrupt();
    const end = (): void => {
      interrupt();
      // A statement that has not begun yet does not hear it, and would go on for as long as it takes.
      ending ??= setInterval(interrupt, INTERRUPT_EVERY_MS);
    };
    const read = { end, over };
    this.#reads.add(read);
    const release = (): void => {
      clearInterval(ending);
      if (connection) this.#idle.push(connection);
      this.#reads.delete(read);
      resolve();
    };
    try {
      connection ??= new DuckDBConnection(await duckdb.connect(this.#instance));
      if (this.#readsEnded) throw new StoreError('the store is closed');
      return { connection, end, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** One writer at a time: a statement in the middle of another's transaction would belong to it. @throws StoreError once it is closed */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(() => {
      if (this.#closed) throw new StoreError('the store is closed');
      return work();
    });
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  /** While much is written, since giving memory back costs an eighth of the throughput then. */
  async #keepMemory(): Promise<void> {
    if (this.#pouring === undefined) await this.#setGivesMemoryBack(false);
    clearTimeout(this.#pouring);
    this.#pouring = setTimeout(() => void this.giveMemoryBack().catch(() => undefined), POURING_MS).unref();
  }

  /**
   * By itself the allocator keeps what it had, which is half a gigabyte once much was written. Not every build of DuckDB has
   * one that gives it back.
   */
  async #setGivesMemoryBack(gives: boolean): Promise<void> {
    await this.#writer.run(`set allocator_background_threads = ${gives}`).catch(() => undefined);
  }

  #createAppender(): duckdb.Appender {
    return duckdb.appender_create_ext(this.#writerHandle, null, null, 'spans');
  }

  /** Puts the ids of the table in the place of the batch's own numbers. */
  #assignResources(batch: RowBatch, fresh: StoredResource[]): void {
    const ids = batch.resources.map((resource) => {
      let id = this.#resourceIds.get(resource.identity);
      if (id === undefined) {
        id = ++this.#lastResourceId;
        this.#resourceIds.set(resource.identity, id);
        fresh.push(resource);
      }
      return id;
    });
    batch.columns[RESOURCE] = (batch.columns[RESOURCE] as Float64Array).map((index) => ids[index] as number);
  }

  async #insertEntries(entries: readonly CatalogueEntry[]): Promise<void> {
    const rows = entries.map((_, row) => `($${3 * row + 1}, $${3 * row + 2}, $${3 * row + 3})`).join(', ');
    const values = entries.flatMap(({ key, type, origin }) => [key, type, origin]);
    await this.#writer.run(`insert into catalogue values ${rows}`, values);
  }

  async #insertResource({ identity, scope, ...resource }: StoredResource): Promise<void> {
    const values: DuckDBValue[] = [];
    const add = (value: DuckDBValue): string => `$${values.push(value)}`;
    const list = (texts: readonly string[]): string => `[${texts.map(add).join(', ')}]::varchar[]`;
    const columns = [add(this.#resourceIds.get(identity) as number), add(identity)];
    for (const each of [resource, scope])
      columns.push(add(each.shape), `map(${list(each.keys)}, ${list(each.values)})`);
    await this.#writer.run(`insert into resources values (${columns.join(', ')})`, values);
  }
}

function rowsOf(batches: readonly RowBatch[]): number {
  return batches.reduce((sum, { rows }) => sum + rows, 0);
}

/** Left to itself the driver takes a whole number for a BIGINT, and fails at 1e300. */
function typesOf(parameters: readonly SqlParameter[]): DuckDBType[] {
  // The driver's own choice, for all others, is to have no type here.
  return parameters.map((value) => (typeof value === 'number' ? DOUBLE : undefined) as DuckDBType);
}

async function openInstance(path: string): Promise<duckdb.Database> {
  const config = duckdb.create_config();
  if (path !== MEMORY) duckdb.set_config(config, 'storage_compatibility_version', FILE_FORMAT);
  try {
    return await duckdb.open(path, config);
  } catch (error) {
    throw fileFault(path, error);
  }
}
