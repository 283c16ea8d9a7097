import type { AnswersFile, DriveOutcome, Evidence, EvidenceSpan, QueryFile } from '../evidence/index.ts';
import { type System, startSystem } from '../world/index.ts';
import { databaseWords } from './database-words.ts';
import type { Scenario } from './scenario.ts';
import { joinWitnesses, wireRecord } from './witnesses.ts';
import { makeWords, StepFailed } from './words.ts';

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
}

/**
 * Drives the scenarios one after another and yields one evidence each, in order. Scenarios that need the same
 * processes share one boot. The learner's faults are in the evidence.
 * @throws WorldError for the grader's own trouble (no database, no free port)
 */
export async function* drive(order: DriveOrder): AsyncGenerator<Evidence> {
  let running: Running | null = null;
  try {
    for (const exercise of order.exercises) {
      const key = JSON.stringify(exercise.scenario.options);
      if (running && (running.key !== key || !(await running.isUsable()))) {
        await running.system.stop();
        running = null;
      }
      running ??= await boot(order, exercise.scenario, key);
      order.onProgress?.(`driving ${exercise.id}`);
      yield await running.take(exercise.id, exercise.scenario);
    }
  } finally {
    await running?.system.stop();
  }
}

interface Running {
  key: string;
  system: System;
  isUsable(): Promise<boolean>;
  take(exercise: string, scenario: Scenario): Promise<Evidence>;
}

async function boot(order: DriveOrder, scenario: Scenario, key: string): Promise<Running> {
  order.onProgress?.("starting the learner's system");
  const system = await startSystem({
    treeDir: order.tree.path,
    seed: order.seed,
    worker: scenario.options.worker ?? false,
    env: scenario.options.env,
    onProgress: order.onProgress,
  });
  let cursor: Record<number, number> = {};
  let wireFrom = 0;
  let bootSpans: EvidenceSpan[] = [];
  let first = true;

  const take = async (exercise: string, chosen: Scenario): Promise<Evidence> => {
    const startedAt = new Date();
    const runStartMs = startedAt.getTime();
    const began = performance.now();
    const ground = {
      apiUrl: system.apiUrl ?? '',
      seed: order.seed,
      exercise,
      database: databaseWords(system),
    };
    const { words, requests, facts } = makeWords(ground);
    const outcome = system.apiUrl ? await attempt(chosen, words) : notStarted();
    system.database.setDelay(0);
    await Promise.all(
      system.capture.processes().map((process) => process.flush(2000).catch(() => undefined)),
    );
    const collected = await system.collect(cursor);
    cursor = collected.cursor;
    const received = system.receiver.requests.slice(wireFrom);
    wireFrom = system.receiver.requests.length;
    const spans = joinWitnesses(collected.spans, received, runStartMs);
    if (first) bootSpans = spans.filter((span) => span.origin.phase === 'boot');
    const evidence: Evidence = {
      schema: 1,
      exercise,
      seed: order.seed,
      tree: { hash: order.tree.hash, label: order.tree.label },
      startedAt: startedAt.toISOString(),
      driveMs: 0,
      drive: outcome,
      facts,
      requests,
      processes: await system.processes(),
      spans: first ? spans : [...bootSpans, ...spans.filter((span) => span.origin.phase === 'run')],
      unended: collected.unended,
      settled: collected.settled,
      wire: received.map(wireRecord),
      answers: order.tree.answers,
      queries: order.tree.queries,
    };
    first = false;
    if (system.apiUrl) await system.database.resetToSeed();
    evidence.driveMs = performance.now() - began;
    return evidence;
  };

  return { key, system, take, isUsable: () => answers(system) };
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
