import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import {
  diagnoseMissingTiming,
  diagnoseUnansweredTiming,
  diagnoseUnreadable,
  diagnoseWrongTiming,
  type TimingRead,
} from '../diagnosis/latency/server-timing.ts';
import { diagnoseNoApiSpan } from '../diagnosis/propagation/parent-in-api.ts';
import { apiSpanOf } from '../joins/index.ts';
import { requestName } from '../sentences.ts';
import { fail, failOn } from './check.ts';
import { evidence } from './evidence.ts';
import { fact } from './facts.ts';
import { expectPageUsable } from './page.ts';

/** One answer of the API, as it was sent and as the page of another origin could read it. */
export interface TimedAnswer {
  title: string;
  record: HeaderRecord;
  read: TimingRead;
}

/** The answers that the scenario had the page read. Fails with the diagnosed cause when the page could not ask. */
export function expectTimedAnswers(): TimedAnswer[] {
  expectPageUsable();
  return fact<never[]>('read by the page').map((one: TimingRead) => {
    const record = (evidence().headers ?? []).find(
      (sent) => sent.at === 'api' && sent.path === one.path && sent.method !== 'OPTIONS',
    );
    const title = requestName({ method: 'GET', path: one.path });
    if (!record || record.status === null || record.status >= 400) {
      return fail(diagnoseUnansweredTiming(title, record?.status ?? one.status));
    }
    return { title, record, read: one };
  });
}

/** Fails unless the answer has a Server-Timing header with a duration. */
export function expectServerTiming({ title, record }: TimedAnswer): void {
  failOn(diagnoseMissingTiming(title, record.responseHeaders));
}

/** Fails unless the page, which is of another origin, could read that duration. */
export function expectReadableTiming({ title, record, read }: TimedAnswer): void {
  failOn(diagnoseUnreadable(title, record.responseHeaders, read, evidence().page?.url ?? ''));
}

/** Fails unless the duration is that of the request's SERVER span. Gives the span. */
export function expectTrueTiming(answer: TimedAnswer): EvidenceSpan {
  const server = expectServerSpanOfAnswer(answer);
  const headerOf = (one: TimedAnswer): string | undefined => one.record.responseHeaders['server-timing'];
  const others = expectTimedAnswers().map(headerOf);
  failOn(diagnoseWrongTiming(answer.title, headerOf(answer), server, others));
  return server;
}

/** The SERVER span of the answer's request. */
export function expectServerSpanOfAnswer({ record }: TimedAnswer): EvidenceSpan {
  return apiSpanOf(evidence(), record) ?? fail(diagnoseNoApiSpan(record));
}
