import type { Evidence } from '../evidence/index.ts';
import { runSavedQueries } from '../queries/index.ts';
import {
  fillCompiledCode,
  type PageWorld,
  pageWorld,
  prepareSystemDatabase,
  pruneCompiledCode,
} from '../world/index.ts';
import type { DrivenTree, DriveOrder } from './order.ts';
import { RunningSystem } from './running-system.ts';
import type { Scenario } from './scenario.ts';
import { processesNeeded } from './schedule.ts';

/** One scenario to be driven by a warm driver. */
export interface WarmOrder extends Pick<DriveOrder, 'seed' | 'onProgress' | 'onLaunched'> {
  /** of two trees with the same `backend`, what runs of one is as good as what would run of the other */
  tree: DrivenTree & { backend: string };
  id: string;
  scenario: Scenario;
  /** aborted: nobody waits for this evidence any more */
  signal: AbortSignal;
  /** nothing is driven before; what is started for it is started before */
  confirmed?: Promise<void>;
}

/** A system that is kept after a scenario, for the next one of the same backend. */
interface Kept {
  key: string;
  backend: string;
  running: RunningSystem;
  uses: number;
}

/** What a system recorded of each scenario stays in its process: after so many a new one is started. */
const MOST_USES = 20;
/** Nobody saves for so long: the learner's processes and the browser give their memory back. Milliseconds. */
const IDLE_MS = 10 * 60_000;

/**
 * Drives one scenario after another, and keeps in between what the next one can use: the browser, and the learner's system
 * as long as app-backend stays as it is. It is as sound as several scenarios in one system, which every grading of more
 * than one exercise has: the database goes back to its seed, and a process tells what is new.
 */
export class WarmDriver {
  #pages: PageWorld | null = null;
  #kept: Kept | null = null;
  /** over when the next system can have the place of those that were kept before */
  #leaving: Promise<void> = Promise.resolve();
  /** over when nothing is left of them */
  #dropping: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor() {
    fillCompiledCode();
  }

  /**
   * @returns null when it was aborted
   * @throws WorldError for the grader's own trouble
   */
  async drive(order: WarmOrder): Promise<Evidence | null> {
    clearTimeout(this.#idle);
    const { tree, seed, scenario, id, signal } = order;
    // Needs no system, so it overlaps with the start of one.
    const queried = scenario.options.savedQueries ? runSavedQueries(tree.queries, seed) : null;
    queried?.catch(() => {}); // thrown where it is awaited
    const kept = await this.#systemFor(order);
    const stop = () => void kept.running.stop();
    signal.addEventListener('abort', stop);
    try {
      await order.confirmed;
      if (signal.aborted) return null;
      order.onProgress?.(`driving ${id}`);
      kept.uses++;
      const evidence = await kept.running.drive(id, scenario, order);
      if (signal.aborted) return null;
      // Nobody waits for it. What cannot be written is compiled again.
      kept.running.keepCompiledCode().catch(() => {});
      return queried ? { ...evidence, queryResults: await queried } : evidence;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      // What was stopped in the middle, or never started, is no use to the next.
      if (signal.aborted || !kept.running.started || kept.uses >= MOST_USES) await this.#drop();
      this.#idle = setTimeout(() => void this.rest(), IDLE_MS).unref();
    }
  }

  /** Builds the page of a tree and opens a browser, so that the first scenario finds them ready. */
  preparePage(treeDir: string): void {
    this.#pagesOf({ treeDir }).prepare();
  }

  /** Makes ready what the next system needs. To be called when nobody waits. */
  prepareSystem(): void {
    void prepareSystemDatabase();
  }

  /** The next order is about this backend: what runs of another ends now. */
  keepOnly(backend: string): void {
    if (this.#kept && this.#kept.backend !== backend) void this.#drop();
  }

  /** Gives back what is only kept. */
  async rest(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#drop();
    await pruneCompiledCode().catch(() => {});
    const pages = this.#pages;
    this.#pages = null;
    await pages?.close();
  }

  async #systemFor(order: WarmOrder): Promise<Kept> {
    const { tree, id, scenario, onProgress, onLaunched, signal } = order;
    const pages = scenario.options.page ? this.#pagesOf({ treeDir: tree.path, onProgress }) : null;
    // A page's own address is part of the API's environment, so a system without a page is none for a scenario with one.
    const key = [tree.backend, processesNeeded({ id, scenario }), pages !== null].join(' ');
    if (this.#kept && (this.#kept.key !== key || !(await this.#kept.running.isUsable()))) void this.#drop();
    if (this.#kept) {
      onLaunched?.();
      await this.#kept.running.changePage();
      pages?.prepare();
      return this.#kept;
    }
    await this.#leaving;
    const start = { tree, seed: order.seed, exercises: [], onEvidence: () => {}, onProgress, onLaunched };
    const running = await RunningSystem.start(start, [scenario], pages, signal);
    this.#kept = { key, backend: tree.backend, running, uses: 0 };
    return this.#kept;
  }

  #pagesOf(options: { treeDir: string; onProgress?: (step: string) => void }): PageWorld {
    if (this.#pages) this.#pages.change(options);
    else this.#pages = pageWorld(options);
    return this.#pages;
  }

  async #drop(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    if (kept) {
      const leaving = this.#leaving.then(() => kept.running.makeRoom());
      // What is wrong with the database server comes up again where the next system is started.
      this.#leaving = leaving.catch(() => {});
      const stopping = this.#leaving.then(() => kept.running.stop()).catch(() => {});
      this.#dropping = Promise.all([this.#dropping, stopping]);
    }
    await this.#dropping;
  }
}
