import type { EvidenceSpan, HeaderRecord } from '../../evidence/index.ts';
import {
  diagnoseMissingNetwork,
  diagnoseNetwork,
  diagnoseTemplates,
  NETWORK_MS,
} from '../diagnosis/latency/network.ts';
import { fail } from './check.ts';
import { evidence, fact, spanIndex } from './evidence.ts';
import { clientSpanOf, pageRequests, pageWorked } from './page.ts';
import { findServerSpanOf } from './propagation.ts';

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
export function saysNetwork(): void {
  pageWorked();
  for (const record of pageRequests().filter(({ status }) => status !== null)) {
    const client = clientSpanOf(record);
    const broken = diagnoseMissingNetwork(evidence(), record, client, spanIndex().trace(client.traceId));
    if (broken) fail(broken);
  }
}

/** Fails unless searches say one route, without what was searched for, and the feed another one. */
export function saysRoute(): void {
  const searches = searched().map(({ words }) => clientSpanOf(recordOf(`/search?q=${words}`)));
  const broken = diagnoseTemplates(searches, clientSpanOf(recordOf('/feed')));
  if (broken) fail(broken);
}

/** The searches with a near database, or those with a slow one. */
export function measured(slowDatabase: boolean): Measured[] {
  pageWorked();
  return searched()
    .filter((one) => one.slowDatabase === slowDatabase)
    .map(({ words, ...rest }) => {
      const record = recordOf(`/search?q=${words}`);
      const client = clientSpanOf(record);
      const server = findServerSpanOf(record);
      const answeredMs = fact<Record<string, number | null>>('timed')[words] ?? null;
      const timedMs = answeredMs === null || !server ? null : answeredMs - server.durationMs;
      return { title: 'GET /search', record, client, server, timedMs, ...rest };
    });
}

/** Fails unless the network's share is right at each distance. */
export function networkShare(requests: readonly Measured[]): void {
  const broken = diagnoseNetwork(requests, fact<number>('clock skew'), [
    ...measured(false),
    ...measured(true),
  ]);
  if (broken) fail(broken);
}

/** What the last request for that path said, and how long the page waited for it. */
export function networkOf(path: string): { networkMs: number; waitedMs: number } {
  const client = clientSpanOf(recordOf(path));
  return { networkMs: Number(client.attributes[NETWORK_MS]), waitedMs: client.durationMs };
}

function searched(): Searched[] {
  return fact<Searched[]>('searched');
}

/** The last request of the page for this path and query. */
function recordOf(path: string): HeaderRecord {
  const found = pageRequests().findLast((record) => record.path === path);
  if (!found) throw new Error(`the page never asked for ${path}`);
  return found;
}
