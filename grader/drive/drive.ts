import type { Evidence } from '../evidence/index.ts';
import { runSavedQueries } from '../queries/index.ts';
import { type PageWorld, pageWorld } from '../world/index.ts';
import type { DriveOrder, Exercise } from './order.ts';
import { RunningSystem } from './running-system.ts';
import type { Scenario } from './scenario.ts';
import { processesNeeded, type Schedule, scheduleOf } from './schedule.ts';

/**
 * Drives all scenarios of an order. The learner's faults are in the evidence.
 * @throws WorldError for the grader's own trouble, once all systems and the browser have ended
 */
export async function drive(order: DriveOrder): Promise<void> {
  const withQueries = new Set(
    order.exercises.filter(({ scenario }) => scenario.options.savedQueries).map(({ id }) => id),
  );
  // Needs no system, so it overlaps with the start of one.
  const queried = withQueries.size > 0 ? runSavedQueries(order.tree.queries, order.seed) : null;
  queried?.catch(() => {}); // thrown where it is awaited
  const pages = order.exercises.some(({ scenario }) => scenario.options.page)
    ? pageWorld({ treeDir: order.tree.path, onProgress: order.onProgress })
    : null;
  const onEvidence = async (evidence: Evidence) =>
    order.onEvidence(
      queried && withQueries.has(evidence.exercise) ? { ...evidence, queryResults: await queried } : evidence,
    );
  try {
    await new Drive({ ...order, onEvidence }, pages).run();
  } finally {
    await pages?.close();
  }
}

/** Drives a single scenario in a system of its own. @throws WorldError for the grader's own trouble */
export async function driveOne(
  order: Omit<DriveOrder, 'exercises' | 'onEvidence'>,
  one: Scenario,
): Promise<Evidence> {
  const driven: Evidence[] = [];
  await drive({
    ...order,
    exercises: [{ id: 'one', scenario: one }],
    onEvidence: (evidence) => void driven.push(evidence),
  });
  return driven[0] as Evidence;
}

/** A system that is starting or running. `started`: its API is ready; null: not known yet. */
interface Slot {
  started: boolean | null;
  ended: PromiseWithResolvers<void>;
}

/** Drives two systems side by side, one for each core of a small machine, and beside them what mostly waits. */
class Drive {
  readonly #order: DriveOrder;
  readonly #pages: PageWorld | null;
  readonly #left: Schedule;
  readonly #slots = new Set<Slot>();
  /** Once the first system has started: two at once would take as long, and make the learner's start look slow. */
  readonly #firstStarted = Promise.withResolvers<void>();
  #failure: { error: unknown } | null = null;

  constructor(order: DriveOrder, pages: PageWorld | null) {
    this.#order = order;
    this.#pages = pages;
    this.#left = scheduleOf(order.exercises);
  }

  async run(): Promise<void> {
    const { busy, waiting } = this.#left;
    const beside = (groups: Exercise[][]) => this.#firstStarted.promise.then(() => this.#driveGroups(groups));
    await Promise.all([this.#driveGroups(busy), beside(busy), beside(waiting)]);
    if (this.#failure) throw this.#failure.error;
  }

  /** Takes one group after another, as others that drive from the same list do. */
  async #driveGroups(groups: Exercise[][]): Promise<void> {
    for (let group = groups.shift(); group && !this.#failure; group = groups.shift()) {
      await this.#driveGroup(group).catch((error: unknown) => {
        this.#failure ??= { error };
      });
    }
  }

  async #driveGroup(group: Exercise[]): Promise<void> {
    const left = [...group];
    let running: RunningSystem | null = null;
    let leave = () => {};
    try {
      for (let next = left.shift(); next && !this.#failure; next = left.shift()) {
        if (running && !(await running.isUsable())) {
          await running.stop().finally(leave);
          running = null;
        }
        if (!running) {
          ({ running, leave } = await this.#start([next, ...left]));
          // What does not start once need not be waited for twice.
          if (!running.started) left.push(...this.#takeAlike(next));
          this.#firstStarted.resolve();
        }
        this.#order.onProgress?.(`driving ${next.id}`);
        await this.#order.onEvidence(await running.drive(next.id, next.scenario));
      }
    } finally {
      await running?.stop().finally(leave);
      this.#firstStarted.resolve();
    }
  }

  /** Takes the scenarios that wait for a system of their own, and need the same processes as this one. */
  #takeAlike(exercise: Exercise): Exercise[] {
    const needed = processesNeeded(exercise);
    const isAlike = (group: Exercise[]): boolean => group.some((one) => processesNeeded(one) === needed);
    const alike: Exercise[] = [];
    for (const groups of [this.#left.busy, this.#left.waiting]) {
      alike.push(...groups.filter(isAlike).flat());
      groups.splice(0, groups.length, ...groups.filter((group) => !isAlike(group)));
    }
    return alike;
  }

  async #start(exercises: Exercise[]): Promise<{ running: RunningSystem; leave: () => void }> {
    const first = await this.#startOnce(exercises);
    // A port that the learner's code always takes is free for one system at a time. Two at once is our doing, not a fault.
    if (first.running.started || this.#others().length === 0) return first;
    await first.running.stop().finally(first.leave);
    for (let others = this.#others(); others.length > 0; others = this.#others())
      await Promise.race(others.map(({ ended }) => ended.promise));
    return this.#startOnce(exercises);
  }

  /** `leave`: to be called once it has stopped, since another may wait for its slot */
  async #startOnce(exercises: Exercise[]): Promise<{ running: RunningSystem; leave: () => void }> {
    const slot: Slot = { started: null, ended: Promise.withResolvers() };
    const leave = () => {
      this.#slots.delete(slot);
      slot.ended.resolve();
    };
    this.#slots.add(slot);
    try {
      const scenarios = exercises.map(({ scenario }) => scenario) as [Scenario, ...Scenario[]];
      const running = await RunningSystem.start(this.#order, scenarios, this.#pages);
      slot.started = running.started;
      return { running, leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Systems that may hold what a start needs: not those that never started themselves. */
  #others(): Slot[] {
    return [...this.#slots].filter(({ started }) => started !== false);
  }
}
