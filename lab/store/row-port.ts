import type { MessagePort } from 'node:worker_threads';
import { DUCKDB } from '../query/dialect/index.ts';
import { Catalogue, type CatalogueEntry } from './catalogue.ts';
import type { RowSource, SqlParameter, SqlRow } from './database.ts';

/** What another thread asks the store's thread. */
export type RowRequest =
  | { id: number; kind: 'all'; sql: string; parameters: readonly SqlParameter[] }
  | { id: number; kind: 'catalogue' }
  /** ends the statement of that id, if it still runs */
  | { id: number; kind: 'interrupt' };

/** Rows come in parts, so that the store's thread can write in between. */
export type RowReply =
  | { id: number; kind: 'rows'; rows: SqlRow[] }
  | { id: number; kind: 'done'; entries?: CatalogueEntry[] }
  | { id: number; kind: 'failed'; name: string; message: string };

interface Waiting {
  rows: SqlRow[];
  resolve(rows: SqlRow[], entries?: CatalogueEntry[]): void;
  reject(error: Error): void;
}

/** The store's rows in another thread than the one that reads them. `withSignal` gives one whose reading can be ended. */
export class RemoteRows implements RowSource {
  readonly dialect = DUCKDB;
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (reply: RowReply) => this.#take(reply));
  }

  all(sql: string, parameters: readonly SqlParameter[] = []): Promise<SqlRow[]> {
    return this.#rows(sql, parameters);
  }

  #rows(sql: string, parameters: readonly SqlParameter[] = [], signal?: AbortSignal): Promise<SqlRow[]> {
    return this.#ask(
      (id) => ({ id, kind: 'all', sql, parameters }),
      (rows) => rows,
      signal,
    );
  }

  catalogue(): Promise<Catalogue> {
    return this.#ask(
      (id) => ({ id, kind: 'catalogue' }),
      (_, entries) => new Catalogue(entries),
    );
  }

  /** The same rows; a statement of theirs that runs is ended when the signal says so. */
  withSignal(signal: AbortSignal): RowSource {
    return {
      dialect: this.dialect,
      all: (sql, parameters) => this.#rows(sql, parameters, signal),
      catalogue: () => this.catalogue(),
    };
  }

  #ask<T>(
    request: (id: number) => RowRequest,
    answer: (rows: SqlRow[], entries?: CatalogueEntry[]) => T,
    signal?: AbortSignal,
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(id);
        this.#port.postMessage({ id, kind: 'interrupt' } satisfies RowRequest);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', stop, { once: true });
      const settled =
        <V>(settle: (value: V) => void) =>
        (value: V): void => {
          signal?.removeEventListener('abort', stop);
          settle(value);
        };
      this.#waiting.set(id, {
        rows: [],
        resolve: (rows, entries) => settled(resolve)(answer(rows, entries)),
        reject: settled(reject),
      });
      this.#port.postMessage(request(id));
    });
  }

  #take(reply: RowReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if (reply.kind === 'rows') {
      for (const row of reply.rows) waiting.rows.push(row);
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.kind === 'done') waiting.resolve(waiting.rows, reply.entries);
    else waiting.reject(Object.assign(new Error(reply.message), { name: reply.name }));
  }
}
