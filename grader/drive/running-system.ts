import path from 'node:path';
import { workshopDirectory } from '@workshop/base';
import type { DriveOutcome, Evidence, HeaderRecord, ProcessEnd, SentRequest } from '../evidence/index.ts';
import {
  BrowserMissingError,
  type ConnectedPage,
  keepCompiledCode,
  type PageSite,
  type PageWorld,
  type System,
  startSystem,
} from '../world/index.ts';
import { scenarioActions } from './actions/index.ts';
import { Collector } from './collect.ts';
import type { DriveOrder } from './order.ts';
import { Visit } from './page/visit.ts';
import type { Actions, Scenario } from './scenario.ts';
import { StepFailed } from './step-failed.ts';

/** The learner's system, running, in which one scenario after another is driven. */
export class RunningSystem {
  readonly #order: DriveOrder;
  readonly #scenarios: readonly Scenario[];
  readonly #system: System;
  /** where the page is served; absent when no scenario of the order needs one */
  readonly #site: PageSite | undefined;
  readonly #collector: Collector;
  #connecting: Promise<ConnectedPage> | undefined;
  #clockSkewMs: number;

  /**
   * Starts the learner's system for scenarios that need the same processes. Its clock is as the first one needs it.
   * @param signal ends the start early: the system has not started then
   * @throws WorldError for the grader's own trouble; the learner's is in the evidence
   */
  static async start(
    order: DriveOrder,
    scenarios: readonly [Scenario, ...Scenario[]],
    pages: PageWorld | null,
    signal?: AbortSignal,
  ): Promise<RunningSystem> {
    const { options } = scenarios[0];
    order.onProgress?.("starting the learner's system");
    const site = await pages?.openSite();
    try {
      const system = await startSystem({
        treeDir: order.tree.path,
        worker: options.worker ?? false,
        env: {
          ...(site && { PAGE_ORIGIN: site.origin }),
          ...(scenarios.some((one) => one.options.clockSkewMs !== undefined) && {
            WORKSHOP_CLOCK_SKEW_MS: String(options.clockSkewMs ?? 0),
          }),
          ...options.env,
        },
        onProgress: order.onProgress,
        signal,
        onLaunched() {
          order.onLaunched?.();
          // Page and browser get ready beside the API, and do not keep it waiting.
          pages?.prepare();
          if (options.page) site?.expectVisitor();
        },
      });
      return new RunningSystem(order, scenarios, system, site);
    } catch (error) {
      await site?.close();
      throw error;
    }
  }

  private constructor(
    order: DriveOrder,
    scenarios: readonly [Scenario, ...Scenario[]],
    system: System,
    site: PageSite | undefined,
  ) {
    this.#order = order;
    this.#scenarios = scenarios;
    this.#system = system;
    this.#site = site;
    this.#collector = new Collector(system);
    this.#clockSkewMs = scenarios[0].options.clockSkewMs ?? 0;
  }

  /** false: the API never became ready */
  get started(): boolean {
    return this.#system.apiUrl !== null;
  }

  /** What hung or died in one scenario is started anew for the next, so that one fault fails one exercise. */
  async isUsable(): Promise<boolean> {
    if (!this.#system.apiUrl) return true; // it does not start: starting it again would only take longer to say so
    if (this.#scenarios.some(({ options }) => options.worker) && !this.#system.workerRuns()) return false;
    try {
      const { body } = await fetch(`${this.#system.apiUrl}/health`, { signal: AbortSignal.timeout(2000) });
      await body?.cancel();
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Drives one scenario and tells everything that was seen of it.
   * @param of what it is driven for, when that is not the order that the system was started for: a tree with the same
   *   app-backend, and another seed
   */
  async drive(
    exercise: string,
    scenario: Scenario,
    { tree, seed }: Pick<DriveOrder, 'tree' | 'seed'> = this.#order,
  ): Promise<Evidence> {
    await this.#setClock(scenario.options.clockSkewMs ?? 0);
    const startedAt = new Date();
    const run = { atMs: startedAt.getTime(), clockSkewMs: this.#clockSkewMs };
    const began = performance.now();
    const { visit, trouble } = await this.#openVisit(exercise, scenario, tree.hash);
    if (this.#after(scenario)?.options.page) this.#site?.expectVisitor();
    const { actions, kept, finish } = scenarioActions({
      system: this.#system,
      seed,
      exercise,
      visit,
      worker: scenario.options.worker ?? false,
    });
    const outcome = await this.#attempt(scenario, actions, trouble);
    await finish();
    const visited = await visit?.finish(outcome.state !== 'complete');
    this.#system.database.setDelay(0);
    const collected = await this.#collector.collect(run, visited);
    const headers = await this.#headersSince(run.atMs);
    const evidence: Evidence = {
      schema: 1,
      exercise,
      seed,
      tree: { hash: tree.hash, label: tree.label },
      startedAt: startedAt.toISOString(),
      driveMs: 0,
      drive: outcome,
      ...(trouble && { trouble }),
      ...kept,
      ...collected,
      processes: await this.#system.processes(),
      ends: withRequests(await this.#system.endsSince(run.atMs), kept.requests, headers),
      collectorUrl: this.#system.receiver.url,
      page: visited?.record ?? null,
      headers,
      answers: tree.answers,
      queries: tree.queries,
    };
    if (this.started) await this.#system.database.resetToSeed();
    evidence.driveMs = performance.now() - began;
    return evidence;
  }

  /** Lets the next boot find what its processes have compiled. They answer nothing else meanwhile. */
  async keepCompiledCode(): Promise<void> {
    for (const connection of this.#system.capture.processes()) await keepCompiledCode(connection);
  }

  /** The page is another one now: the next scenario that needs it is connected to it anew. */
  async changePage(): Promise<void> {
    if (!this.#connecting) return;
    this.#connecting = undefined;
    await this.#site?.disconnect();
    this.#site?.expectVisitor();
  }

  /** Another system can take its place once it resolves, and stop() does the rest meanwhile. */
  makeRoom(): Promise<void> {
    return this.#system.makeRoom();
  }

  async stop(): Promise<void> {
    await this.#site?.close();
    await this.#system.stop();
  }

  #after(scenario: Scenario): Scenario | undefined {
    return this.#scenarios[this.#scenarios.indexOf(scenario) + 1];
  }

  async #setClock(skewMs: number): Promise<void> {
    if (skewMs === this.#clockSkewMs) return;
    this.#clockSkewMs = skewMs;
    // A process that does not answer shows in the evidence.
    await Promise.allSettled(this.#system.capture.processes().map((process) => process.setClockSkew(skewMs)));
  }

  /** The page is connected to this system at first use. A machine without a browser is the grader's own trouble. */
  async #openVisit(
    exercise: string,
    { options }: Scenario,
    treeHash: string,
  ): Promise<{ visit: Visit | null; trouble?: string }> {
    if (!options.page || !this.#site) return { visit: null };
    this.#connecting ??= this.#site.connect(this.#system.apiUrl, this.#system.receiver.url);
    try {
      const screenshot = path.join(workshopDirectory, 'evidence', treeHash, exercise);
      return { visit: new Visit(await this.#connecting, screenshot) };
    } catch (error) {
      if (error instanceof BrowserMissingError) return { visit: null, trouble: error.message };
      throw error;
    }
  }

  async #attempt(scenario: Scenario, actions: Actions, trouble: string | undefined): Promise<DriveOutcome> {
    if (trouble) return { state: 'not-started', step: 'start a browser', message: trouble };
    if (!this.started)
      return { state: 'not-started', step: 'start the API', message: 'it never became ready' };
    try {
      await scenario.run(actions);
      return { state: 'complete' };
    } catch (error) {
      if (error instanceof StepFailed)
        return { state: 'incomplete', step: error.step, message: error.message };
      throw error;
    }
  }

  /** Headers that the API and the third party got since then. Kept only where the page is part of the order. */
  async #headersSince(sinceMs: number): Promise<HeaderRecord[]> {
    if (!this.#site) return [];
    const api = this.#system.capture.processes().filter(({ process }) => process === 'api');
    const served = await Promise.all(api.map((connection) => connection.requests(0).catch(() => [])));
    return [...served.flat().map(({ seq: _, ...record }) => record), ...this.#site.thirdParty.requests]
      .filter(({ atMs }) => atMs >= sinceMs)
      .sort((a, b) => a.atMs - b.atMs);
  }
}

/** Says of each end which request had begun last: one of the driver, or of the page. */
function withRequests(
  ends: readonly Omit<ProcessEnd, 'after'>[],
  sent: readonly SentRequest[],
  headers: readonly HeaderRecord[],
): ProcessEnd[] {
  const begun = [
    ...sent.map(({ id, label, method, path, startMs }) => ({ id, label, method, path, startMs })),
    ...headers
      .filter(({ at }) => at === 'api')
      .map(({ method, path, atMs }) => ({ id: null, label: null, method, path, startMs: atMs })),
  ];
  return ends.map((end) => {
    const before = begun.filter(({ startMs }) => startMs <= end.atMs);
    const last = before.reduce<(typeof begun)[number] | null>(
      (newest, one) => (newest && newest.startMs >= one.startMs ? newest : one),
      null,
    );
    if (last === null) return { ...end, after: null };
    const { startMs: _, ...after } = last;
    return { ...end, after };
  });
}
