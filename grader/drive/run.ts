import path from 'node:path';
import type { AnswersFile, DriveOutcome, Evidence, EvidenceSpan, QueryFile } from '../evidence/index.ts';
import { runSavedQueries } from '../queries/index.ts';
import {
  type PageWorld,
  type System,
  startPageWorld,
  startSystem,
  workshopDirectory,
} from '../world/index.ts';
import { collectWhatAnswers } from './collect.ts';
import { databaseWords } from './database-words.ts';
import { type PageSide, pageSide } from './page-side.ts';
import type { Scenario } from './scenario.ts';
import { StepFailed } from './step-failed.ts';
import { joinWitnesses, wireRecord } from './witnesses.ts';
import { type Ground, makeWords } from './words.ts';

/** The tree as driving needs it: where it lies, what it is called and what it holds beside code. */
export interface DrivenTree {
  path: string;
  hash: string;
  label: string;
  answers: AnswersFile;
  queries: Record<string, QueryFile>;
}

export interface DriveOrder {
  tree: DrivenTree;
  exercises: { id: string; scenario: Scenario }[];
  seed: number;
  /** told what is being done, in a few words */
  onProgress?: (step: string) => void;
  /** called when the learner's API is starting: time for work of one's own, since the API needs a while */
  onLaunched?: () => void;
}

/**
 * Drives the scenarios one after another and yields one evidence each. Scenarios that need the same processes are
 * driven together, since a boot takes longer than most of them. The learner's faults are in the evidence.
 * @throws WorldError for the grader's own trouble (no database, no free port)
 */
export async function* drive(order: DriveOrder): AsyncGenerator<Evidence> {
  let running: Running | null = null;
  // Needs no system, so it overlaps with the start of one.
  const queried = order.exercises.some(({ scenario }) => scenario.options.savedQueries)
    ? runSavedQueries(order.tree.queries, order.seed)
    : null;
  queried?.catch(() => {}); // thrown where it is awaited
  // One page world for all scenarios: page and browser get ready while the first ones are driven.
  const pages = order.exercises.some(({ scenario }) => scenario.options.page)
    ? await startPageWorld({ treeDir: order.tree.path, onProgress: order.onProgress })
    : null;
  try {
    const byBoot = Map.groupBy(order.exercises, ({ scenario }) => bootKey(scenario));
    for (const [key, exercise] of [...byBoot].flatMap(([key, list]) =>
      list.map((one) => [key, one] as const),
    )) {
      if (running && (running.key !== key || !(await running.isUsable()))) {
        await running.stop();
        running = null;
      }
      running ??= await boot(order, exercise.scenario, key, pages);
      order.onProgress?.(`driving ${exercise.id}`);
      const evidence = await running.take(exercise.id, exercise.scenario);
      yield exercise.scenario.options.savedQueries && queried
        ? { ...evidence, queryResults: await queried }
        : evidence;
    }
  } finally {
    await running?.stop();
    await pages?.close();
  }
}

/** Scenarios of one key share a boot. Page and queries need none of their own: the API knows the page from the start. */
function bootKey({ options }: Scenario): string {
  const { page: _page, savedQueries: _queries, ...processes } = options;
  return JSON.stringify(processes);
}

interface Running {
  key: string;
  stop(): Promise<unknown>;
  isUsable(): Promise<boolean>;
  take(exercise: string, scenario: Scenario): Promise<Evidence>;
}

async function boot(
  order: DriveOrder,
  scenario: Scenario,
  key: string,
  pages: PageWorld | null,
): Promise<Running> {
  const { clockSkewMs = 0 } = scenario.options;
  order.onProgress?.("starting the learner's system");
  const system = await startSystem({
    treeDir: order.tree.path,
    seed: order.seed,
    worker: scenario.options.worker ?? false,
    env: {
      ...(pages && { PAGE_ORIGIN: pages.origin }),
      ...(clockSkewMs !== 0 && { WORKSHOP_CLOCK_SKEW_MS: String(clockSkewMs) }),
      ...scenario.options.env,
    },
    onProgress: order.onProgress,
    onLaunched: order.onLaunched,
  });
  const side = pages && pageSide(pages, system);
  let cursor: Record<number, number> = {};
  let wireFrom = 0;
  let bootSpans: EvidenceSpan[] = [];
  let first = true;

  const take = async (exercise: string, chosen: Scenario): Promise<Evidence> => {
    const startedAt = new Date();
    const runStartMs = startedAt.getTime();
    const began = performance.now();
    const ground: Ground = {
      apiUrl: system.apiUrl ?? '',
      seed: order.seed,
      exercise,
      database: databaseWords(system),
      ...(chosen.options.page && (await (side as PageSide).prepare(screenshotOf(order, exercise)))),
    };
    const { words, requests, facts, visit } = makeWords(ground);
    const outcome = ground.trouble
      ? noBrowser(ground.trouble)
      : system.apiUrl
        ? await attempt(chosen, words)
        : notStarted();
    const visited = await visit?.finish(outcome.state !== 'complete');
    system.database.setDelay(0);
    const collected = await collectWhatAnswers(system, cursor);
    cursor = collected.cursor;
    const received = system.receiver.requests.slice(wireFrom);
    wireFrom = system.receiver.requests.length;
    const spans = joinWitnesses(
      [...collected.spans, ...(visited?.spans ?? [])],
      received,
      runStartMs,
      clockSkewMs,
    );
    if (first) bootSpans = spans.filter((span) => span.origin.phase === 'boot');
    const evidence: Evidence = {
      schema: 1,
      exercise,
      seed: order.seed,
      tree: { hash: order.tree.hash, label: order.tree.label },
      startedAt: startedAt.toISOString(),
      driveMs: 0,
      drive: outcome,
      ...(ground.trouble && { trouble: ground.trouble }),
      facts,
      requests,
      processes: await system.processes(),
      spans: first ? spans : [...bootSpans, ...spans.filter((span) => span.origin.phase === 'run')],
      unended: [...collected.unended, ...(visited?.unended ?? [])],
      settled: collected.settled && (visited?.settled ?? true),
      collectorUrl: system.receiver.url,
      wire: received.map(wireRecord),
      page: visited?.record ?? null,
      headers: (await side?.headers(runStartMs)) ?? [],
      answers: order.tree.answers,
      queries: order.tree.queries,
    };
    first = false;
    if (system.apiUrl) await system.database.resetToSeed();
    evidence.driveMs = performance.now() - began;
    return evidence;
  };

  const stop = async () => {
    await side?.disconnect();
    await system.stop();
  };
  return { key, stop, take, isUsable: () => answers(system) };
}

function screenshotOf(order: DriveOrder, exercise: string): string {
  return path.join(workshopDirectory, 'evidence', order.tree.hash, exercise);
}

async function attempt(chosen: Scenario, words: Parameters<Scenario['run']>[0]): Promise<DriveOutcome> {
  try {
    await chosen.run(words);
    return { state: 'complete' };
  } catch (error) {
    if (error instanceof StepFailed) return { state: 'incomplete', step: error.step, message: error.message };
    throw error;
  }
}

function noBrowser(message: string): DriveOutcome {
  return { state: 'not-started', step: 'start a browser', message };
}

function notStarted(): DriveOutcome {
  return { state: 'not-started', step: 'start the API', message: 'it never became ready' };
}

/** An API that hung or died in one scenario is started anew for the next, so that one fault fails one exercise. */
async function answers(system: System): Promise<boolean> {
  if (!system.apiUrl) return true; // it does not start: starting it again would only take longer to say so
  try {
    await fetch(`${system.apiUrl}/health`, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}
