import { endMs, type Span, serviceOf } from '@workshop/telemetry/pure';
import { formatDuration } from '../text/time';
import type { TraceModel } from './trace-model';

/** How far one service's clock seems to be from another's. */
export interface Skew {
  service: string;
  /** service of the spans that it stands below */
  than: string;
  /** milliseconds; above 0: it is ahead */
  aheadMs: number;
}

/** Times of two processes of one machine differ by less; so do the roundings of a browser. */
const TOLERANCE_MS = 2;

/**
 * Clocks that cannot be right: a call across services began before it was made, or was over after its answer had come.
 * A span that only ends late is no proof, since work may go on after the answer: what counts is a SERVER span below a
 * CLIENT span. The smallest correction that would put the span inside of its caller is the least that the clocks differ.
 */
export function skewsOf(model: TraceModel): Skew[] {
  const found = new Map<string, Skew>();
  for (const span of model.spans) {
    const parent = model.index.parentOf(span);
    if (!parent || span.kind !== 'SERVER' || parent.kind !== 'CLIENT') continue;
    const [service, than] = [serviceOf(span), serviceOf(parent)];
    const aheadMs = leastAhead(span, parent);
    if (service === than || Math.abs(aheadMs) < TOLERANCE_MS) continue;
    const key = `${service}\0${than}`;
    const known = found.get(key);
    if (!known || Math.abs(aheadMs) > Math.abs(known.aheadMs)) found.set(key, { service, than, aheadMs });
  }
  return [...found.values()];
}

function leastAhead(span: Span, parent: Span): number {
  const early = parent.startMs - span.startMs;
  const late = endMs(span) - endMs(parent);
  // A longer span than its caller fits nowhere: its clock is not what is wrong.
  if (span.durationMs > parent.durationMs + TOLERANCE_MS) return 0;
  if (early > 0) return -early;
  return late > 0 ? late : 0;
}

/** In one sentence. */
export function skewText({ service, than, aheadMs }: Skew): string {
  const by = formatDuration(Math.abs(aheadMs));
  const where = aheadMs > 0 ? 'ahead of' : 'behind';
  return `The clock of ${service} is at least ${by} ${where} that of ${than}. Its spans stand where its own clock says.`;
}
