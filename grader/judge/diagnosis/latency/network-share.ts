import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { attributeText } from '../../sentences.ts';
import { NETWORK_MS, SAME_MEASUREMENT_MS } from '../../tolerances.ts';
import { NETWORK_KEY, WHAT_IT_HOLDS } from './missing-network-time.ts';

/** One request and what is known of it. */
interface Known {
  title: string;
  client: EvidenceSpan;
  server: EvidenceSpan | undefined;
  roundTripMs: number;
  /** by the browser's own times: from sending to the first byte of the answer, less the SERVER span; null: it hides them */
  timedMs: number | null;
  /** by the browser's own times: from the first byte of the answer to the last; null: it hides them */
  bodyMs?: number | null;
  /** what the page said of the first request for the same address, where this is a later one */
  earlierMs?: number | null;
}

const WANTED =
  'the time on the way: that of the request from sending it to its first answer, less the time of the API.';

/**
 * Why the value is not the network's share; null when it is right at each distance. Of the requests from one distance
 * the one nearest to the truth counts: a busy machine adds to a single one.
 * @param among what a cause must explain: the API's time differs among them, so that two causes do not look alike
 */
export function diagnoseNetwork(
  requests: readonly Known[],
  clockSkewMs: number,
  among = requests,
): Finding | null {
  if (requests.length === 0)
    throw new Error('no requests were given: this check would pass without a reason');
  const off = (one: Known): number => Math.abs(networkMsOf(one) - shareOf(one));
  const distances = new Set(requests.map(({ roundTripMs }) => roundTripMs));
  const worst = [...distances]
    .map((distance) => requests.filter((one) => one.roundTripMs === distance))
    .map((group) => group.reduce((a, b) => (off(b) < off(a) ? b : a)))
    .reduce((a, b) => (off(b) > off(a) ? b : a));
  if (off(worst) <= NETWORK_MS) return null;
  const value = networkMsOf(worst);
  const shown = attributeText(NETWORK_KEY, rounded(value));
  const server = worst.server?.durationMs;
  const base = {
    saw: `${worst.title} says ${shown}. The API was ${worst.roundTripMs} ms away, there and back. The CLIENT span took ${rounded(worst.client.durationMs)} ms${server === undefined ? '' : `, the SERVER span ${rounded(server)} ms`}.`,
    wanted: `about ${Math.round(shareOf(worst))} ms, within ${NETWORK_MS}: ${WANTED}`,
    look: WHAT_IT_HOLDS,
    marks: [markOn(worst.client, shown)],
    seen: [{ kind: 'attribute', text: shown, spanId: worst.client.spanId }],
  };
  const all = (expected: (one: Known) => number, tolerance = SAME_MEASUREMENT_MS): boolean =>
    among.every((one) => Math.abs(networkMsOf(one) - expected(one)) <= tolerance);
  const serverMs = (one: Known): number => one.server?.durationMs ?? Number.NaN;

  if (Math.abs(value) > clockSkewMs / 4) {
    return {
      ...base,
      reason: 'latency-from-clocks',
      cause: `The API's clock is ${clockSkewMs / 1000} s ahead in this run, and so much your value is wrong. It compares a time of one clock with a time of another.`,
      look: `${WHAT_IT_HOLDS} Which two of your times come from the same clock?`,
    };
  }
  if (all((one) => one.client.durationMs)) {
    return {
      ...base,
      reason: 'latency-includes-server',
      cause: "It is the whole duration of the CLIENT span: the API's own time is still in it.",
    };
  }
  if (all((one) => shareOf(one) + serverMs(one), NETWORK_MS)) {
    return { ...base, reason: 'latency-includes-server', cause: "The API's own time is still in it." };
  }
  const wrong = { ...base, reason: 'latency-wrong' as const };
  if (all((one) => one.client.durationMs - serverMs(one), NETWORK_MS)) {
    return {
      ...wrong,
      cause:
        'It is the duration of the CLIENT span less that of the SERVER span. What the browser did before it sent the request, and reading the rest of the body, is in it, too.',
    };
  }
  const bodyMs = (one: Known): number => one.bodyMs ?? Number.NaN;
  if (all((one) => shareOf(one) + bodyMs(one)) && among.some((one) => bodyMs(one) > NETWORK_MS)) {
    return {
      ...wrong,
      cause: 'It ends with the last byte of the answer. Reading the rest of the body is in it, too.',
    };
  }
  if (all((one) => shareOf(one) / 2)) {
    return { ...wrong, cause: 'It is one way only. The answer has to come back, too.' };
  }
  if (all((one) => shareOf(one) / 1000, 1)) {
    return { ...wrong, cause: 'It is about a thousandth of what it should be: seconds, not milliseconds.' };
  }
  if (all(serverMs)) return { ...wrong, cause: 'It is the time that the API needed, not the rest.' };
  const later = requests.filter(({ earlierMs }) => typeof earlierMs === 'number');
  if (later.length > 0 && later.every((one) => isNear(networkMsOf(one), one.earlierMs ?? Number.NaN))) {
    return {
      ...wrong,
      cause:
        'It is the number of an earlier request for the same address. The browser keeps a record of each of them, the oldest first.',
      look: `${WHAT_IT_HOLDS} Which of the browser's records is that of this request?`,
    };
  }
  if (new Set(among.map(networkMsOf)).size === 1) {
    return { ...wrong, cause: 'All requests say the same number, from near and from far.' };
  }
  return wrong;
}

/**
 * The network's share of this very request. A busy machine makes the way longer than it was set, and the browser's own
 * times know that: at a load of 30 on two cores right values were within 7 ms of them. Where the API hides them, the
 * distance that was set has to do.
 */
function shareOf({ roundTripMs, timedMs }: Known): number {
  return timedMs ?? roundTripMs;
}

function isNear(ms: number, otherMs: number): boolean {
  return Math.abs(ms - otherMs) <= SAME_MEASUREMENT_MS;
}

function networkMsOf({ client }: Known): number {
  return Number(client.attributes[NETWORK_KEY]);
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
