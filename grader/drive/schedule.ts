import type { Exercise } from './order.ts';

/** Groups of scenarios, each driven in one system, one after another. */
export interface Schedule {
  /** they keep a core busy each */
  busy: Exercise[][];
  /** they wait most of their time, and can be driven beside two busy ones */
  waiting: Exercise[][];
}

/**
 * Those that need the same processes share a system, since a boot takes longer than most of them. Where all the busy ones
 * need the same, the later visits of the page get a system of their own, so that no core is idle.
 */
export function scheduleOf(exercises: readonly Exercise[]): Schedule {
  const { waiting = [], busy = [] } = Object.groupBy(exercises, ({ scenario }) =>
    scenario.options.mostlyWaits ? 'waiting' : 'busy',
  );
  // Nothing keeps a core busy: then they need not stand back.
  if (busy.length === 0) return { busy: alike(waiting).flatMap(halves), waiting: [] };
  const [first = [], ...others] = alike(busy);
  return {
    busy: others.length === 0 ? halves(first) : [first, ...others],
    waiting: alike(waiting),
  };
}

/** A wrong clock comes last: what a program reckoned with the clock before would be wrong after it is right again. */
function alike(exercises: readonly Exercise[]): Exercise[][] {
  const { right = [], wrong = [] } = Object.groupBy(exercises, ({ scenario }) =>
    scenario.options.clockSkewMs === undefined ? 'right' : 'wrong',
  );
  return [...Map.groupBy([...right, ...wrong], processesNeeded).values()];
}

/** Scenarios of which this is equal can share a system. The API knows the page from the start, and its clock can be set. */
export function processesNeeded({ scenario }: Exercise): string {
  const {
    page: _page,
    savedQueries: _queries,
    clockSkewMs: _skew,
    mostlyWaits: _waits,
    ...processes
  } = scenario.options;
  return JSON.stringify(processes);
}

/** Visits of the page wait for a browser for much of their time: the later half of them can go on beside the rest. */
function halves(exercises: readonly Exercise[]): Exercise[][] {
  const visits = exercises.filter(({ scenario }) => scenario.options.page);
  const later = visits.slice(Math.ceil(visits.length / 2));
  const first = exercises.filter((exercise) => !later.includes(exercise));
  return [first, later].filter((group) => group.length > 0);
}
