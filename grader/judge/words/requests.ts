import { endMs } from '@workshop/telemetry/pure';
import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnoseForgery } from '../diagnosis/forgery/forgery.ts';
import { diagnoseAnswer, diagnoseDrive } from '../diagnosis/program/requests.ts';
import { diagnoseRoute } from '../diagnosis/sdk/route.ts';
import { diagnoseNoServerSpan } from '../diagnosis/sdk/silence.ts';
import type { Mark, TraceView } from '../verdict.ts';
import { fail } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';

/** Clocks of two processes on one machine agree within this; spans are joined to requests by it, milliseconds. */
const CLOCK_TOLERANCE_MS = 25;

/**
 * The requests that the scenario sent under this label, in order.
 * Fails the check with its cause when the scenario could not get that far.
 */
export function requests(label: string): SentRequest[] {
  const found = evidence().requests.filter((request) => request.label === label);
  if (found.length > 0) return found;
  const broken = diagnoseDrive(evidence());
  if (broken) fail(broken);
  throw new Error(`the scenario sent no request labelled "${label}"`);
}

/** The one request of that label. */
export function request(label: string): SentRequest {
  return requests(label)[0] as SentRequest;
}

/** Fails with `request-failed` unless Murmur answered with one of these statuses. */
export function answered(sent: SentRequest, ...expected: number[]): SentRequest {
  const broken = diagnoseAnswer(evidence(), sent, expected);
  if (broken) fail(broken);
  return sent;
}

/**
 * The request's own SERVER span, found by the run's own values: the User-Agent that only this request had, else its
 * method, path and time. Undefined when there is none.
 */
export function findServerSpan(sent: SentRequest): EvidenceSpan | undefined {
  const servers = evidence().spans.filter(
    (span) => span.kind === 'SERVER' && span.origin.process !== 'worker',
  );
  const byAgent = servers.find((span) => span.attributes['user_agent.original'] === sent.userAgent);
  if (byAgent) return byAgent;
  const inTime = servers.filter((span) => overlaps(span, sent));
  return (
    inTime.find((span) => matchesRequest(span, sent)) ??
    (inTime.length === 1 && !hasOtherAgent(inTime[0]) ? inTime[0] : undefined)
  );
}

/** The request's own SERVER span. Fails the check, with the diagnosed cause, when there is none. */
export function serverSpanOf(sent: SentRequest): EvidenceSpan {
  const server = findServerSpan(sent);
  const forged = diagnoseForgery(evidence(), sent, server);
  if (forged) fail({ ...forged, views: server ? viewOf(sent) : [] });
  return server ?? fail(diagnoseNoServerSpan(evidence(), sent));
}

/** Fails unless the SERVER span of the request carries this `http.route`. Gives the span back. */
export function routeOf(server: EvidenceSpan, sent: SentRequest, route: string): EvidenceSpan {
  const broken = diagnoseRoute(evidence(), server, route);
  if (broken)
    fail({
      ...broken,
      views: [
        ...viewOf(sent, [{ spanId: server.spanId, text: 'MISSING HERE: http.route' }]),
        ...(broken.views ?? []),
      ],
    });
  return server;
}

/** Every span of the request: its SERVER span's whole trace, or without one all spans that began during it. */
export function spansOf(sent: SentRequest): EvidenceSpan[] {
  const server = findServerSpan(sent);
  if (server) return spanIndex().trace(server.traceId);
  return evidence().spans.filter((span) => span.origin.phase === 'run' && overlaps(span, sent));
}

/** The trace of a request as the report will show it, with marks. */
export function viewOf(sent: SentRequest, marks: Mark[] = []): TraceView[] {
  const traceId = findServerSpan(sent)?.traceId ?? spansOf(sent)[0]?.traceId;
  return traceId ? [{ title: titleOf(sent), traceId, marks }] : [];
}

/** `GET /feed, signed in as user 4711` */
export function titleOf(sent: SentRequest): string {
  return `${sent.method} ${sent.path}${sent.userId ? `, signed in as user ${sent.userId}` : ', not signed in'}`;
}

function overlaps(span: EvidenceSpan, sent: SentRequest): boolean {
  return (
    span.startMs >= sent.startMs - CLOCK_TOLERANCE_MS &&
    span.startMs <= sent.startMs + sent.durationMs + CLOCK_TOLERANCE_MS &&
    endMs(span) >= sent.startMs
  );
}

function matchesRequest(span: EvidenceSpan, sent: SentRequest): boolean {
  const method = span.attributes['http.request.method'] ?? span.attributes['http.method'];
  const path = span.attributes['url.path'] ?? span.attributes['http.target'] ?? span.attributes['http.route'];
  if (hasOtherAgent(span)) return false;
  return (
    method === sent.method && (path === undefined || String(path).split('?')[0] === sent.path.split('?')[0])
  );
}

/** A span that names another visitor's User-Agent is another request's. */
function hasOtherAgent(span: EvidenceSpan | undefined): boolean {
  const agent = span?.attributes['user_agent.original'];
  return typeof agent === 'string' && agent.startsWith('murmur-visitor/');
}
