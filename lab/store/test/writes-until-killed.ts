import { sampleSpans } from '../../test/sample-spans.ts';
import { Store } from '../index.ts';

/** Writes spans for ever and prints how many writes were answered; its parent kills it. 7: the data is in use. */
let store: Store | undefined;
try {
  store = await Store.open({ dir: process.argv[2] as string });
  let written = 0;
  for (let seed = 1; seed < 10_000; seed++) {
    written += (await store.write(sampleSpans({ requests: 100, endMs: Date.now(), seed }))).stored;
    process.stdout.write(`${written}\n`);
  }
} catch (error) {
  console.log((error as Error).message);
  process.exitCode = 7;
  await store?.close();
}
