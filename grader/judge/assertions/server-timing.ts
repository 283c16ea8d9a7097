import { select } from '@workshop/telemetry/pure';
import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import {
  diagnoseMissingTiming,
  diagnoseUnansweredTiming,
  diagnoseUnreadable,
  diagnoseWrongTiming,
  type TimingRead,
} from '../diagnosis/latency/server-timing.ts';
import { diagnosePreflight } from '../diagnosis/page/preflight.ts';
import { diagnoseNoApiSpan } from '../diagnosis/propagation/parent-in-api.ts';
import { apiSpanOf } from '../joins/index.ts';
import { requestName } from '../sentences.ts';
import { fail, failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { fact } from './facts.ts';
import { expectPageUsable } from './page.ts';

/** Spans of Express, and Nest's of the whole request, end when the answer was sent. */
const waitsForTheEnd = (span: EvidenceSpan): boolean =>
  /instrumentation-(?:express|http)$/.test(span.scope.name) ||
  span.attributes['nestjs.type'] === 'request_context';

/** One answer of the API, as it was sent and as the page of another origin could read it. */
export interface TimedAnswer {
  title: string;
  record: HeaderRecord;
  read: TimingRead;
}

/** The two feeds that the scenario had the page read, that of Iris last. Fails with its cause when the page could not ask. */
export function expectTimedFeeds(): TimedAnswer[] {
  return answersOf('read by the page');
}

/** All answers that the page read: of several routes and methods, some of them under way at the same time. */
export function expectTimedAnswers(): TimedAnswer[] {
  return ['other answers', 'overlapping answers', 'read by the page'].flatMap(answersOf);
}

function answersOf(name: string): TimedAnswer[] {
  expectPageUsable();
  return fact<never[]>(name).map((read: TimingRead & { method?: string }) => {
    const { method = 'GET', path, status } = read;
    const record = (evidence().headers ?? []).find(
      (sent) => sent.at === 'api' && sent.path === path && sent.method === method,
    );
    const title = requestName({ method, path });
    if (!record) failOn(diagnosePreflight(evidence()));
    if (!record || record.status === null || record.status >= 400)
      return fail(diagnoseUnansweredTiming(title, record?.status ?? status));
    return { title, record, read };
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
  const all = expectTimedAnswers().map((one) => ({
    header: one.record.responseHeaders['server-timing'],
    tookMs: apiSpanOf(evidence(), one.record)?.durationMs ?? null,
  }));
  const work = select(spanIndex())
    .below(server)
    .where('of no span that waits for the end of the answer', (span) => !waitsForTheEnd(span))
    .all();
  const header = answer.record.responseHeaders['server-timing'];
  failOn(diagnoseWrongTiming(answer.title, header, server, work, all));
  return server;
}

/** The SERVER span of the answer's request. */
export function expectServerSpanOfAnswer({ record }: TimedAnswer): EvidenceSpan {
  return apiSpanOf(evidence(), record) ?? fail(diagnoseNoApiSpan(record));
}
