import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import {
  diagnoseMissingTiming,
  diagnoseUnreadable,
  diagnoseWrongTiming,
  type TimingRead,
} from '../diagnosis/latency/server-timing.ts';
import { fail } from './check.ts';
import { evidence, fact } from './evidence.ts';
import { pageWorked } from './page.ts';
import { findServerSpanOf } from './propagation.ts';

/** One answer of the API, as it was sent and as the page of another origin could read it. */
export interface TimedAnswer {
  title: string;
  record: HeaderRecord;
  read: TimingRead;
}

/** The answers that the scenario had the page read. Fails with the diagnosed cause when the page could not ask. */
export function timedAnswers(): TimedAnswer[] {
  pageWorked();
  return fact<never[]>('read by the page').map((one: TimingRead) => {
    const record = (evidence().headers ?? []).find(
      (sent) => sent.at === 'api' && sent.path === one.path && sent.method !== 'OPTIONS',
    );
    const title = `GET ${one.path.split('?')[0]}`;
    if (!record || record.status === null || record.status >= 400) {
      return fail({
        reason: 'request-failed',
        saw: `${title} of the page got ${record?.status ?? one.status ?? 'no answer'}.`,
        wanted: 'status 200, as Murmur answers without your change.',
        look: 'what does your change do when this request comes in?',
        seen: [{ kind: 'request', text: `${title}: ${record?.status ?? 'no answer'}` }],
      });
    }
    return { title, record, read: one };
  });
}

/** Fails unless the answer has a Server-Timing header with a duration. */
export function tellsTime({ title, record }: TimedAnswer): void {
  const broken = diagnoseMissingTiming(title, record.responseHeaders);
  if (broken) fail(broken);
}

/** Fails unless the page, which is of another origin, could read that duration. */
export function readableByPage({ title, record, read }: TimedAnswer): void {
  const broken = diagnoseUnreadable(title, read, record.responseHeaders, evidence().page?.url ?? '');
  if (broken) fail(broken);
}

/** Fails unless the duration is that of the request's SERVER span. Gives the span. */
export function tellsOwnTime(answer: TimedAnswer, all: readonly TimedAnswer[]): EvidenceSpan {
  const server = serverSpanOfAnswer(answer);
  const header = (one: TimedAnswer): string | undefined => one.record.responseHeaders['server-timing'];
  const broken = diagnoseWrongTiming(answer.title, header(answer), server, all.map(header));
  if (broken) fail(broken);
  return server;
}

/** The SERVER span of the answer's request. */
export function serverSpanOfAnswer({ title, record }: TimedAnswer): EvidenceSpan {
  return (
    findServerSpanOf(record) ??
    fail({
      reason: 'no-server-span',
      saw: `${title} of the page reached the API, and the API has no SERVER span for it.`,
      wanted: 'a SERVER span, so that the header can be compared with it.',
      look: 'exercises/01-first-trace/README.md: does the API still make spans?',
      seen: [{ kind: 'missing', text: `SERVER ${title}` }],
    })
  );
}
