import type { Evidence, EvidenceSpan, HeaderRecord, SentRequest } from '../../../evidence/index.ts';
import type { Failure, Mark, TraceView } from '../../verdict.ts';
import { diagnoseMissingAttribute } from '../attributes/missing.ts';

export const NETWORK_MS = 'murmur.network_ms';

/** How far the value may be from one round trip, milliseconds: what is left of the machine's own noise. */
const TOLERANCE_MS = 25;
/** Two ways to measure the same time on this machine agree within this, milliseconds. */
const SAME_MS = 15;

/** One request and what is known of it. */
interface Known {
  title: string;
  client: EvidenceSpan;
  server: EvidenceSpan | undefined;
  roundTripMs: number;
  /** by the browser's own times: from sending to the first byte of the answer, less the SERVER span; null: it hides them */
  timedMs: number | null;
}

const WANTED =
  'the time on the way: that of the request from sending it to its first answer, less the time of the API.';
const LOOK = 'exercises/09-network-latency/README.md, "What the number holds".';

/** Why a CLIENT span does not say the network's share as a number; null when it does. */
export function diagnoseMissingNetwork(
  evidence: Evidence,
  record: HeaderRecord,
  client: EvidenceSpan,
  spans: readonly EvidenceSpan[],
): Failure | null {
  const given = client.attributes[NETWORK_MS];
  const path = record.path.split('?')[0];
  const title = `${record.method} ${path}`;
  const wanted = `${NETWORK_MS} = a number of milliseconds on the page's CLIENT span of ${title}.`;
  const view = (marks: Mark[]): TraceView[] => viewOf(title, client, marks);
  if (typeof given === 'number' && Number.isFinite(given)) return null;
  if (given !== undefined) {
    return {
      reason: 'attribute-wrong-type',
      saw: `${NETWORK_MS} of ${title} is ${JSON.stringify(given)}, a ${typeof given}. It should be a finite number.`,
      wanted,
      look: 'text cannot be added, averaged or compared by size. What makes a text of your number?',
      views: view([{ spanId: client.spanId, text: `${NETWORK_MS} = ${JSON.stringify(given)}` }]),
      seen: [{ kind: 'attribute', text: `${NETWORK_MS} = ${JSON.stringify(given)}`, spanId: client.spanId }],
    };
  }
  const sent = {
    method: record.method,
    path: record.path,
    userId: null,
    startMs: client.startMs,
    durationMs: client.durationMs,
  } as SentRequest;
  const missing = diagnoseMissingAttribute({
    evidence: withPageFacts(evidence),
    sent,
    target: client,
    targetName: `${client.name}, the CLIENT span of ${title}`,
    spans,
    key: NETWORK_MS,
    wanted,
    lookAtSpan: `${LOOK} Which span of the page stands for the request, and until when can it be written?`,
    view,
  });
  if (missing.reason !== 'attribute-missing' || record.responseHeaders['timing-allow-origin']) return missing;
  return {
    ...missing,
    look: 'this answer has no Timing-Allow-Origin header. Without it the browser hides from the page when the request was sent.',
  };
}

/** What was set too late in the page counts like what was set too late in a process. */
function withPageFacts(evidence: Evidence): Evidence {
  const page = evidence.page?.telemetry;
  const [first, ...more] = evidence.processes;
  if (!page || !first?.capture) return evidence;
  const capture = { ...first.capture, setAfterEnd: [...first.capture.setAfterEnd, ...page.setAfterEnd] };
  return { ...evidence, processes: [{ ...first, capture }, ...more] };
}

/** Why the routes on the CLIENT spans cannot be grouped by; null when they can. */
export function diagnoseTemplates(searches: readonly EvidenceSpan[], feed: EvidenceSpan): Failure | null {
  const of = (span: EvidenceSpan): unknown => span.attributes['url.template'];
  const wanted =
    'url.template on each of these spans: the path as the API knows it, "/search" or "/posts/{id}", without what differs.';
  const look = 'the address of the request: which part of it is the same for all who ask for this?';
  for (const span of [...searches, feed]) {
    if (typeof of(span) === 'string' && of(span) !== '') continue;
    const title = `GET ${String(span.attributes['url.full'] ?? '').split('?')[0]}`;
    return {
      reason: 'attribute-missing',
      saw: `${span.name}, the CLIENT span of ${title}, has no url.template.`,
      wanted,
      look,
      views: viewOf(title, span, [{ spanId: span.spanId, text: 'MISSING HERE: url.template' }]),
      seen: [{ kind: 'keys', text: Object.keys(span.attributes).join(', '), spanId: span.spanId }],
    };
  }
  const templates = [...new Set(searches.map(of))].map(String);
  const first = searches[0] as EvidenceSpan;
  const same = templates.length === 1;
  if (same && of(feed) !== templates[0]) return null;
  return {
    reason: 'attribute-wrong-value',
    saw: same
      ? `url.template is ${JSON.stringify(templates[0])} on the spans of searches and of the feed.`
      : `searches have ${templates.length} values of url.template: ${templates.slice(0, 2).join(', ')}. Each search is a row of its own then.`,
    wanted,
    look,
    views: viewOf('GET /search', first, [{ spanId: first.spanId, text: `url.template = ${templates[0]}` }]),
    seen: templates.slice(0, 3).map((text) => ({ kind: 'attribute', text })),
  };
}

/**
 * Why the value is not the network's share; null when it is right at each distance. Of the requests from one distance
 * the one nearest to the truth counts: a busy machine adds to a single one.
 * @param among what a cause must explain: the API's time differs among them, so that two causes do not look alike
 */
export function diagnoseNetwork(
  requests: readonly Known[],
  clockSkewMs: number,
  among = requests,
): Failure | null {
  if (requests.length === 0)
    throw new Error('no requests were given: this check would pass without a reason');
  const off = (one: Known): number =>
    Math.min(...[one.roundTripMs, shareOf(one)].map((truth) => Math.abs(networkMsOf(one) - truth)));
  const distances = new Set(requests.map(({ roundTripMs }) => roundTripMs));
  const worst = [...distances]
    .map((distance) => requests.filter((one) => one.roundTripMs === distance))
    .map((group) => group.reduce((a, b) => (off(b) < off(a) ? b : a)))
    .reduce((a, b) => (off(b) > off(a) ? b : a));
  if (off(worst) <= TOLERANCE_MS) return null;
  const value = networkMsOf(worst);
  const shown = `${NETWORK_MS} = ${rounded(value)}`;
  const server = worst.server?.durationMs;
  const base = {
    saw: `${worst.title} says ${shown}. The API was ${worst.roundTripMs} ms away, there and back. The CLIENT span took ${rounded(worst.client.durationMs)} ms${server === undefined ? '' : `, the SERVER span ${rounded(server)} ms`}.`,
    wanted: `about ${worst.roundTripMs} ms, within ${TOLERANCE_MS}: ${WANTED}`,
    look: LOOK,
    views: viewOf(worst.title, worst.client, [{ spanId: worst.client.spanId, text: shown }]),
    seen: [{ kind: 'attribute', text: shown, spanId: worst.client.spanId }],
  };
  const all = (expected: (one: Known) => number, tolerance = SAME_MS): boolean =>
    among.every((one) => Math.abs(networkMsOf(one) - expected(one)) <= tolerance);
  const serverMs = (one: Known): number => one.server?.durationMs ?? Number.NaN;

  if (Math.abs(value) > clockSkewMs / 4) {
    return {
      ...base,
      reason: 'latency-from-clocks',
      cause: `The API's clock is ${clockSkewMs / 1000} s ahead in this run, and so much your value is wrong. It compares a time of one clock with a time of another.`,
      look: `${LOOK} Which two of your times come from the same clock?`,
    };
  }
  if (all((one) => one.client.durationMs)) {
    return {
      ...base,
      reason: 'latency-includes-server',
      cause: "It is the whole duration of the CLIENT span: the API's own time is still in it.",
    };
  }
  if (all((one) => shareOf(one) + serverMs(one), TOLERANCE_MS)) {
    return { ...base, reason: 'latency-includes-server', cause: "The API's own time is still in it." };
  }
  const wrong = { ...base, reason: 'latency-wrong' as const };
  if (all((one) => one.client.durationMs - serverMs(one), TOLERANCE_MS)) {
    return {
      ...wrong,
      cause:
        'It is the duration of the CLIENT span less that of the SERVER span. The browser asked for permission before this request, and that way is in it, too.',
    };
  }
  if (all((one) => shareOf(one) / 2)) {
    return { ...wrong, cause: 'It is one way only. The answer has to come back, too.' };
  }
  if (all((one) => shareOf(one) / 1000, 1)) {
    return { ...wrong, cause: 'It is about a thousandth of what it should be: seconds, not milliseconds.' };
  }
  if (all(serverMs)) return { ...wrong, cause: 'It is the time that the API needed, not the rest.' };
  if (new Set(among.map(networkMsOf)).size === 1) {
    return { ...wrong, cause: 'All requests say the same number, from near and from far.' };
  }
  return wrong;
}

/**
 * The network's share of this very request. A busy machine makes the way longer than it was set; what the browser
 * timed knows that, and it never makes it shorter.
 */
function shareOf({ roundTripMs, timedMs }: Known): number {
  return Math.max(roundTripMs, timedMs ?? 0);
}

function networkMsOf({ client }: Known): number {
  return Number(client.attributes[NETWORK_MS]);
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function viewOf(title: string, span: EvidenceSpan, marks: Mark[]): TraceView[] {
  return [{ title, traceId: span.traceId, marks }];
}
