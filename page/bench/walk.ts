/**
 * Measures what a learner waits for in `npm start`, beside what their own system takes:
 *
 *   npm run bench:walk                 exercises 01, 03, 06 and 09
 *   npm run bench:walk -- --exercises 1,3
 *
 * Each stands on its own solution. After a first save that warms up, it is saved again and again, each time once
 * Murmur's own API and worker run again; medians of the saves, and of as many floors, count. `npm ci` is not in it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot, until } from '@workshop/base';
import { plainTable } from '@workshop/base/tables';
import type { Page } from 'playwright-core';
import { runFloor, spreadOf } from '../../grader/bench/index.ts';
import { type Evidence, readEvidence } from '../../grader/evidence/index.ts';
import { scenarioOf } from '../../grader/grading/index.ts';
import type { ExerciseDetail } from '../../grader/learn/shapes/index.ts';
import { loadManifest } from '../../grader/workshop/index.ts';
import {
  buildPage,
  ensureTemplate,
  openBrowser,
  startDatabaseServer,
  stopPageBuilder,
} from '../../grader/world/index.ts';
import { Learner } from '../test/support/learner.ts';

const SAVES = 5;
const PATIENCE_MS = 300_000;
/** From this exercise on the page is graded, too. */
const FIRST_OF_PAGE = 6;
const BESIDE_THE_FLOOR = 1.2;
const BESIDE_THE_BUILD_MS = 2_000;
/** Where the visit by itself takes longer than that: its visitor is far away, and waits by the clock. */
const BESIDE_BUILD_AND_VISIT_MS = 500;

const { values } = parseArgs({ options: { exercises: { type: 'string', default: '1,3,6,9' } } });
const numbers = values.exercises.split(',').map(Number);
if (!numbers.every((number) => Number.isInteger(number) && number > 0)) {
  console.error('Say exercises by their numbers: npm run bench:walk -- --exercises 1,3');
  process.exit(2);
}

/** Everything before an exercise is passed. */
async function passAllBefore(learner: Learner, number: number): Promise<void> {
  const all = await loadManifest();
  const before = all.filter((one) => one.hasChecks && !one.optional && Number(one.number) < number);
  const done = Object.fromEntries(before.map(({ id }) => [id, new Date().toISOString()]));
  mkdirSync(path.join(learner.root, '.workshop'), { recursive: true });
  writeFileSync(
    path.join(learner.root, '.workshop', 'progress.json'),
    JSON.stringify({ schema: 1, done, reopened: {}, skipped: [], hints: {} }),
  );
}

/** The exercise's question is open again. */
function takeAnswer(learner: Learner, id: string): void {
  const answers = JSON.parse(learner.read('answers.json')) as Record<string, unknown>;
  learner.save('answers.json', JSON.stringify({ ...answers, [id]: null }, null, 2));
}

/** Notes, by the clock of the machine, when the page says that a save is graded, and when it shows what came of it. */
const WATCH = `(() => {
  const kind = () => document.querySelector('lab-status-line [data-kind]')?.dataset.kind;
  window.seen = new Promise((resolve) => {
    let pendingAt = 0;
    const watch = new MutationObserver(() => {
      if (kind() === 'pending') pendingAt ||= Date.now();
      else if (pendingAt > 0 && ['passed', 'open', 'answer', 'trouble', 'stopped'].includes(kind())) {
        watch.disconnect();
        requestAnimationFrame(() => resolve({ pendingAt, verdictAt: Date.now() }));
      }
    });
    watch.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
})()`;

function seen(page: Page): Promise<{ pendingAt: number; verdictAt: number }> {
  return page.evaluate('window.seen');
}

interface Save {
  pending: number;
  verdict: number;
}

async function save(learner: Learner, page: Page, number: number, nth: number): Promise<Save> {
  const file = number >= FIRST_OF_PAGE ? 'app-frontend/src/main.ts' : 'app-backend/src/main.ts';
  await page.evaluate(WATCH);
  const text = learner.read(file);
  const savedAt = Date.now();
  // Never the same twice: pages are kept by content, and one of an earlier run would not be built.
  learner.save(file, `${text}\n// save ${nth} at ${savedAt}\n`);
  const { pendingAt, verdictAt } = await seen(page);
  await restarted(learner, file, nth);
  return { pending: pendingAt - savedAt, verdict: verdictAt - savedAt };
}

/** Milliseconds until the verdict of what was graded before, so that no page is built. */
async function gradeAgain(learner: Learner, page: Page, id: string): Promise<number> {
  await page.evaluate(WATCH);
  const askedAt = Date.now();
  // The page has no button for it while the exercise's question is open.
  const { status } = await fetch(`${learner.labUrl}/api/learn/${id}/grade`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-murmur-lab': '1', origin: learner.labUrl },
    body: '{}',
  });
  if (status !== 202) throw new Error(`the lab answered ${status}`);
  return (await seen(page)).verdictAt - askedAt;
}

async function mostlyWaits(number: number): Promise<boolean> {
  const exercise = (await loadManifest()).find((one) => !one.optional && Number(one.number) === number);
  return exercise !== undefined && (await scenarioOf(exercise)).options.mostlyWaits === true;
}

/** What a save starts again runs: the worker is the last, and says so. */
async function restarted(learner: Learner, file: string, nth: number): Promise<void> {
  if (!file.startsWith('app-backend')) return;
  const starts = () => learner.output.split('worker waits for messages').length - 1;
  const runs = await until(() => starts() > nth, { maxMs: PATIENCE_MS });
  if (!runs) throw new Error(`Murmur did not start again after save ${nth}:\n${learner.output}`);
}

/** What was kept of the grading that the page shows. */
async function shownEvidence(learner: Learner, id: string): Promise<Evidence> {
  const { verdict } = (await (await fetch(`${learner.labUrl}/api/learn/${id}`)).json()) as ExerciseDetail;
  const kept = verdict?.exercise.evidence;
  if (!kept) throw new Error(`exercise ${id} was not graded: ${JSON.stringify(verdict)}`);
  return readEvidence(path.join(repositoryRoot, kept));
}

/** The least that a verdict could take, in milliseconds: the same app with the same requests, without us. */
async function floorOf(learner: Learner, { requests }: Evidence): Promise<number> {
  const server = await startDatabaseServer();
  try {
    const template = await ensureTemplate(
      server,
      path.join(repositoryRoot, 'solutions', '00-start', 'app-backend'),
    );
    const floors: number[] = [];
    while (floors.length < SAVES)
      floors.push((await runFloor({ treeDir: learner.root, server, template, requests })).total);
    return spreadOf(floors).median;
  } finally {
    await server.stop();
  }
}

/** How long Angular takes for one change when it is warm, in milliseconds. */
async function incrementalBuild(learner: Learner): Promise<number> {
  const pages = path.join(learner.root, '.workshop', 'pages-of-bench');
  const file = 'app-frontend/src/main.ts';
  try {
    await buildPage(learner.root, pages);
    learner.save(file, `${learner.read(file)}\n// one change at ${Date.now()}\n`);
    return (await buildPage(learner.root, pages))?.ms ?? 0;
  } finally {
    stopPageBuilder();
  }
}

async function walk(number: number): Promise<string[]> {
  const id = String(number).padStart(2, '0');
  const learner = new Learner(number);
  await passAllBefore(learner, number);
  // One that passes would make the next exercise the current one, and the saves would be graded by that.
  takeAnswer(learner, id);
  const { browser } = await openBrowser();
  try {
    const began = performance.now();
    const started = learner.start();
    let address = 0;
    while (address === 0) {
      if (/Murmur runs\.|ready: http/.test(learner.output)) address = performance.now() - began;
      else await Promise.race([started, new Promise((resolve) => setTimeout(resolve, 5))]);
    }
    await started;
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(learner.labUrl);
    await page.locator('lab-status-line').waitFor();
    const usable = performance.now() - began;
    await save(learner, page, number, 1);
    const saves: Save[] = [];
    while (saves.length < SAVES) saves.push(await save(learner, page, number, saves.length + 2));
    const pending = spreadOf(saves.map((one) => one.pending)).median;
    const verdict = spreadOf(saves.map((one) => one.verdict)).median;
    const waits = await mostlyWaits(number);
    const visit = waits ? await gradeAgain(learner, page, id) : 0;
    await page.close();
    const floor = await floorOf(learner, await shownEvidence(learner, id));
    const build = number >= FIRST_OF_PAGE ? await incrementalBuild(learner) : 0;
    const besideBuild = waits ? visit + BESIDE_BUILD_AND_VISIT_MS : BESIDE_THE_BUILD_MS;
    const budget = build > 0 ? build + besideBuild : BESIDE_THE_FLOOR * floor;
    return [
      id,
      ...[address, usable, pending, verdict, floor, build, visit, budget].map((ms) => ms.toFixed(0)),
      verdict <= budget ? 'yes' : 'no',
    ];
  } finally {
    await browser.close();
    await learner.stop();
  }
}

const rows: string[][] = [];
for (const number of numbers) {
  console.error(`... exercise ${number}`);
  rows.push(await walk(number));
}
const head = [
  'exercise',
  'address',
  'usable',
  'pending',
  'verdict',
  'floor',
  'build',
  'visit',
  'budget',
  'within',
];
console.log(`Milliseconds: of the start until the first address and the usable page, of a save until it is said and
until its verdict is painted. The floor is the learner's API by itself with the same requests; the build is that of
one change in their page; the visit is graded again, without a build, where it mostly waits by the clock. The budget
is ${BESIDE_THE_FLOOR} floors, or from exercise ${FIRST_OF_PAGE} on the build and ${BESIDE_THE_BUILD_MS / 1000} s, or build, visit and ${BESIDE_BUILD_AND_VISIT_MS / 1000} s.\n`);
console.log(plainTable(head, rows, { right: head }));
process.exit();
