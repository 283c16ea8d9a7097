import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { openQueryEngine, runQuery } from '../../query/index.ts';
import { comparisonDiffers, differenceBetween } from '../../query/test/compare.ts';
import { Oracle } from '../../query/test/oracle.ts';
import { Random } from '../../query/test/random.ts';
import { randomSpans } from '../../query/test/random-data.ts';
import { randomQuery } from '../../query/test/random-query.ts';
import { readClickHouseAddress } from '../index.ts';
import { ClickHouseRows } from '../rows.ts';
import { type Engine, openEngine } from './engine.ts';
import { asTexts, createTable, emptyTable, insertSpans } from './exported-spans.ts';
import { type Front, startFront } from './http-front.ts';

/** The same queries each time. LAB_SEED draws others, LAB_QUERIES more of them. */
const SEED = Number(process.env.LAB_SEED ?? 20_261_128);
const QUERIES = Number(process.env.LAB_QUERIES ?? 3_000);
const QUERIES_A_DATA_SET = 200;

let engine: Engine;
let front: Front;
before(async () => {
  engine = openEngine();
  await createTable(engine);
  // Every statement is another one: to compile its expressions takes longer than to run it.
  for (const setting of ['compile_expressions', 'compile_aggregate_expressions', 'compile_sort_description'])
    await engine.run(`set ${setting} = 0`, {});
  front = await startFront(engine, { users: { reader: { password: '', readOnly: true } } });
});
after(async () => {
  await front.close();
  engine.close();
});

test(`${QUERIES} random queries have one answer: of ClickHouse, of DuckDB, and of plain TypeScript (LAB_SEED=${SEED})`, async (t: TestContext) => {
  const random = new Random(SEED);
  const nowMs = 1_795_000_000_000 + random.below(1_000_000);
  const address = readClickHouseAddress(`clickhouse://reader@127.0.0.1:${front.port}/otel`, {});
  let [done, nonEmpty] = [0, 0];
  const wrong: string[] = [];
  while (done < QUERIES) {
    const spans = asTexts(randomSpans(random, 150 + random.below(150), nowMs, random.chance(0.5)));
    await emptyTable(engine);
    await insertSpans(engine, spans);
    const rows = await ClickHouseRows.open(address, 60_000);
    const duckdb = await openQueryEngine(spans);
    const oracle = new Oracle(spans);
    for (let i = 0; i < QUERIES_A_DATA_SET && done < QUERIES; i++, done++) {
      const { query, trees } = randomQuery(random, nowMs);
      const withSeries = done % 3 === 0;
      const options = { now: nowMs, disableSeries: !withSeries };
      const about = `query ${done} of LAB_SEED=${SEED}: ${JSON.stringify(query)}`;
      const answers = oracle.answers(query, trees, nowMs);
      for (const [name, run] of [
        ['ClickHouse', () => runQuery(rows, query, options)],
        ['DuckDB', () => duckdb.run(query, options)],
      ] as const) {
        const result = await run().catch((error: Error) => error);
        if (result instanceof Error) {
          wrong.push(`${name}: ${result.message.slice(0, 1_000)}\n${about}`);
          continue;
        }
        const difference =
          differenceBetween(query, result, answers.shown, withSeries) ??
          comparisonDiffers(query, result, answers, withSeries);
        if (difference !== null) wrong.push(`${name}: ${difference}\n${about}`);
        if (Object.values(result.data.results[0]?.data ?? {}).some((value) => value)) nonEmpty++;
      }
      if (wrong.length >= MOST_WRONG) break;
    }
    await rows.close();
    await duckdb.close();
    t.diagnostic(`${done} of ${QUERIES} queries, ${wrong.length} wrong answers`);
    if (wrong.length >= MOST_WRONG) break;
  }
  assert.deepEqual(wrong.join('\n\n'), '');
  t.diagnostic(`${done} queries; ${nonEmpty} of ${2 * done} results had something in them`);
  assert.ok(nonEmpty > (2 * QUERIES) / 3, 'most queries find nothing: the test has become empty');
});

/** Of more wrong answers nobody reads. */
const MOST_WRONG = 5;
