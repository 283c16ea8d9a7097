import { endMs } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import {
  journeyRequestsOf,
  journeySpansOf,
  openJourneySpansOf,
  type Publishing,
  type TracedRequest,
} from '../../joins/index.ts';
import { milliseconds, TOO_EARLY_END } from '../../sentences.ts';
import { BROWSER_CLOCK_MS, JOURNEY_LATE_MS, ROUNDING_MS } from '../../tolerances.ts';
import { diagnosePageSilence } from '../page/page-silence.ts';
import { diagnoseLateEnd } from './coverage.ts';
import { diagnoseMissingSpan } from './missing-span.ts';

const WHERE_IT_STARTS =
  'which method runs when somebody clicks on Publish? Is the line that starts your span in it?';

/** Why a publish has not exactly one own span of that name. */
export function diagnoseMissingJourney(
  evidence: Evidence,
  name: string,
  part: Publishing,
  found: readonly EvidenceSpan[],
): Finding {
  const wanted = `one span named "${name}" for the whole publish: from the click to the last answer.`;
  const silence = diagnosePageSilence(evidence, wanted);
  if (silence) return silence;
  const [first] = found;
  if (first && found.length > 1) {
    return {
      reason: 'span-duplicated',
      saw: `one click on Publish made ${found.length} spans named "${name}".`,
      wanted,
      look: 'which line starts it, and how often does that line run for one click?',
      marks: [markOn(first, `THE FIRST of ${found.length}`)],
      seen: [{ kind: 'count', text: String(found.length), spanId: first.spanId }],
    };
  }
  const spans = journeySpansOf(evidence, part);
  const target = spans.find((span) => span.kind === 'CLIENT') ?? spans[0];
  if (!target) {
    return {
      reason: 'span-missing',
      saw: 'the click on Publish made no span at all, though the page made some before it.',
      wanted,
      look: WHERE_IT_STARTS,
      seen: [{ kind: 'spans', text: '0 spans since the click' }],
    };
  }
  return diagnoseMissingSpan({
    evidence,
    name,
    where: 'the click on Publish',
    during: { startMs: part.fromMs, durationMs: part.toMs - part.fromMs },
    target,
    found: [],
    spans,
    look: WHERE_IT_STARTS,
  });
}

/**
 * The span was under way before its part of the run began, when nobody had clicked; null when it began in it. The
 * driver's clock says when the part began, the browser's when the span did.
 */
export function diagnoseEarlyJourney(journey: EvidenceSpan, part: Publishing): Finding | null {
  const early = Math.round(part.fromMs - journey.startMs);
  if (early <= BROWSER_CLOCK_MS) return null;
  return {
    reason: 'span-covers-too-much',
    saw: `"${journey.name}" began ${early} ms before anybody wrote the post, and longer before the click.`,
    wanted: 'it begins with the click: so long the author waits, and no longer.',
    look: 'which method runs the line that starts your span, and when?',
    marks: [markOn(journey, `BEGINS ${early} ms TOO EARLY`)],
    seen: [{ kind: 'span', text: `${journey.name}: ${early} ms before the click`, spanId: journey.spanId }],
  };
}

/** Why the span does not end with the last answer: it ended before, or long after; null when it ends with it. */
export function diagnoseJourneyEnd(
  journey: EvidenceSpan,
  requests: readonly TracedRequest[],
): Finding | null {
  const last = requests.reduce((a, b) => (endMs(b.span) > endMs(a.span) ? b : a));
  const early = endMs(last.span) - endMs(journey);
  // A quick request that only began after the end is not covered either, however short it was.
  const beganAfter = last.span.startMs >= endMs(journey) - ROUNDING_MS;
  if (early <= BROWSER_CLOCK_MS && !beganAfter) {
    const over = { what: `the answer to ${last.title}`, atMs: endMs(last.span) };
    return diagnoseLateEnd(journey, over, JOURNEY_LATE_MS);
  }
  const took = milliseconds(journey.durationMs);
  return {
    reason: 'span-ended-before-its-work',
    saw: `"${journey.name}" ended after ${took}. ${last.title} went on for ${milliseconds(early)} more.`,
    wanted: 'it ends when the last answer is there: so long the author waits.',
    look: TOO_EARLY_END,
    marks: [markOn(journey, `ENDS HERE, ${milliseconds(early)} before its last request`)],
    seen: [{ kind: 'span', text: `${journey.name}: ${took}`, spanId: journey.spanId }],
  };
}

/** The publish failed, and its span did not end, or is not there. */
export function diagnoseOpenJourney(evidence: Evidence, name: string, part: Publishing): Finding {
  const requests = journeyRequestsOf(evidence, part);
  const failed = requests.find(({ record }) => record.status === null || record.status >= 400) ?? requests[0];
  const open = openJourneySpansOf(evidence, part).find((span) => span.name === name);
  const what = failed
    ? `${failed.title} failed with ${failed.record.status ?? 'no answer'}`
    : 'a publish failed';
  return {
    reason: 'span-not-ended-on-error',
    saw: `${what}, and its "${name}" ${open ? 'was started and never ended' : 'is not there'}.`,
    wanted: `"${name}" ends on every way out, also when a request fails. What never ends is never exported.`,
    look: 'which lines of yours run when an await throws? Is the one that ends the span among them?',
    marks: failed?.span
      ? [markOn(failed.span, `MISSING ABOVE: ${name}`, { place: 'before', missing: true })]
      : [],
    seen: [{ kind: open ? 'unended' : 'missing', text: name, spanId: open?.spanId ?? failed?.span?.spanId }],
  };
}
