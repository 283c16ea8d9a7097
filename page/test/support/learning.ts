import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EventPublisher } from '@workshop/lab';
import { endMs, type Span } from '@workshop/telemetry';
import { keepVerdict, LiveGrader, rememberPasses } from '../../../grader/grading/index.ts';
import { addLearnRoutes, LearnSession } from '../../../grader/learn/index.ts';
import type { ReportedCheck, ReportedExercise, ReportedTrace } from '../../../grader/report/index.ts';
import { hashTree, listTree, type TreePlace } from '../../../grader/tree/index.ts';
import { type Browsing, startBrowsing } from './browsing.ts';

/** A real lab with the learner's routes over a folder of their own. Nothing is driven in it: verdicts are kept as given. */
export interface Learning extends Browsing {
  /** the learner's folder */
  root: string;
  /** Keeps a verdict on the files as they are. @param stale on others */
  keep(exercise: ReportedExercise, options?: { stale?: boolean }): Promise<void>;
  /** Tells everybody who listens to the lab's stream. */
  publish: EventPublisher['publish'];
  /** Nothing was graded, nothing passed, no hint was taken. */
  forget(): void;
  save(file: string, text: string): void;
}

export async function startLearning(): Promise<Learning> {
  const root = mkdtempSync(path.join(tmpdir(), 'learning-'));
  const place: TreePlace = { root, workshop: path.join(root, '.workshop') };
  const grader = new LiveGrader({ environment: process.env, place, onEvent: () => {} });
  const save = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  save('app-backend/package.json', '{}');
  save('app-backend/src/main.ts', 'export {};\n');
  save('answers.json', '{ "01": null, "02": null, "03": null }\n');
  let publisher: EventPublisher | null = null;
  const browsing = await startBrowsing({
    mount(app, events) {
      publisher = events;
      addLearnRoutes(app, new LearnSession(place, grader));
    },
  });
  return {
    ...browsing,
    root,
    save,
    publish: (kind, data) => publisher?.publish(kind, data),
    async keep(exercise, { stale = false } = {}) {
      const tree = stale ? 'of other files' : await hashTree(await listTree(root));
      await keepVerdict({ tree, seed: 7, exercise }, place.workshop);
      if (exercise.verdict === 'pass') await rememberPasses([{ ...exercise, checks: [] }], place.workshop);
    },
    forget: () => rmSync(place.workshop, { recursive: true, force: true }),
    async close() {
      await browsing.close();
      await grader.end();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A check as a report has it. */
export function check(number: string, title: string, shape: Partial<ReportedCheck> = {}): ReportedCheck {
  return {
    id: `check-${number.replace('.', '-')}`,
    number,
    title,
    verdict: 'pass',
    reason: null,
    blockedBy: [],
    message: '',
    failure: null,
    seen: [],
    views: [],
    ...shape,
  };
}

/** What a failing check says; slots that are not given are empty. */
export function failure(shape: Partial<NonNullable<ReportedCheck['failure']>>): ReportedCheck['failure'] {
  return { summary: '', saw: '', wanted: '', cause: null, look: '', output: [], tables: [], ...shape };
}

export function report(
  id: string,
  checks: ReportedCheck[],
  shape: Partial<ReportedExercise> = {},
): ReportedExercise {
  const verdict = checks.some((one) => one.verdict === 'error')
    ? 'error'
    : checks.every((one) => one.verdict === 'pass')
      ? 'pass'
      : 'fail';
  return {
    id,
    verdict,
    ms: 3_000,
    evidence: null,
    trouble: null,
    checks,
    shown: null,
    traces: [],
    told: {},
    ...shape,
  };
}

/** Spans as a report carries them. @param open ids of those that never ended */
export function reportedTrace(spans: readonly Span[], open: readonly string[] = []): ReportedTrace {
  const last = Math.max(...spans.map(endMs));
  return {
    traceId: spans[0]?.traceId ?? '',
    omitted: 0,
    spans: spans.map(({ traceId: _, ...span }) => ({
      ...span,
      durationMs: open.includes(span.spanId) ? null : Math.min(span.durationMs, last),
      process: 'api',
      received: true,
    })),
  };
}
