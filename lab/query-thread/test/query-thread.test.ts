import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { until } from '@workshop/base';
import { QueryError, type QueryResult } from '../../query/index.ts';
import { Store } from '../../store/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { type Job, QueryCancelled, QueryThread, QueryTimeout } from '../index.ts';

const NOW = 1_795_000_000_000;
/** Seconds of work for the database, unless somebody ends it. */
const ENDLESS = query({
  calculated_fields: [
    { name: 'x', expression: `REG_COUNT(CONCAT(${Array(60).fill('$name').join(', ')}), \`a|e\`)` },
  ],
  calculations: [
    { op: 'SUM', column: 'x' },
    { op: 'COUNT_DISTINCT', column: 'x' },
  ],
  breakdowns: ['trace.span_id'],
  limit: 1000,
});

let dir: string;
let store: Store;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-thread-'));
  store = await Store.open({ dir });
  for (let seed = 1; seed <= 20; seed++)
    await store.write(sampleSpans({ requests: 500, endMs: NOW, everyMs: 10, seed }));
});
after(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

function query(input: unknown, options: object = {}): Job {
  return { kind: 'query', input, options: { now: NOW, ...options } };
}
function open(t: { after(clean: () => Promise<void>): void }, limitMs?: number): QueryThread {
  const thread = new QueryThread(() => store.rowPort(), limitMs);
  t.after(() => thread.close());
  return thread;
}
const read = async (answer: Promise<Readable>): Promise<QueryResult> =>
  (await json(await answer)) as QueryResult;

test('a result of many items comes whole, in pieces that the reader asks for', async (t) => {
  const thread = open(t);
  const limit = 1000;
  const result = await read(
    thread.run(query({ time_range: 60, breakdowns: ['trace.trace_id'], limit, granularity: 1 })),
  );
  assert.equal(result.data.results.length, limit);
  assert.equal(result.data.series.length, limit * 60);
  assert.equal(new Set(result.data.series.map(({ data }) => data['trace.trace_id'])).size, limit);
  assert.equal(thread.running, 0);
});

test('what is wrong with a query is said as without the thread', async (t) => {
  await assert.rejects(open(t).run(query({ limit: 0 })), (error: QueryError) => {
    assert.ok(error instanceof QueryError);
    assert.deepEqual(
      error.problems.map(({ field }) => field),
      ['limit'],
    );
    return true;
  });
});

test('a query that takes too long is ended and says what to do; the next one is answered', async (t) => {
  const thread = open(t, 300);
  await assert.rejects(thread.run(ENDLESS), (error: QueryTimeout) => {
    assert.ok(error instanceof QueryTimeout);
    assert.match(error.text, /stopped after 0\.3 s\.\nAsk for a shorter time range/);
    return true;
  });
  assert.equal((await read(thread.run(query({}, { disableSeries: true })))).data.results.length, 1);
});

test('a query is ended when its asker goes, before its answer and in the middle of it', async (t) => {
  const thread = open(t);
  const asker = new AbortController();
  const answer = thread.run(ENDLESS, asker.signal);
  asker.abort();
  await assert.rejects(answer, QueryCancelled);
  const long = await thread.run(query({ breakdowns: ['trace.trace_id'], limit: 1000 }));
  await new Promise((resolve) => long.once('readable', resolve));
  long.destroy();
  assert.ok(await until(() => thread.running === 0));
  assert.equal((await read(thread.run(query({}, { disableSeries: true })))).data.results.length, 1);
});

test('the thread loads no database: one that is ended while it loads it would end the whole process', async () => {
  const program = `
    import { once } from 'node:events';
    import { MessageChannel, Worker } from 'node:worker_threads';
    const { port1, port2 } = new MessageChannel();
    const thread = new Worker(new URL(${JSON.stringify(new URL('../thread.ts', import.meta.url).href)}), {
      workerData: { limitMs: 1000, rows: port2 },
      transferList: [port2],
      execArgv: [],
    });
    thread.postMessage({ id: 1, job: { kind: 'trace', id: 'a'.repeat(32) } });
    const [{ sql }] = await once(port1, 'message'); // all of it is loaded, and it asks for rows
    console.log(JSON.stringify([typeof sql, process.report.getReport().sharedObjects]));
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const [asked, libraries] = JSON.parse(stdout) as [string, string[]];
  assert.equal(asked, 'string');
  assert.deepEqual(
    libraries.filter((file) => /duckdb/.test(file)),
    [],
  );
});
