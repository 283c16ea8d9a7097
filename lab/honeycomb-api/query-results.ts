import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WorkshopError } from '@workshop/base';
import type { QuerySpec, RunOptions } from '../query/index.ts';
import type { QueryThread } from '../query-thread/index.ts';
import { Refusal } from './refusal.ts';
import { newId } from './resource-files.ts';
import type { ShownResult } from './result-shape.ts';

/** Results that are kept at most: one of a thousand groups and a thousand steps is a file of 100 MB. */
const MOST_RESULTS = 100;
const MOST_BYTES = 1024 ** 3;
/** The thread takes one query after the other: who waits behind more than these is told to come again. */
const MOST_RUNNING = 10;

interface Result {
  dataset: string;
  shown: ShownResult;
  state: 'running' | 'complete' | { error: string };
  bytes: number;
  controller: AbortController;
  done: Promise<void>;
}

/**
 * Runs of queries, which a client asks for and comes back to, as in Honeycomb's Query Data API. They are built in the
 * query thread and go from there into files: neither a large one nor many take memory. A restart forgets them.
 */
export class QueryResults {
  readonly #dir: string;
  readonly #thread: Pick<QueryThread, 'run'>;
  /** the oldest first */
  readonly #results = new Map<string, Result>();

  constructor(dir: string, thread: Pick<QueryThread, 'run'>) {
    this.#dir = dir;
    this.#thread = thread;
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
  }

  /**
   * Begins a run.
   * @param query as it was made, with its id
   * @param address of the lab's pages
   */
  create(
    dataset: string,
    input: QuerySpec,
    options: RunOptions,
    query: object,
    address: string,
  ): ShownResult {
    const running = [...this.#results.values()].filter(({ state }) => state === 'running').length;
    if (running >= MOST_RUNNING)
      throw Refusal.problem(
        429,
        'rate-limited',
        'You have exceeded your rate limit.',
        `${MOST_RUNNING} queries run already. Try again when one of them is complete.`,
      );
    const id = newId();
    const url = `${address}/query?q=${encodeURIComponent(JSON.stringify(input))}`;
    const shown = { id, query, links: { query_url: url } };
    const controller = new AbortController();
    const result: Result = {
      dataset,
      shown,
      state: 'running',
      bytes: 0,
      controller,
      done: Promise.resolve(),
    };
    this.#results.set(id, result);
    result.done = this.#run(id, result, input, options);
    return shown;
  }

  /** The result as JSON: a short one while it runs or when it failed. @throws Refusal when there is none (any more) */
  get(dataset: string, id: string): { complete: boolean; json: Readable | object } {
    const result = this.#results.get(id);
    if (result?.dataset !== dataset) throw Refusal.notFound('Query result');
    const { shown, state } = result;
    if (state === 'complete') return { complete: true, json: createReadStream(this.#file(id)) };
    if (state === 'running') return { complete: false, json: { ...shown, complete: false } };
    return { complete: true, json: { ...shown, complete: true, error: state.error } };
  }

  async close(): Promise<void> {
    for (const { controller } of this.#results.values()) controller.abort();
    await Promise.all([...this.#results.values()].map(({ done }) => done));
  }

  async #run(id: string, result: Result, input: QuerySpec, options: RunOptions): Promise<void> {
    const { shown, controller } = result;
    try {
      const json = await this.#thread.run({ kind: 'query-result', input, options, shown }, controller.signal);
      await pipeline(json, createWriteStream(this.#file(id)));
      result.bytes = (await stat(this.#file(id))).size;
      result.state = 'complete';
    } catch (error) {
      // A text of the database or of our own code is no answer.
      const known =
        error instanceof WorkshopError ? error.text : "The query failed, and the fault is the lab's.";
      result.state = { error: known };
    }
    await this.#forgetOldest();
  }

  async #forgetOldest(): Promise<void> {
    const all = [...this.#results];
    let bytes = all.reduce((sum, [, { bytes: own }]) => sum + own, 0);
    let left = all.length;
    for (const [id, { state, bytes: own }] of all.slice(0, -1)) {
      if (left <= MOST_RESULTS && bytes <= MOST_BYTES) return;
      if (state === 'running') continue;
      this.#results.delete(id);
      await rm(this.#file(id), { force: true });
      bytes -= own;
      left--;
    }
  }

  #file(id: string): string {
    return path.join(this.#dir, `${id}.json`);
  }
}
