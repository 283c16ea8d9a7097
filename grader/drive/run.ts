import type { Evidence } from '../evidence/index.ts';
import { runSavedQueries } from '../queries/index.ts';
import { pageWorld } from '../world/index.ts';
import { Lanes } from './lanes.ts';
import type { DriveOrder } from './order.ts';

/**
 * Drives the scenarios and yields one evidence each, in the order in which they come. The learner's faults are in the
 * evidence.
 * @throws WorldError for the grader's own trouble
 */
export async function* drive(order: DriveOrder): AsyncGenerator<Evidence> {
  const withQueries = new Set(
    order.exercises.filter(({ scenario }) => scenario.options.savedQueries).map(({ id }) => id),
  );
  // Needs no system, so it overlaps with the start of one.
  const queried = withQueries.size > 0 ? runSavedQueries(order.tree.queries, order.seed) : null;
  queried?.catch(() => {}); // thrown where it is awaited
  const pages = order.exercises.some(({ scenario }) => scenario.options.page)
    ? pageWorld({ treeDir: order.tree.path, onProgress: order.onProgress })
    : null;
  try {
    for await (const evidence of new Lanes(order, pages).drive()) {
      yield queried && withQueries.has(evidence.exercise)
        ? { ...evidence, queryResults: await queried }
        : evidence;
    }
  } finally {
    await pages?.close();
  }
}
