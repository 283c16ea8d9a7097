/**
 * Measures the memory of everything that `npm start` runs, while people use Murmur and a learner saves:
 *
 *   npm run bench:start                                 10 minutes, 20 gradings
 *   npm run bench:start -- --minutes 2 --gradings 4
 *
 * The page of the lab is built before, as it is at every start but the first. Exit code 1 when it is over its budget, or
 * grows. Not on Windows.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { until } from '@workshop/base';
import { plainTable } from '@workshop/base/tables';
import { startLab } from '@workshop/lab';
import type { ExerciseList } from '../../grader/learn/shapes/index.ts';
import { runTraffic } from '../../grader/traffic/index.ts';
import { Learner } from '../test/support/learner.ts';
import { median } from './median.ts';
import { memoryOf } from './process-tree.ts';

const BUDGET_MB = 2_048;
/** More than so much between the second quarter of the time and the last is growth, not chance. */
const GROWTH = 1.1;
const SAMPLES = 40;
const REQUESTS_A_SECOND = 5;
const PEOPLE = 24;
const GRADING_MS = 300_000;
const MAIN = 'app-backend/src/main.ts';

interface Sample {
  minute: number;
  gradings: number;
  parts: Map<string, number>;
  megabytes: number;
}

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, gradings: { type: 'string', default: '20' } },
});
const minutes = Number(values.minutes);
const gradings = Number(values.gradings);
if (!(minutes > 0 && gradings >= 0)) {
  console.error('Say minutes and gradings as numbers: npm run bench:start -- --minutes 10 --gradings 20');
  process.exit(2);
}

/** A save, and the grading that follows, until it has ended. */
async function saveAndWait(learner: Learner, number: number): Promise<boolean> {
  const live = async (): Promise<ExerciseList['live']> =>
    ((await (await fetch(`${learner.labUrl}/api/learn`)).json()) as ExerciseList).live;
  const { generation } = await live();
  const text = readFileSync(`${learner.root}/${MAIN}`, 'utf8').replace(/\n\/\/ save \d+\n$/, '');
  learner.save(MAIN, `${text}\n// save ${number}\n`);
  return until(
    async () => {
      const now = await live();
      return now.generation > generation && now.phase === 'idle';
    },
    { maxMs: GRADING_MS, everyMs: 250 },
  );
}

/** Traffic for a while. An API that starts again after a save may be away for longer than traffic has patience. */
async function useMurmur(learner: Learner, signal: AbortSignal): Promise<number> {
  let requests = 0;
  while (!signal.aborted) {
    const { samples } = await runTraffic({
      apiUrl: learner.apiUrl,
      seconds: minutes * 60,
      rate: REQUESTS_A_SECOND,
      users: PEOPLE,
      seed: 1,
      signal,
    }).catch(() => ({ samples: [] }));
    requests += samples.length;
    if (!signal.aborted) await delay(1_000);
  }
  return requests;
}

/** Kept by content hash, so that nothing is built while memory is measured. */
async function buildPage(): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'bench-start-'));
  const lab = await startLab({ dir, port: 0, otlpPort: 0, page: true });
  await lab.page?.settled;
  await lab.close();
  rmSync(dir, { recursive: true, force: true });
}

async function measure(): Promise<{ samples: Sample[]; requests: number; graded: number }> {
  const learner = new Learner(1);
  const samples: Sample[] = [];
  const over = new AbortController();
  let graded = 0;
  try {
    console.error('... building the page of the lab');
    await buildPage();
    console.error('... npm start');
    await learner.start({ murmurPage: true });
    const began = performance.now();
    const minute = (): number => (performance.now() - began) / 60_000;
    const traffic = useMurmur(learner, over.signal);
    const grading = (async () => {
      for (let number = 1; number <= gradings && minute() < minutes; number++) {
        await until(() => minute() >= ((number - 1) * minutes) / gradings, { maxMs: minutes * 60_000 });
        if (await saveAndWait(learner, number)) graded++;
      }
    })();
    let done = false;
    const work = grading.finally(() => {
      done = true;
    });
    while (minute() < minutes || !done) {
      const parts = await memoryOf(learner.pid ?? 0);
      const megabytes = [...parts.values()].reduce((sum, each) => sum + each, 0);
      samples.push({ minute: minute(), gradings: graded, parts, megabytes });
      await delay((minutes * 60_000) / SAMPLES);
    }
    await work;
    over.abort();
    return { samples, requests: await traffic, graded };
  } finally {
    over.abort();
    await learner.stop();
  }
}

const { samples, requests, graded } = await measure();
const quarter = (from: number): number =>
  median(
    samples
      .slice(Math.floor((samples.length * from) / 4), Math.ceil((samples.length * (from + 1)) / 4))
      .map(({ megabytes }) => megabytes),
  );
const parts = [...new Set(samples.flatMap(({ parts }) => [...parts.keys()]))].sort();
const every = Math.max(1, Math.floor(samples.length / 12));
const rows = samples
  .filter((_, at) => at % every === 0 || at === samples.length - 1)
  .map((sample) => [
    sample.minute.toFixed(1),
    String(sample.gradings),
    sample.megabytes.toFixed(0),
    ...parts.map((part) => (sample.parts.get(part) ?? 0).toFixed(0)),
  ]);
const head = ['minute', 'gradings', 'MB', ...parts];
console.log(plainTable(head, rows, { right: head }));
const most = Math.max(...samples.map(({ megabytes }) => megabytes));
const [second, last] = [quarter(1), quarter(3)];
const isFine = most <= BUDGET_MB && last <= second * GROWTH && graded === gradings;
console.log(
  `\n${isFine ? 'ok  ' : 'OVER'}  most ${most.toFixed(0)} MB, budget ${BUDGET_MB}; median ${second.toFixed(0)} MB in the second quarter, ${last.toFixed(0)} MB in the last; ${graded} of ${gradings} gradings, ${requests} requests`,
);
process.exit(isFine ? 0 : 1);
