import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import { diagnoseMissingNetwork, NETWORK_KEY } from '../diagnosis/latency/missing-network-time.ts';
import { diagnoseNetwork } from '../diagnosis/latency/network-share.ts';
import { diagnoseTemplates } from '../diagnosis/latency/url-template.ts';
import { apiSpanOf } from '../joins/index.ts';
import { requestName } from '../sentences.ts';
import { failOn } from './check.ts';
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
  /** what the browser timed from sending to the first byte of the answer, less the SERVER span; null: it saw no times */
  timedMs: number | null;
  slowDatabase: boolean;
}

type Searched = {
  words: string;
  roundTripMs: number;
  slowDatabase: boolean;
};

/** Fails unless each answered request of the page to the API says the network's share on its CLIENT span. */
export function expectNetworkTimes(): void {
  expectPageUsable();
  for (const record of expectPageRequests().filter(({ status }) => status !== null))
    failOn(diagnoseMissingNetwork(evidence(), record, expectClientSpan(record)));
}

/** Fails unless searches say one route, without what was searched for, and the feed another one. */
export function expectUrlTemplates(): void {
  const traced = (path: string) => {
    const record = lastRequestFor(path);
    return { record, client: expectClientSpan(record) };
  };
  failOn(
    diagnoseTemplates(
      searched().map(({ words }) => traced(`/search?q=${words}`)),
      traced('/feed'),
    ),
  );
}

/** The searches with a near database, or those with a slow one. */
export function findMeasured(slowDatabase: boolean): Measured[] {
  expectPageUsable();
  return searched()
    .filter((one) => one.slowDatabase === slowDatabase)
    .map(({ words, ...rest }) => {
      const record = lastRequestFor(`/search?q=${words}`);
      const client = expectClientSpan(record);
      const server = apiSpanOf(evidence(), record);
      const answeredMs = fact<Record<string, number | null>>('timed')[words] ?? null;
      const timedMs = answeredMs === null || !server ? null : answeredMs - server.durationMs;
      return { title: requestName(record), record, client, server, timedMs, ...rest };
    });
}

/** Fails unless the network's share is right at each distance. */
export function expectNetworkShare(requests: readonly Measured[]): void {
  const all = [...findMeasured(false), ...findMeasured(true)];
  failOn(diagnoseNetwork(requests, fact<number>('clock skew'), all));
}

/** What the last request for that path said, and how long the page waited for it. */
export function findNetworkOf(path: string): { networkMs: number; waitedMs: number } {
  const client = expectClientSpan(lastRequestFor(path));
  return { networkMs: Number(client.attributes[NETWORK_KEY]), waitedMs: client.durationMs };
}

function searched(): Searched[] {
  return fact<Searched[]>('searched');
}

/** The last request of the page for this path and query. */
function lastRequestFor(path: string): HeaderRecord {
  const found = expectPageRequests().findLast((record) => record.path === path);
  if (!found) throw new Error(`the page never asked for ${path}`);
  return found;
}
