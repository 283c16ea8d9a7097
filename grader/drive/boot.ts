import path from 'node:path';
import type { DriveOutcome, Evidence, EvidenceSpan } from '../evidence/index.ts';
import { type PageWorld, type System, startSystem, workshopDirectory } from '../world/index.ts';
import { collectWhatAnswers } from './collect.ts';
import { databaseWords } from './database-words.ts';
import type { DriveOrder } from './order.ts';
import { type PageSide, pageSide } from './page-side.ts';
import type { Scenario } from './scenario.ts';
import { StepFailed } from './step-failed.ts';
import { joinWitnesses, wireRecord } from './witnesses.ts';
import { type Ground, makeWords } from './words.ts';

/** The learner's system, running, in which one scenario after another is driven. */
export interface Running {
  /** false: the API never became ready */
  started: boolean;
  stop(): Promise<unknown>;
  isUsable(): Promise<boolean>;
  take(exercise: string, scenario: Scenario): Promise<Evidence>;
}

/** Starts the learner's system for scenarios that need the same processes. Its clock is as the first one needs it. */
export async function boot(
  order: DriveOrder,
  scenarios: readonly [Scenario, ...Scenario[]],
  pages: PageWorld | null,
): Promise<Running> {
  const { options } = scenarios[0];
  const setsClock = scenarios.some((one) => one.options.clockSkewMs !== undefined);
  let { clockSkewMs = 0 } = options;
  order.onProgress?.("starting the learner's system");
  const site = await pages?.openSite();
  const system = await startSystem({
    treeDir: order.tree.path,
    seed: order.seed,
    worker: options.worker ?? false,
    env: {
      ...(site && { PAGE_ORIGIN: site.origin }),
      ...(setsClock && { WORKSHOP_CLOCK_SKEW_MS: String(clockSkewMs) }),
      ...options.env,
    },
    onProgress: order.onProgress,
    onLaunched() {
      order.onLaunched?.();
      // Page and browser get ready beside the API, and do not keep it waiting.
      pages?.prepare();
      if (options.page) site?.expectVisitor();
    },
  }).catch(async (error) => {
    await site?.close();
    throw error;
  });
  const side = site && pageSide(site, system);
  let cursor: Record<number, number> = {};
  let wireFrom = 0;
  let bootSpans: EvidenceSpan[] = [];
  let first = true;

  const setClock = async (skewMs: number) => {
    if (skewMs === clockSkewMs) return;
    clockSkewMs = skewMs;
    // A process that does not answer shows in the evidence.
    await Promise.allSettled(system.capture.processes().map((process) => process.setClockSkew(skewMs)));
  };

  const take = async (exercise: string, chosen: Scenario): Promise<Evidence> => {
    await setClock(chosen.options.clockSkewMs ?? 0);
    const next = scenarios[scenarios.indexOf(chosen) + 1];
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
    if (next?.options.page) site?.expectVisitor();
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
    await site?.close();
    await system.stop();
  };
  return { started: system.apiUrl !== null, stop, take, isUsable: () => answers(system) };
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
