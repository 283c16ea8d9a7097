import type { Evidence } from '../evidence/index.ts';
import type { PageWorld } from '../world/index.ts';
import { boot, type Running } from './boot.ts';
import { merged } from './merged.ts';
import type { DriveOrder } from './order.ts';
import type { Scenario } from './scenario.ts';

type Exercise = DriveOrder['exercises'][number];

/** A boot that is under way or up. `started`: its API is ready; null: not known yet. */
interface Place {
  started: boolean | null;
  ended: PromiseWithResolvers<void>;
}

/**
 * Drives all scenarios of an order. Those that need the same processes are driven one after another in one boot, since
 * a boot takes longer than most of them. Two boots are driven side by side, one for each core of a small machine.
 */
export class Lanes {
  readonly #order: DriveOrder;
  readonly #pages: PageWorld | null;
  #waiting: Exercise[][];
  /** systems of this order, now */
  readonly #places = new Set<Place>();
  /** Once the first boot is over: two at once would take as long, and make the learner's start look slow. */
  readonly #firstBooted = Promise.withResolvers<void>();
  #failed = false;

  constructor(order: DriveOrder, pages: PageWorld | null) {
    this.#order = order;
    this.#pages = pages;
    this.#waiting = [...Map.groupBy(order.exercises, processKey).values()].flatMap(shares);
  }

  /** Evidences as they come. @throws what a boot or a scenario throws, once all systems have ended */
  drive(): AsyncGenerator<Evidence> {
    return merged([this.#lane(), this.#lane(this.#firstBooted.promise)]);
  }

  async *#lane(from?: Promise<void>): AsyncGenerator<Evidence> {
    await from;
    for (let group = this.#next(); group; group = this.#next()) yield* this.#group(group);
  }

  #next(): Exercise[] | undefined {
    return this.#failed ? undefined : this.#waiting.shift();
  }

  async *#group(exercises: Exercise[]): AsyncGenerator<Evidence> {
    let running: Running | null = null;
    try {
      for (const exercise of exercises) {
        if (running && !(await running.isUsable())) {
          await running.stop();
          running = null;
        }
        if (!running) {
          running = await this.#start(exercises.slice(exercises.indexOf(exercise)));
          // What does not start once need not be waited for twice.
          if (!running.started) exercises.push(...this.#takeAlike(exercise));
          this.#firstBooted.resolve();
        }
        this.#order.onProgress?.(`driving ${exercise.id}`);
        yield await running.take(exercise.id, exercise.scenario);
      }
    } catch (error) {
      this.#failed = true;
      throw error;
    } finally {
      await running?.stop();
      this.#firstBooted.resolve();
    }
  }

  async #start(exercises: Exercise[]): Promise<Running> {
    let running = await this.#boot(exercises);
    // A port that the learner's code always takes is free for one system at a time. Two at once is our doing, not a fault.
    if (!running.started && this.#others().length > 0) {
      await running.stop();
      for (let others = this.#others(); others.length > 0; others = this.#others())
        await Promise.race(others.map(({ ended }) => ended.promise));
      running = await this.#boot(exercises);
    }
    return running;
  }

  /** Takes the scenarios that wait for a boot of their own, and need the same processes as this one. */
  #takeAlike(exercise: Exercise): Exercise[] {
    const key = processKey(exercise);
    const { alike = [], others = [] } = Object.groupBy(this.#waiting, (share) =>
      share.some((one) => processKey(one) === key) ? 'alike' : 'others',
    );
    this.#waiting = others;
    return alike.flat();
  }

  async #boot(exercises: Exercise[]): Promise<Running> {
    const place: Place = { started: null, ended: Promise.withResolvers() };
    const leave = () => {
      this.#places.delete(place);
      place.ended.resolve();
    };
    this.#places.add(place);
    try {
      const scenarios = exercises.map(({ scenario }) => scenario) as [Scenario, ...Scenario[]];
      const running = await boot(this.#order, scenarios, this.#pages);
      place.started = running.started;
      return {
        ...running,
        async stop() {
          await running.stop().finally(leave); // another lane may wait for this place
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Systems that may hold what a start needs: not those that never started themselves. */
  #others(): Place[] {
    return [...this.#places].filter(({ started }) => started !== false);
  }
}

/** Scenarios of one key can share a boot. The API knows the page from the start, and its clock can be set. */
function processKey({ scenario }: Exercise): string {
  const { page: _page, savedQueries: _queries, clockSkewMs: _skew, ...processes } = scenario.options;
  return JSON.stringify(processes);
}

/**
 * Visits of the page wait for a browser most of the time, so the later half of them is driven in a boot of its own.
 * A wrong clock comes last: what a program reckoned with the clock before would be wrong after it is right again.
 */
function shares(exercises: Exercise[]): Exercise[][] {
  const [right = [], wrong = []] = [false, true].map((skewed) =>
    exercises.filter(({ scenario }) => (scenario.options.clockSkewMs !== undefined) === skewed),
  );
  const visits = [...right, ...wrong].filter(({ scenario }) => scenario.options.page);
  const later = visits.slice(Math.ceil(visits.length / 2));
  const first = [...right, ...wrong].filter((exercise) => !later.includes(exercise));
  return [first, later].filter((share) => share.length > 0);
}
