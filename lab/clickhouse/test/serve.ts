/**
 * A ClickHouse to try the lab on, where none runs: the engine as a library behind an HTTP interface, with made-up spans
 * in the Collector's table. `npm run test:clickhouse` must have installed it.
 *
 *   node lab/clickhouse/test/serve.ts [port]
 *
 * Prints the address for `npm run lab -- --store …`, and runs until Ctrl-C.
 */
import { Random } from '../../query/test/random.ts';
import { randomSpans } from '../../query/test/random-data.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { openEngine } from './engine.ts';
import { createTable, insertSpans } from './exported-spans.ts';
import { startFront } from './http-front.ts';

const [port = '0'] = process.argv.slice(2);
const engine = openEngine();
await createTable(engine);
const now = Date.now();
await insertSpans(engine, sampleSpans({ requests: 400, endMs: now, everyMs: 5_000 }));
await insertSpans(engine, randomSpans(new Random(1), 300, now, false));
const users = { reader: { password: '', readOnly: true } };
const front = await startFront(engine, { users, port: Number(port) });
console.log(`clickhouse://reader@127.0.0.1:${front.port}/otel`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void front.close().then(() => engine.close()));
