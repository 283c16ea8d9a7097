import { Readable } from 'node:stream';
import { MessagePort, Worker } from 'node:worker_threads';
import { EXIT_CODES, WorkshopError } from '@workshop/base';
import { ClickHouseProblem } from '../clickhouse/index.ts';
import { QueryError } from '../query/index.ts';
import type { Job } from './jobs.ts';
import type { FromThread, JobFailure, RowsOrigin, ThreadOptions, ToThread } from './protocol.ts';

/** The job took longer than the thread allows, and was ended. */
export class QueryTimeout extends WorkshopError {
  override name = 'QueryTimeout';

  constructor(limitMs: number) {
    super(`The query was stopped after ${limitMs / 1000} s.`, {
      exitCode: EXIT_CODES.failed,
      whatToDo: 'Ask for a shorter time range, fewer groups, or a coarser granularity.',
    });
  }
}

/** Nobody waits for the answer any more. */
export class QueryCancelled extends Error {
  override name = 'QueryCancelled';
}

/** Honeycomb's own limit is 10 s; a laptop is slower than its servers. */
export const QUERY_LIMIT_MS = 30_000;
/** A result that needs more memory ends the thread, not the lab. */
const MOST_MEMORY_MB = 1_024;

interface Asker {
  /** the answer, once its first piece is there */
  stream: Readable | null;
  resolve(stream: Readable): void;
  reject(error: Error): void;
}

/** Runs queries in a thread of their own, which is started again if it should end. */
export class QueryThread {
  readonly #rows: () => RowsOrigin;
  readonly #limitMs: number;
  readonly #askers = new Map<number, Asker>();
  #worker: Worker;
  #closed = false;
  #lastId = 0;

  /** @param rows gives a way to the rows, for each start of the thread another one */
  constructor(rows: () => RowsOrigin, limitMs = QUERY_LIMIT_MS) {
    this.#rows = rows;
    this.#limitMs = limitMs;
    this.#worker = this.#start();
  }

  /** How many answers are not given yet. */
  get running(): number {
    return this.#askers.size;
  }

  /**
   * The answer as JSON in UTF-8, made as fast as it is read. Destroying the stream ends the job.
   * @param signal ends the job: nobody waits for it
   * @throws QueryError, QueryTimeout, QueryCancelled, or an error of the database
   */
  run(job: Job, signal?: AbortSignal): Promise<Readable> {
    if (signal?.aborted) return Promise.reject(new QueryCancelled());
    const id = ++this.#lastId;
    const cancel = (): void => this.#post({ id, cancel: true });
    signal?.addEventListener('abort', cancel, { once: true });
    return new Promise<Readable>((resolve, reject) => {
      this.#askers.set(id, { stream: null, resolve, reject });
      this.#post({ id, job });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker.terminate();
  }

  #start(): Worker {
    const rows = this.#rows();
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: { limitMs: this.#limitMs, rows } satisfies ThreadOptions,
      transferList: rows instanceof MessagePort ? [rows] : [],
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
      // Flags of this process (a loader, --input-type) are not the worker's.
      execArgv: [],
    });
    let why = new Error('the query thread has ended');
    worker.on('message', (message: FromThread) => this.#take(message));
    worker.on('error', (error: Error) => {
      why = error;
    });
    worker.on('exit', () => {
      for (const id of [...this.#askers.keys()]) this.#settle(id, why);
      if (!this.#closed) this.#worker = this.#start();
    });
    return worker;
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #take(message: FromThread): void {
    const { id } = message;
    if ('piece' in message) this.#streamOf(id)?.push(message.piece);
    else if ('done' in message) {
      this.#streamOf(id)?.push(null);
      this.#askers.delete(id);
    } else this.#settle(id, this.#errorOf(message));
  }

  /** The stream of an answer that has begun. */
  #streamOf(id: number): Readable | null {
    const asker = this.#askers.get(id);
    if (!asker) return null;
    asker.stream ??= new Readable({
      read: () => this.#post({ id, taken: true }),
      destroy: (error, done) => {
        this.#post({ id, cancel: true });
        this.#askers.delete(id);
        done(error);
      },
    });
    asker.resolve(asker.stream);
    return asker.stream;
  }

  #settle(id: number, error: Error): void {
    const asker = this.#askers.get(id);
    this.#askers.delete(id);
    if (asker?.stream) asker.stream.destroy(error);
    else asker?.reject(error);
  }

  #errorOf({ name, message, problems, whatToDo }: JobFailure): Error {
    if (problems) return new QueryError(problems);
    if (whatToDo !== undefined) return new ClickHouseProblem(message, whatToDo);
    if (name === 'TimeoutError') return new QueryTimeout(this.#limitMs);
    if (name === 'AbortError') return new QueryCancelled();
    return Object.assign(new Error(message), { name });
  }
}
