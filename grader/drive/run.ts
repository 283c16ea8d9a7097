import type { Evidence } from '../evidence/index.ts';
import { runSavedQueries } from '../queries/index.ts';
import { type PageWorld, startPageWorld } from '../world/index.ts';
import { boot, type Running } from './boot.ts';
import { merged } from './merged.ts';
import type { DriveOrder } from './order.ts';
import type { Scenario } from './scenario.ts';

type Exercise = DriveOrder['exercises'][number];

/**
 * Drives the scenarios and yields one evidence each, in the order in which they come. Scenarios that need the same
 * processes are driven one after another in one boot, since a boot takes longer than most of them. Those that need
 * other processes are driven beside them: nearly all of their time is waiting. The learner's faults are in the evidence.
 * @throws WorldError for the grader's own trouble
 */
export async function* drive(order: DriveOrder): AsyncGenerator<Evidence> {
  // Needs no system, so it overlaps with the start of one.
  const queried = order.exercises.some(({ scenario }) => scenario.options.savedQueries)
    ? runSavedQueries(order.tree.queries, order.seed)
    : null;
  queried?.catch(() => {}); // thrown where it is awaited
  // One page world for all scenarios: page and browser get ready while the first ones are driven.
  const pages = order.exercises.some(({ scenario }) => scenario.options.page)
    ? await startPageWorld({ treeDir: order.tree.path, onProgress: order.onProgress })
    : null;
  try {
    const [first = [], ...others] = Map.groupBy(order.exercises, bootKey).values();
    const main = new Lane(order, pages, [first]);
    const beside = new Lane(order, pages, others, main);
    for await (const evidence of merged([main.drive(), beside.drive()])) {
      const { options } = (order.exercises.find(({ id }) => id === evidence.exercise) as Exercise).scenario;
      yield options.savedQueries && queried ? { ...evidence, queryResults: await queried } : evidence;
    }
  } finally {
    await pages?.close();
  }
}

/** Scenarios of one key share a boot. Page and queries need none of their own: the API knows the page from the start. */
function bootKey({ scenario }: Exercise): string {
  const { page: _page, savedQueries: _queries, ...processes } = scenario.options;
  return JSON.stringify(processes);
}

/** Boots one after another, never two at once. At most two lanes go on side by side: one for each core of a small machine. */
class Lane {
  /** once its first boot is over, or when it has none */
  readonly ready = Promise.withResolvers<void>();
  /** once its last system has ended */
  readonly over = Promise.withResolvers<void>();
  /** one of its systems became ready */
  started = false;
  failed = false;
  readonly #order: DriveOrder;
  readonly #pages: PageWorld | null;
  readonly #boots: Exercise[][];
  readonly #other: Lane | null;

  /** @param other the lane whose boot comes first: two at once would take as long, and each look slow */
  constructor(order: DriveOrder, pages: PageWorld | null, boots: Exercise[][], other: Lane | null = null) {
    this.#order = order;
    this.#pages = pages;
    this.#boots = boots;
    this.#other = other;
  }

  async *drive(): AsyncGenerator<Evidence> {
    let running: Running | null = null;
    try {
      for (const exercises of this.#boots) {
        await this.#other?.ready.promise;
        if (this.#other?.failed) return;
        for (const { id, scenario } of exercises) {
          if (running && !(await running.isUsable())) {
            await running.stop();
            running = null;
          }
          running ??= await this.#boot(scenario);
          this.#order.onProgress?.(`driving ${id}`);
          yield await running.take(id, scenario);
        }
        await running?.stop();
        running = null;
      }
    } catch (error) {
      this.failed = true;
      throw error;
    } finally {
      await running?.stop();
      this.ready.resolve();
      this.over.resolve();
    }
  }

  async #boot(scenario: Scenario): Promise<Running> {
    let running = await boot(this.#order, scenario, this.#pages);
    // A port that the learner's code always takes is free for one system at a time. Two at once is our doing, not a fault.
    if (!running.started && this.#other?.started) {
      await running.stop();
      await this.#other.over.promise;
      running = await boot(this.#order, scenario, this.#pages);
    }
    this.started ||= running.started;
    this.ready.resolve();
    return running;
  }
}
