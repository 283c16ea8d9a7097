import { endMs } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, type Mark, markOn } from '../../finding.ts';
import { milliseconds, TOO_EARLY_END } from '../../sentences.ts';
import { CLOCK_MS, UNCOVERED_SHARE } from '../../tolerances.ts';

/**
 * Why a span does not cover its work: it ended before the work did, it leaves a part of it out, or it goes on when the
 * work is long over. Null when it covers it.
 *
 * @param work spans that belong to the work, in any order
 * @param untilMs when the work is over at the latest, Unix epoch milliseconds
 */
export function diagnoseCoverage(
  span: EvidenceSpan,
  work: readonly EvidenceSpan[],
  untilMs: number,
): Finding | null {
  if (work.length === 0) throw new Error('no work was given: this check would pass without a reason');
  const first = Math.min(...work.map((one) => one.startMs));
  const last = Math.max(...work.map(endMs));
  const behind = Math.max(0, untilMs - last);
  const base = {
    wanted: `it begins with the work and ends after it${behind > CLOCK_MS ? `, and after the ${Math.round(behind)} ms of work that follow and that no query covers` : ''}.`,
    seen: [{ kind: 'span', text: `${span.name}: ${milliseconds(span.durationMs)}`, spanId: span.spanId }],
  };
  const uncovered = (fromMs: number): Mark =>
    markOn(span, `NO SPAN COVERS THE NEXT ${Math.round(untilMs - fromMs)} ms`, {
      place: 'after-children',
      missing: true,
      interval: { startMs: fromMs, endMs: untilMs },
    });
  const ended = endMs(span);
  if (last - ended > CLOCK_MS || (ended < last && span.durationMs < 1)) {
    const after = work.filter((one) => endMs(one) > ended).length;
    const early = Math.round(last - ended);
    return {
      ...base,
      reason: 'span-ended-before-its-work',
      saw: `"${span.name}" ended after ${milliseconds(span.durationMs)}. The work went on: ${after} of its ${work.length} queries ended up to ${early} ms later.`,
      look: TOO_EARLY_END,
      marks: [
        markOn(span, `ENDS HERE, ${early} ms before the last query`),
        ...(behind > CLOCK_MS ? [uncovered(last)] : []),
      ],
    };
  }
  const late = Math.round(span.startMs - first);
  if (late > CLOCK_MS) {
    const before = work.filter((one) => one.startMs < span.startMs - 1).length;
    return {
      ...base,
      reason: 'span-covers-too-little',
      saw: `"${span.name}" began ${late} ms after the first query of the work. ${before} of ${work.length} queries came before it.`,
      look: 'where does the work begin? The first query belongs to it.',
      marks: [markOn(span, `BEGINS HERE, ${late} ms late`)],
    };
  }
  const left = untilMs - ended;
  if (left > Math.max(2 * CLOCK_MS, behind * UNCOVERED_SHARE)) {
    return {
      ...base,
      reason: 'span-covers-too-little',
      saw: `"${span.name}" ended, and the API worked on for ${Math.round(left)} ms more. No span covers that.`,
      look: 'what does the code do after its last query? Is that still the same piece of work?',
      marks: [uncovered(ended)],
    };
  }
  return null;
}

/** A span that goes on after all that it can stand for is over; null when it ends in time. */
export function diagnoseLateEnd(
  span: EvidenceSpan,
  over: { what: string; atMs: number },
  toleranceMs = 2 * CLOCK_MS,
): Finding | null {
  const late = Math.round(endMs(span) - over.atMs);
  if (late <= toleranceMs) return null;
  return {
    reason: 'span-covers-too-much',
    saw: `"${span.name}" ended ${late} ms after ${over.what}. Nothing of its work was left by then.`,
    wanted: `it ends with its work, at the latest with ${over.what}.`,
    look: 'what does the line that ends the span wait for?',
    marks: [markOn(span, `ENDS ${late} ms TOO LATE`)],
    seen: [{ kind: 'span', text: `${span.name}: ${milliseconds(span.durationMs)}`, spanId: span.spanId }],
  };
}
