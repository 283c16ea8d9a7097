import type { EvidenceSpan, HeaderRecord, SentRequest } from '../../evidence/index.ts';
import { diagnosePreflight } from '../diagnosis/page/preflight.ts';
import {
  countOf,
  diagnoseCount,
  REQUESTS,
  type Sample,
  type TrueCount,
} from '../diagnosis/sampling/count.ts';
import { diagnoseHealthChecks } from '../diagnosis/sampling/health.ts';
import { diagnoseRates } from '../diagnosis/sampling/rate.ts';
import { diagnoseShare } from '../diagnosis/sampling/share.ts';
import {
  type DecidedRequest,
  diagnoseDroppedAgain,
  diagnoseHoles,
  diagnoseKeptAgain,
  diagnoseLostParts,
} from '../diagnosis/sampling/torn.ts';
import { diagnoseNoServerSpan } from '../diagnosis/sdk/silence.ts';
import {
  apiSpanOf,
  callerOf,
  clientSpansOf,
  decisionOf,
  pageRequestsOf,
  parentInHeader,
  type SampledVisit,
  sampledVisitsOf,
  serverSpanOf,
} from '../joins/index.ts';
import { requestName } from '../sentences.ts';
import { fail, failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { fact } from './facts.ts';
import { findQueriesBelow } from './libraries.ts';
import { expectClientSpan, expectPageRequests, expectPageUsable } from './page.ts';
import { expectRequests, expectServerSpan, findServerSpan } from './requests.ts';
import { expectStop } from './stops.ts';

/** Where API and worker read their share. */
export const API_SHARE = 'OTEL_TRACES_SAMPLER_ARG';

/**
 * Fails unless the API kept such a share of these requests, whose traces it began, as it was told.
 * @param decided label of requests whose trace their caller had kept: where these have no spans, none is kept for any reason
 */
export function expectApiShare(label: string, decided: string): void {
  const sent = expectRequests(label);
  const ratio = fact<number>('api ratio');
  const kept = sent.filter(findServerSpan);
  const [first] = kept.length > 0 ? kept : expectRequests(decided).filter(findServerSpan);
  if (!first) fail(diagnoseNoServerSpan(evidence(), sent[0] as SentRequest));
  expectServerSpan(first);
  const which = 'that came without a trace';
  failOn(
    diagnoseShare({
      who: 'the API',
      kept: kept.length,
      of: sent.length,
      ratio,
      setting: API_SHARE,
      which,
    }),
  );
}

/**
 * Fails unless an API that was told no share kept all traces.
 * @param stopped label of its stop
 * @param label of the requests to it
 */
export function expectAllWithoutShare(stopped: string, label: string): void {
  expectStop('api', stopped);
  const sent = expectRequests(label);
  const kept = sent.filter(findServerSpan).length;
  const which = 'that came without a trace';
  failOn(diagnoseShare({ who: 'the API', kept, of: sent.length, ratio: null, setting: API_SHARE, which }));
}

/** Fails unless the page kept such a share of its traces as config.json told it, each time that it was loaded. */
export function expectPageShares(): void {
  failOn(diagnosePreflight(evidence()));
  expectPageRequests();
  for (const visit of expectVisits()) {
    const records = requestsOf(visit);
    if (records.length < visit.requests) {
      expectPageUsable();
      throw new Error(`of ${visit.requests} requests with "${visit.word}" the API got ${records.length}`);
    }
    const kept = records.filter((record) => clientSpansOf(evidence()).get(record)).length;
    // Nothing at all may have many causes, which the exercises of the page know.
    if (visit.ratio === 1 && kept === 0) for (const record of records) expectClientSpan(record);
    const which = 'that the page sent';
    const setting = 'tracesSampleRatio in config.json';
    failOn(diagnoseShare({ who: 'the page', kept, of: records.length, ratio: visit.ratio, setting, which }));
  }
}

/**
 * Fails unless the API does with each trace as its caller did, and keeps the whole of those that it keeps.
 * @param labels of requests whose caller had decided
 * @param ignored label of those that are to make no spans at all: what is wrong with them is another check's matter
 */
export function expectWholeTraces(labels: readonly string[], ignored: string): void {
  const ofDriver = labels.flatMap(expectRequests).flatMap(decidedByCaller);
  const ofPage = expectVisits().length > 0 ? pageRequestsOf(evidence()).flatMap(decidedByPage) : [];
  const all = [...ofDriver, ...ofPage];
  const clients = new Map(
    [...clientSpansOf(evidence()).values()].flatMap((span) => (span ? [[span.spanId, span] as const] : [])),
  );
  failOn(diagnoseKeptAgain(all));
  failOn(diagnoseDroppedAgain(all, ({ parent }) => clients.get(parent.spanId)));
  const bare = all.flatMap(({ server, name }) =>
    server && findQueriesBelow(server).length === 0 ? [{ span: server, name }] : [],
  );
  const orphans = findOrphans().filter(({ origin }) => origin.process !== 'worker');
  failOn(diagnoseHoles(evidence(), orphans, bare));
  const left = new Set(expectRequests(ignored).map((sent) => serverSpanOf(evidence(), sent)?.traceId));
  failOn(
    diagnoseLostParts(
      'the API',
      evidence().spans.filter(({ origin, traceId }) => origin.process === 'api' && !left.has(traceId)),
    ),
  );
}

/** Fails when one of these health checks made a span. */
export function expectNoHealthChecks(label: string): void {
  const checks = expectRequests(label).map((sent) => {
    const caller = callerOf(sent);
    const server = serverSpanOf(evidence(), sent);
    const traceIds = [caller?.traceId, server?.traceId];
    const spans = evidence().spans.filter(({ traceId }) => traceIds.includes(traceId));
    return { sent, sampled: caller?.sampled ?? false, spans };
  });
  failOn(diagnoseHealthChecks(checks));
}

/** Fails unless each kept span says how many it stands for: by the share of whoever decided about its trace. */
export function expectRates(): void {
  failOn(diagnoseRates(evidence().spans.map((span) => ({ span, decision: decisionOf(evidence(), span) }))));
}

/** Fails unless a weighted COUNT tells how many requests there were: those of this label, and those of the page. */
export function expectTrueCount(label: string): TrueCount {
  const own: Sample = {
    requests: expectRequests(label).length,
    ratio: fact<number>('api ratio'),
    spans: expectRequests(label).flatMap((sent) => findServerSpan(sent) ?? []),
  };
  const ofPage = expectVisits()
    .filter(({ ratio }) => ratio > 0)
    .map((visit): Sample => {
      const records = requestsOf(visit);
      const servers = records.flatMap((record) => apiSpanOf(evidence(), record) ?? []);
      return { requests: records.length, ratio: visit.ratio, spans: servers };
    });
  const samples = [own, ...ofPage];
  const counted = countOf(samples, findArrivals);
  failOn(diagnoseCount(counted, samples, findArrivals, REQUESTS));
  return counted;
}

/** How often a span came to the collector. */
export function findArrivals({ spanId }: EvidenceSpan): number {
  return evidence().wire.reduce(
    (times, { spanIds }) => times + spanIds.filter((one) => one === spanId).length,
    0,
  );
}

function expectVisits(): SampledVisit[] {
  fact('visits');
  return sampledVisitsOf(evidence());
}

/** The requests of one load of the page that the scenario sent: the word is in their addresses. */
function requestsOf({ word }: SampledVisit): HeaderRecord[] {
  return pageRequestsOf(evidence()).filter(({ path }) => path.includes(word));
}

/** Nothing for a request that was sent without a traceparent: nobody decided about it. */
function decidedByCaller(sent: SentRequest): DecidedRequest[] {
  const parent = callerOf(sent);
  if (!parent) return [];
  const server = findServerSpan(sent);
  const traceIds = [parent.traceId, server?.traceId];
  const spans = evidence().spans.filter(
    ({ traceId, origin }) => origin.process !== 'worker' && traceIds.includes(traceId),
  );
  return [{ ...sent, name: requestName(sent), caller: 'its caller', parent, server, spans }];
}

/** The same of the page, whose headers are exercise 07's matter. */
function decidedByPage(record: HeaderRecord): DecidedRequest[] {
  const parent = parentInHeader(record.traceparent);
  if (!parent) return [];
  const server = apiSpanOf(evidence(), record);
  const spans = evidence().spans.filter(
    ({ traceId, origin }) =>
      !['page', 'worker'].includes(origin.process) &&
      (traceId === parent.traceId || traceId === server?.traceId),
  );
  return [{ ...record, name: requestName(record), caller: 'the page', parent, server, spans }];
}

/** Spans whose parent nobody kept, though it was no caller's and is not open still. */
export function findOrphans(): EvidenceSpan[] {
  const elsewhere = new Set([
    ...evidence().requests.flatMap((sent) => callerOf(sent)?.spanId ?? []),
    ...pageRequestsOf(evidence()).flatMap(({ traceparent }) => parentInHeader(traceparent)?.spanId ?? []),
    ...evidence().unended.map(({ spanId }) => spanId),
  ]);
  return evidence().spans.filter(
    (span) => spanIndex().isOrphan(span) && !elsewhere.has(span.parentSpanId ?? ''),
  );
}
