import type { Exercise } from './order.ts';

/**
 * Scenarios in groups that are each driven in one system, one after another. Those that need the same processes share
 * one, since a boot takes longer than most of them.
 */
export function groupsOf(exercises: readonly Exercise[]): Exercise[][] {
  return [...Map.groupBy(exercises, processesNeeded).values()].flatMap(halves);
}

/** Scenarios of which this is equal can share a system. The API knows the page from the start, and its clock can be set. */
export function processesNeeded({ scenario }: Exercise): string {
  const { page: _page, savedQueries: _queries, clockSkewMs: _skew, ...processes } = scenario.options;
  return JSON.stringify(processes);
}

/**
 * Visits of the page wait for a browser most of the time, so the later half of them is driven in a system of its own.
 * A wrong clock comes last: what a program reckoned with the clock before would be wrong after it is right again.
 */
function halves(exercises: readonly Exercise[]): Exercise[][] {
  const [right = [], wrong = []] = [false, true].map((skewed) =>
    exercises.filter(({ scenario }) => (scenario.options.clockSkewMs !== undefined) === skewed),
  );
  const visits = [...right, ...wrong].filter(({ scenario }) => scenario.options.page);
  const later = visits.slice(Math.ceil(visits.length / 2));
  const first = [...right, ...wrong].filter((exercise) => !later.includes(exercise));
  return [first, later].filter((group) => group.length > 0);
}
