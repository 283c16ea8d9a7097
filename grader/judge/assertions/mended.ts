import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import {
  diagnoseChangedFeed,
  diagnoseChangedShare,
  diagnoseManyQueries,
} from '../diagnosis/mended/mended.ts';
import { failOn } from './check.ts';
import { evidence } from './evidence.ts';
import { fact } from './facts.ts';
import { expectQueries, isQuery } from './libraries.ts';
import { expectServerSpan } from './requests.ts';

/** What one request cost. */
export interface Cost {
  queries: number;
  durationMs: number;
}

/** The request must ask the database at most so many times. */
export function expectFewQueries(sent: SentRequest, most: number): void {
  const queries = expectQueries(sent);
  failOn(diagnoseManyQueries(sent, queries, most, expectBefore(sent).before.queries));
}

/** The feed must hold what the same request got before. */
export function expectSameFeed(sent: SentRequest): void {
  const reader = sent.userId ?? '';
  const now = fact<Record<string, string[]>>('feeds')[reader] ?? [];
  const before = beforeRun().facts.feeds as Record<string, string[]>;
  failOn(diagnoseChangedFeed(sent, now, before[reader] ?? []));
}

/** The feed must show as many posts of one who writes much as it did before. */
export function expectSameShare(sent: SentRequest): void {
  const { facts } = beforeRun();
  failOn(
    diagnoseChangedShare(sent, {
      written: fact<number>('written by one'),
      now: fact<number>('shown of one'),
      before: facts['shown of one'] as number,
    }),
  );
}

/** What the request costs now, and what the same one cost before. */
export function expectBefore(sent: SentRequest): { before: Cost; now: Cost } {
  const { requests, spans } = beforeRun();
  const same = requests.find(({ label, userId }) => label === sent.label && userId === sent.userId);
  const server = spans.find((span) => span.attributes['user_agent.original'] === same?.userAgent);
  if (!server) throw new Error(`the run before has no span for ${sent.label}`);
  const trace = spans.filter(({ traceId }) => traceId === server.traceId);
  return { before: costOf(server, trace), now: costOf(expectServerSpan(sent), expectQueries(sent)) };
}

function costOf(server: EvidenceSpan, trace: readonly EvidenceSpan[]): Cost {
  return { queries: trace.filter(isQuery).length, durationMs: server.durationMs };
}

function beforeRun(): NonNullable<ReturnType<typeof evidence>['before']> {
  const { before } = evidence();
  if (!before) throw new Error('this evidence holds nothing of before: its scenario has no option "before"');
  return before;
}
