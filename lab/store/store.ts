import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Span } from '@workshop/telemetry';
import { DUCKDB } from '../query/dialect/index.ts';
import { Catalogue, type CatalogueEntry } from './catalogue.ts';
import type { RowSource, SqlParameter, SqlRow } from './database.ts';
import { fileFault, StoreError } from './file-fault.ts';
import { RecentSpans } from './recent-spans.ts';
import { RowBatchBuilder, type WideEvent } from './row-batch.ts';
import type { Retention, StoreSize, WorkerCall, WorkerReply } from './worker-protocol.ts';

export interface StoreOptions {
  /** folder of the data; made when it is not there */
  dir: string;
  retention?: Retention;
  /** rows that may wait for their commit before `write` refuses; 200,000 by default */
  maxWaitingRows?: number;
}

/** The store has more to write than it can hold; ask again after `retryAfterSeconds`. */
export class StoreBusy extends Error {
  override name = 'StoreBusy';
  readonly retryAfterSeconds = 1;
}

export interface WriteResult {
  stored: number;
  /** spans that were stored before: a client sent them again */
  duplicates: number;
}

/** How many spans back a copy is still recognised. */
const RECENT_SPANS = 200_000;
const RETENTION_EVERY_MS = 60_000;

/** Files that this process has open: a file lock does not protect a process from itself. */
const openFiles = new Set<string>();

/**
 * The lab's store on disk. One process owns it; all DuckDB work happens in its worker thread.
 *
 * `write` resolves when the spans survive the death of this process.
 */
export class Store implements RowSource {
  readonly kind = 'file';
  readonly dialect = DUCKDB;
  readonly path: string;
  /** what is kept at most */
  readonly retention: Retention;
  /** what the retention has deleted since the store was opened, and when last; null for nothing */
  removed: { rows: number; atMs: number } | null = null;
  readonly #worker: Worker;
  readonly #recent = new RecentSpans(RECENT_SPANS);
  readonly #pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #maxWaitingRows: number;
  #waitingRows = 0;
  #lastId = 0;
  #retentionTimer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(path: string, worker: Worker, retention: Retention, maxWaitingRows: number) {
    this.path = path;
    this.retention = retention;
    this.#worker = worker;
    this.#maxWaitingRows = maxWaitingRows;
  }

  /** @throws StoreError when another process has the data open, it is damaged, or cannot be read */
  static async open(options: StoreOptions): Promise<Store> {
    mkdirSync(options.dir, { recursive: true });
    const path = resolve(join(options.dir, 'spans.duckdb'));
    if (openFiles.has(path)) throw new StoreError(`This process already has the lab's data open: ${path}`);
    openFiles.add(path);
    const retention = options.retention ?? {};
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { path, retention },
      // Flags of this process (a loader, --input-type) are not the worker's.
      execArgv: [],
    });
    const store = new Store(path, worker, retention, options.maxWaitingRows ?? 200_000);
    try {
      const ready = store.#expect(0);
      worker.on('message', (reply: WorkerReply) => store.#settle(reply));
      worker.on('error', (error) => store.#fail(error as Error));
      worker.on('exit', () => store.#fail(new StoreError('the store is closed')));
      await ready;
      for (const { trace_id, span_id } of (await store.#call({
        kind: 'recent-ids',
        limit: RECENT_SPANS,
      })) as SqlRow[])
        store.#recent.add(trace_id as string, span_id as string);
    } catch (error) {
      openFiles.delete(path);
      await worker.terminate();
      // What is read first may lie in a block that is damaged, although the file could be opened.
      throw error instanceof StoreError ? error : fileFault(path, error);
    }
    if (retention.maxAgeHours !== undefined || retention.maxBytes !== undefined) {
      store.#retentionTimer = setInterval(
        () => void store.retain(Date.now()).catch(() => undefined),
        RETENTION_EVERY_MS,
      );
      store.#retentionTimer.unref();
    }
    return store;
  }

  /**
   * Stores spans; resolves after the commit.
   * @throws StoreBusy when too many rows wait already
   */
  async write(spans: readonly Span[]): Promise<WriteResult> {
    if (this.#waitingRows >= this.#maxWaitingRows) throw new StoreBusy('the store cannot keep up');
    const builder = new RowBatchBuilder(Date.now());
    const added: Span[] = [];
    for (const span of spans) {
      if (!this.#recent.add(span.traceId, span.spanId)) continue;
      added.push(span);
      builder.add(span);
    }
    try {
      // A batch of copies only still waits its turn: the first copy may not be on disk yet.
      await this.#append(builder);
    } catch (error) {
      for (const { traceId, spanId } of added) this.#recent.remove(traceId, spanId);
      throw error;
    }
    return { stored: added.length, duplicates: spans.length - added.length };
  }

  /**
   * Stores events that are no spans; resolves after the commit. One that is sent twice is there twice.
   * @throws StoreBusy when too many rows wait already
   */
  async writeEvents(events: readonly WideEvent[]): Promise<void> {
    if (this.#waitingRows >= this.#maxWaitingRows) throw new StoreBusy('the store cannot keep up');
    const builder = new RowBatchBuilder(Date.now());
    for (const event of events) builder.addEvent(event);
    await this.#append(builder);
  }

  async all(sql: string, parameters: readonly SqlParameter[] = []): Promise<SqlRow[]> {
    return (await this.#call({ kind: 'all', sql, parameters })) as SqlRow[];
  }

  async catalogue(): Promise<Catalogue> {
    return new Catalogue((await this.#call({ kind: 'catalogue' })) as CatalogueEntry[]);
  }

  /** A port for `RemoteRows` in another thread, which then reads without this one. */
  rowPort(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ id: ++this.#lastId, kind: 'serve', port: port1 }, [port1]);
    return port2;
  }

  async size(): Promise<StoreSize> {
    return (await this.#call({ kind: 'size' })) as StoreSize;
  }

  /** Applies the retention now; it also runs every minute. @returns how many rows were deleted */
  async retain(nowMs: number): Promise<number> {
    const rows = (await this.#call({ kind: 'retain', nowMs })) as number;
    if (rows > 0) this.removed = { rows: (this.removed?.rows ?? 0) + rows, atMs: nowMs };
    return rows;
  }

  /** Writes what waits, then lets go of the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    clearInterval(this.#retentionTimer);
    await this.#call({ kind: 'close' });
    this.#closed = true;
    await this.#worker.terminate();
    openFiles.delete(this.path);
  }

  async #append(builder: RowBatchBuilder): Promise<void> {
    const batch = builder.build();
    this.#waitingRows += batch.rows;
    try {
      await this.#call({ kind: 'append', batch });
    } finally {
      this.#waitingRows -= batch.rows;
    }
  }

  #call(call: WorkerCall): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StoreError('the store is closed'));
    const id = ++this.#lastId;
    const answer = this.#expect(id);
    this.#worker.postMessage({ ...call, id });
    return answer;
  }

  #expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  #settle(reply: WorkerReply): void {
    const waiting = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (!waiting) return;
    if (reply.ok) waiting.resolve(reply.value);
    else
      waiting.reject(
        reply.error.name === 'StoreError'
          ? new StoreError(reply.error.message, { whatToDo: reply.error.whatToDo })
          : Object.assign(new Error(reply.error.message), { name: reply.error.name }),
      );
  }

  #fail(error: Error): void {
    this.#closed = true;
    openFiles.delete(this.path);
    for (const waiting of this.#pending.values()) waiting.reject(error);
    this.#pending.clear();
  }
}
