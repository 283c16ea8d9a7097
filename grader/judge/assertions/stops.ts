import type { Outage, ProcessStop } from '../../evidence/index.ts';
import { diagnoseWorkerSilence } from '../diagnosis/outbox/worker-silence.ts';
import { diagnoseLostOnExit } from '../diagnosis/page/lost-on-exit.ts';
import { diagnoseDrive } from '../diagnosis/program/requests.ts';
import { diagnoseLimit, diagnoseStart } from '../diagnosis/program/startup.ts';
import { diagnoseNoServerSpan } from '../diagnosis/sdk/silence.ts';
import { diagnoseEnding } from '../diagnosis/stops/ending.ts';
import { diagnoseLostAtStop, diagnoseNeverEnded } from '../diagnosis/stops/lost-at-stop.ts';
import { diagnoseLostInOutage } from '../diagnosis/stops/lost-in-outage.ts';
import { diagnoseCutOff } from '../diagnosis/stops/under-way.ts';
import { type PageExit, pageSpansOf, serverSpanOf, spansOfProcess, stopOf } from '../joins/index.ts';
import { fail, failOn } from './check.ts';
import { evidence } from './evidence.ts';
import { fact } from './facts.ts';
import { expectClientSpan, expectPageRequests } from './page.ts';
import { expectRequest } from './requests.ts';

/** A process that the scenario stopped. */
export type Stopped = Pick<ProcessStop, 'kind' | 'label'>;

/**
 * Fails unless every span came that the API had ended, when it got SIGTERM right after it had answered a request.
 * @param stopped label of the stop
 * @param answered label of that request
 * @param underWay label of one that was not answered yet: its spans are another check's matter
 */
export function expectAnsweredKept(stopped: string, answered: string, underWay: string): void {
  const stop = expectStop('api', stopped);
  const sent = expectRequest(answered);
  const server = serverSpanOf(evidence(), sent);
  const all = spansOfProcess(evidence(), stop.process);
  const makesThem = sent.status !== null && all.some(({ kind }) => kind === 'SERVER');
  if (!server && !makesThem) fail(diagnoseNoServerSpan(inPlace(stop), sent));
  const later = serverSpanOf(evidence(), expectRequest(underWay))?.traceId;
  const spans = all.filter(({ traceId }) => traceId !== later);
  failOn(diagnoseLostAtStop(evidence(), stop, spans));
  if (!server) fail(diagnoseNeverEnded(stop, sent));
}

/** Fails unless a request that was under way when the API got SIGTERM was answered, and its spans came. */
export function expectUnderWayKept(stopped: string, label: string): void {
  const stop = expectStop('api', stopped);
  const sent = expectRequest(label);
  const server = serverSpanOf(evidence(), sent);
  failOn(diagnoseCutOff(stop, sent, server));
  const spans = spansOfProcess(evidence(), stop.process).filter(({ traceId }) => traceId === server?.traceId);
  failOn(diagnoseLostAtStop(evidence(), stop, spans));
}

/** Fails unless every span came that the worker had ended when it was stopped. */
export function expectWorkKept(stopped: string): void {
  const stop = expectStop('worker', stopped);
  const spans = spansOfProcess(evidence(), stop.process);
  if (spans.length === 0) failOn(diagnoseWorkerSilence(inPlace(stop), spans));
  failOn(diagnoseLostAtStop(evidence(), stop, spans));
}

/** Fails unless these processes ended in time when they were asked to, and not as one that failed. */
export function expectEndings(stops: readonly Stopped[]): void {
  for (const { kind, label } of stops) failOn(diagnoseEnding(expectStop(kind, label)));
}

/** The same of processes that were asked while they started: they were never ready. */
export function expectStartsEnded(stops: readonly Stopped[]): void {
  for (const { kind, label } of stops) failOn(diagnoseEnding(findStop(kind, label)));
}

/**
 * Fails unless all came that these processes ended while their collectors were away, and there was something to come.
 * @param sent label of a request to the API among them
 */
export function expectOutagesSurvived(stops: readonly Stopped[], sent: string): void {
  for (const { kind, label } of stops) {
    const stop = expectStop(kind, label);
    const outage = fact<Outage[]>('outages').find(({ process }) => process === stop.process);
    const spans = spansOfProcess(evidence(), stop.process);
    if (spans.length === 0 && kind === 'worker') failOn(diagnoseWorkerSilence(inPlace(stop), spans));
    if (spans.length === 0) fail(diagnoseNoServerSpan(inPlace(stop), expectRequest(sent)));
    if (outage) failOn(diagnoseLostInOutage(outage, stop, spans));
  }
}

/** Fails unless all came that the page had ended when it was left, or hidden. */
export function expectPageExit(how: 'left' | 'hidden'): void {
  const exit = fact<PageExit>(`page ${how}`);
  if (exit.spanIds.length === 0) for (const record of expectPageRequests()) expectClientSpan(record);
  const ids = new Set(exit.spanIds);
  const spans = pageSpansOf(evidence()).filter(({ spanId }) => ids.has(spanId));
  failOn(diagnoseLostOnExit(evidence(), how, exit, spans));
}

/** The stop of that label, of a process that had been ready. Fails with the cause when it never was. */
export function expectStop(kind: Stopped['kind'], label: string): ProcessStop {
  const stop = findStop(kind, label);
  expectStarted(stop);
  return stop;
}

function findStop(kind: Stopped['kind'], label: string): ProcessStop {
  const stop = stopOf(evidence(), kind, label);
  if (stop) return stop;
  failOn(diagnoseDrive(evidence()));
  // Where one could not start, no other of its kind is started after it.
  for (const other of evidence().stops ?? []) if (other.kind === kind) expectStarted(other);
  throw new Error(`the scenario stopped no ${kind} "${label}"`);
}

function expectStarted({ record }: ProcessStop): void {
  failOn(diagnoseStart(record) ?? diagnoseLimit(record));
}

/** The evidence with the stopped process in the place of the system's own. */
function inPlace({ record }: ProcessStop): ReturnType<typeof evidence> {
  return { ...evidence(), processes: [record] };
}
