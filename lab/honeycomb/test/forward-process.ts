/** A process for forward.test.ts to kill: keeps spans without end, and says of each that it is kept. */
import { openForwardQueue } from '../forward/index.ts';
import { Secret } from '../secret.ts';
import { INGEST_KEY, makeSpan } from './fixtures.ts';

const [dir, endpoint, first] = process.argv.slice(2) as [string, string, string];
const queue = openForwardQueue({ dir, endpoint, key: new Secret(INGEST_KEY), baseWaitMs: 5, maxWaitMs: 20 });
for (let n = Number(first); ; n++) {
  queue.enqueue([makeSpan(n)]);
  // The write is done when its callback runs: what was not said was not promised.
  await new Promise((resolve) => process.stdout.write(`${n}\n`, resolve));
}
