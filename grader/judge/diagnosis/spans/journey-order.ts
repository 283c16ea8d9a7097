import { endMs } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { ASKED, type TracedRequest } from '../../joins/index.ts';
import { listed, milliseconds } from '../../sentences.ts';
import { BROWSER_CLOCK_MS } from '../../tolerances.ts';

/** What the page asks the API for, as messages want it. */
export const IN_THEIR_ORDER = `${listed(ASKED)}, one after another, as before you changed the page.`;
export const WHAT_CHANGED =
  'what does your change do to the requests of a publish? They stay as they are, and in their order.';

/** A request that left before the one that it waits for was over. */
export interface Early {
  request: TracedRequest;
  awaited: TracedRequest;
  /** how long the awaited one went on, milliseconds */
  byMs: number;
}

/**
 * The first request that left before the one that it waits for was over; null when each waited. Of several publishes at
 * the same time the second to leave waits for the second that was over: if these are not in order, no other pairs are.
 */
export function earlyRequestOf(requests: readonly TracedRequest[]): Early | null {
  const sorted = (title: string | undefined, by: (span: EvidenceSpan) => number): TracedRequest[] =>
    requests.filter((one) => one.title === title).sort((a, b) => by(a.span) - by(b.span));
  for (const [at, title] of ASKED.entries()) {
    const awaited = sorted(ASKED[at - 1], answeredMs);
    for (const [nth, request] of sorted(title, ({ startMs }) => startMs).entries()) {
      const before = awaited[nth];
      if (before && request.span.startMs < answeredMs(before.span))
        return { request, awaited: before, byMs: endMs(before.span) - request.span.startMs };
    }
  }
  return null;
}

/** The page changed the order of a publish's requests, or no longer waits for their answers; null when it did not. */
export function diagnoseOrder(requests: readonly TracedRequest[], clicks: number): Finding | null {
  const early = earlyRequestOf(requests);
  if (!early) return null;
  const { request, awaited } = early;
  const by = milliseconds(early.byMs);
  return {
    reason: 'request-failed',
    saw: `${clicks === 1 ? 'a click' : `${clicks} clicks`} on Publish sent ${request.title} ${by} before ${awaited.title} was over.`,
    wanted: IN_THEIR_ORDER,
    look: WHAT_CHANGED,
    marks: [
      markOn(awaited.span, `${request.title} WAITS FOR THIS`),
      markOn(request.span, `SENT ${by} BEFORE ${awaited.title} WAS OVER`),
    ],
    seen: [{ kind: 'order', text: `${request.title} before ${awaited.title}`, spanId: request.span.spanId }],
  };
}

/** When the answer was there at the earliest: the span ends later, when the page has read it and had time to say so. */
function answeredMs({ startMs, durationMs }: EvidenceSpan): number {
  return startMs + Math.max(durationMs - BROWSER_CLOCK_MS, durationMs / 4);
}
