import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import { diagnoseMissingNetwork, NETWORK_KEY } from '../diagnosis/latency/missing-network-time.ts';
import { diagnoseNetwork } from '../diagnosis/latency/network-share.ts';
import { diagnoseTemplates } from '../diagnosis/latency/url-template.ts';
import { diagnoseUnseenRequest } from '../diagnosis/page/unseen-api.ts';
import { apiSpanOf, clientSpansOf } from '../joins/index.ts';
import { requestName } from '../sentences.ts';
import { fail, failOn } from './check.ts';
import { evidence } from './evidence.ts';
import { fact } from './facts.ts';
import { expectClientSpan, expectPageRequests, expectPageUsable } from './page.ts';

/** A request of the page from a known distance. Milliseconds. */
export interface Measured {
  title: string;
  record: HeaderRecord;
  client: EvidenceSpan;
  server: EvidenceSpan | undefined;
  /** one round trip between page and API */
  roundTripMs: number;
  /** what the browser timed from sending to the first byte of the answer, less the time of the API; null: it saw no times */
  timedMs: number | null;
  /** what the browser timed from the first byte of the answer to its last; null: it saw no times */
  bodyMs: number | null;
  /** what the page said of the first request for the same address; null: this is the first */
  earlierMs: number | null;
  slowDatabase: boolean;
}

type Searched = {
  words: string;
  roundTripMs: number;
  slowDatabase: boolean;
};

/** By the words of a search: what the browser timed for each time that they were searched for; null: it saw no times. */
type Timed = Record<string, ({ toFirstByteMs: number; bodyMs: number } | null)[]>;

/** Fails unless each answered request of the page to the API says the network's share on its CLIENT span. */
export function expectNetworkTimes(): void {
  expectPageUsable();
  for (const record of answeredRequests())
    failOn(diagnoseMissingNetwork(evidence(), record, expectClientSpan(record)));
}

/** Fails unless the CLIENT span of each answered request of the page says the request's route. */
export function expectUrlTemplates(): void {
  failOn(
    diagnoseTemplates(
      answeredRequests().map((record) => {
        const route = apiSpanOf(evidence(), record)?.attributes['http.route'];
        return {
          record,
          client: expectClientSpan(record),
          route: typeof route === 'string' ? route : undefined,
        };
      }),
    ),
  );
}

/** The searches with a near database, or those with a slow one. */
export function findMeasured(slowDatabase: boolean): Measured[] {
  expectPageUsable();
  return searched()
    .filter((one) => one.slowDatabase === slowDatabase)
    .map(({ words, nth, ...rest }) => {
      const record = requestFor(`/search?q=${words}`, nth);
      const client = expectClientSpan(record);
      const server = apiSpanOf(evidence(), record);
      const timed = fact<Timed>('timed')[words]?.[nth] ?? null;
      // The SERVER span of a request without a traceparent cannot be joined across skewed clocks.
      const workedMs = server?.durationMs ?? record.durationMs;
      const timedMs = timed === null || workedMs === null ? null : timed.toFirstByteMs - workedMs;
      const bodyMs = timed?.bodyMs ?? null;
      const earlier = nth > 0 ? expectClientSpan(requestFor(record.path, 0)) : null;
      const earlierMs = earlier && Number(earlier.attributes[NETWORK_KEY]);
      return { title: requestName(record), record, client, server, timedMs, bodyMs, earlierMs, ...rest };
    });
}

/** Fails unless the network's share is right at each distance. */
export function expectNetworkShare(requests: readonly Measured[]): void {
  const all = [...findMeasured(false), ...findMeasured(true)];
  failOn(diagnoseNetwork(requests, fact<number>('clock skew'), all));
}

/** What the last request for that path said, and how long the page waited for it. */
export function findNetworkOf(path: string): { networkMs: number; waitedMs: number } {
  const client = expectClientSpan(requestFor(path));
  return { networkMs: Number(client.attributes[NETWORK_KEY]), waitedMs: client.durationMs };
}

/** The searches in their order. The same words may be searched for again: `nth` counts from 0. */
function searched(): (Searched & { nth: number })[] {
  const all = fact<Searched[]>('searched');
  return all.map((one, at) => ({
    ...one,
    nth: all.slice(0, at).filter(({ words }) => words === one.words).length,
  }));
}

/**
 * The answered requests of the page. Those that the scenario sent through the page's own `fetch` are not Angular's: an
 * interceptor never sees them, so they count only where the page made a span of them.
 */
function answeredRequests(): HeaderRecord[] {
  const { paths } = (evidence().facts['at once'] ?? { paths: [] }) as { paths: string[] };
  const clients = clientSpansOf(evidence());
  return expectPageRequests().filter(
    (record) => record.status !== null && (!paths.includes(record.path) || clients.get(record)),
  );
}

/** A request of the page for this path and query, the last one when it is not said which. Fails when it is not there. */
function requestFor(path: string, nth = -1): HeaderRecord {
  const found = expectPageRequests().filter((record) => record.path === path);
  return found.at(nth) ?? fail(diagnoseUnseenRequest(path));
}
