import type { TestEvent } from 'node:test/reporters';
import type { Totals } from './totals.ts';

/**
 * A reporter of Node's runner: the totals as JSON, once everything ran. Node's own totals leave out a suite that was
 * skipped as a whole, so that its tests seem never to have been there; here it counts as one skipped test.
 */
export default async function* totalsReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const skipped: string[] = [];
  let totals: Totals | null = null;
  for await (const { type, data } of source) {
    if (type === 'test:pass' && (data.skip !== undefined || data.todo !== undefined)) {
      const why = [data.skip, data.todo].find((reason) => typeof reason === 'string');
      skipped.push(why ? `${data.name} (${why})` : data.name);
    }
    // Each file has a summary of its own; that of the whole names no file.
    if (type === 'test:summary' && data.file === undefined) {
      const { tests, passed, skipped: left, todo } = data.counts;
      // Node counts a cancelled test apart from a failed one.
      totals = { passed, failed: tests - passed - left - todo, skipped };
    }
  }
  yield JSON.stringify(totals);
}
