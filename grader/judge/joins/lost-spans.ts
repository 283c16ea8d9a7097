import { endMs } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { CLOCK_MS, ROUNDING_MS } from '../tolerances.ts';
import { serverSpanOf } from './requests.ts';

/** A time from when until when, Unix epoch milliseconds. */
interface Window {
  fromMs: number;
  toMs: number;
}

/**
 * Those of `spans`, which lost their requests, that began while this one was open. Of requests for the same address at
 * the same time, each may have any of their traces: each gets one where there are as many.
 */
export function lostSpansOf(
  evidence: Evidence,
  sent: SentRequest,
  spans: readonly EvidenceSpan[],
): EvidenceSpan[] {
  const own = windowOf(evidence, sent);
  const rivals = evidence.requests.filter(
    (one) => one.path === sent.path && overlap(windowOf(evidence, one), own),
  );
  const windows = rivals.map((one) => windowOf(evidence, one));
  const ofAll = spans.filter((span) => windows.some((window) => isWithin(window, span)));
  const traces = [...Map.groupBy(ofAll, ({ traceId }) => traceId).values()];
  if (rivals.length > 1 && traces.length === rivals.length) return traces[rivals.indexOf(sent)] ?? [];
  return ofAll.filter((span) => isWithin(own, span));
}

/** While a request was open: its SERVER span, whose clock is that of the spans made for it, else as the driver saw it. */
function windowOf(evidence: Evidence, sent: SentRequest): Window {
  const server = serverSpanOf(evidence, sent);
  const [open, tolerance] = server ? [server, ROUNDING_MS] : [sent, CLOCK_MS];
  return { fromMs: open.startMs - tolerance, toMs: endMs(open) + tolerance };
}

function overlap(one: Window, other: Window): boolean {
  return one.fromMs <= other.toMs && other.fromMs <= one.toMs;
}

function isWithin({ fromMs, toMs }: Window, { startMs }: EvidenceSpan): boolean {
  return fromMs <= startMs && startMs <= toMs;
}
