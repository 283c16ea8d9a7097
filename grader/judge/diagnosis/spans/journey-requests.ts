import { endMs, type SpanIndex } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { ASKED, type JourneyRequest, type TracedRequest } from '../../joins/index.ts';
import { listed, milliseconds, missingHere, TOO_EARLY_END } from '../../sentences.ts';
import { ROUNDING_MS } from '../../tolerances.ts';
import { IN_THEIR_ORDER, WHAT_CHANGED } from './journey-order.ts';

/** The page did not ask for all that a publish asks for; null when it did, once for each click. */
export function diagnoseUnasked(requests: readonly JourneyRequest[], clicks: number): Finding | null {
  const titles = requests.map(({ title }) => title);
  const other = ASKED.find((asked) => titles.filter((title) => title === asked).length !== clicks);
  if (!other) return null;
  const times = titles.filter((title) => title === other).length;
  return {
    reason: 'request-failed',
    saw: `${clicks === 1 ? 'a click' : `${clicks} clicks`} on Publish asked the API for ${titles.length > 0 ? listed(titles) : 'nothing'}: ${times} x ${other}.`,
    wanted: IN_THEIR_ORDER,
    look: WHAT_CHANGED,
    seen: [{ kind: 'requests', text: titles.join(', ') || 'none' }],
  };
}

/** Why a request of a publish is not below the publish's span; null when all are. */
export function diagnoseOutside(
  index: SpanIndex<EvidenceSpan>,
  requests: readonly TracedRequest[],
  journey: EvidenceSpan,
): Finding | null {
  const isBelow = ({ span }: TracedRequest): boolean => index.isBelow(span, journey);
  const [lost, ...others] = requests.filter((request) => !isBelow(request));
  if (!lost) return null;
  const { title, span } = lost;
  const afterClick = Math.round(span.startMs - journey.startMs);
  const sent = `sent ${Math.max(0, afterClick)} ms after the click`;
  const kept = requests.filter(isBelow).map((one) => one.title);
  const below = kept.length > 0 ? `${listed(kept)} ${kept.length > 1 ? 'are' : 'is'} below it. ` : '';
  const soAre = others.length > 0 ? ` So is ${listed(others.map((one) => one.title))}.` : '';
  const base = {
    saw: `${below}${title}, ${sent}, ${placeOfParent(index, span, journey)}.${soAre}`,
    wanted: `${title} below "${journey.name}", too, in trace ${journey.traceId.slice(0, 8)}.`,
    marks: [
      missingHere(journey, title, { place: 'after-children' }),
      markOn(span, span.parentSpanId === undefined ? 'ROOT: no parent' : `NOT BELOW "${journey.name}"`),
    ],
    seen: [{ kind: 'span', text: `${title}, parent ${span.parentSpanId ?? 'none'}`, spanId: span.spanId }],
  };
  if (afterClick < -ROUNDING_MS) {
    return {
      ...base,
      reason: 'span-covers-too-little',
      saw: `"${journey.name}" began ${-afterClick} ms after ${title} was sent.`,
      wanted: `"${journey.name}" begins with the click, before its first request.`,
      look: 'the line that starts the span: what runs before it when somebody clicks on Publish?',
    };
  }
  if (endMs(journey) <= span.startMs) {
    return {
      ...base,
      reason: 'span-ended-before-its-work',
      saw: `"${journey.name}" ended after ${milliseconds(journey.durationMs)}. ${title} was ${sent}.`,
      look: TOO_EARLY_END,
    };
  }
  if (span.parentSpanId !== undefined) {
    return {
      ...base,
      reason: 'span-sibling-not-child',
      look: 'which context is active when that request is sent: that of your span, or another one?',
    };
  }
  const place = placeOf(span);
  const open = base.marks.map((mark) =>
    mark.spanId === span.spanId
      ? { ...mark, text: `ROOT: no parent, though "${journey.name}" was still open` }
      : mark,
  );
  if (lost === requests[0] || span.origin.stack === undefined) {
    return {
      ...base,
      reason: 'span-root-not-child',
      marks: open,
      ...(place && { cause: `Your span was open, but not active, when ${place} sent ${title}.` }),
      look: 'exercises/10-user-journey/README.md, "What you need". A span that is started is not yet active.',
    };
  }
  const callback = isCallback(span);
  const when = `when ${place ? `${place} sent it` : 'it was sent'}`;
  return {
    ...base,
    reason: callback ? 'context-lost-in-callback' : 'context-lost-after-await',
    marks: open,
    cause: callback
      ? `There was no active span any more ${when}, from a callback. It runs later, and nobody carried the context there.`
      : `There was no active span any more ${when}. In a browser the active span is gone after an await, and in a then.`,
    look: 'exercises/10-user-journey/README.md, "After the await"',
  };
}

/** `is the root of a trace of its own` */
function placeOfParent(index: SpanIndex<EvidenceSpan>, span: EvidenceSpan, journey: EvidenceSpan): string {
  if (span.parentSpanId === undefined) return 'is the root of a trace of its own';
  if (span.traceId === journey.traceId) return 'is in its trace, but not below it';
  const parent = index.parentOf(span);
  return parent ? `is below "${parent.name}", in another trace` : 'is in another trace';
}

/** `composer.ts:48`, the first of the learner's own lines below the call that sent it. */
function placeOf(span: EvidenceSpan): string | undefined {
  return span.origin.place?.split('/').at(-1);
}

/**
 * The request was sent by what an observable runs: no line of the learner's stands below the sending, as when
 * `switchMap` subscribes, or RxJS called that line. Behind an await nothing calls the line: it goes on by itself.
 */
function isCallback(span: EvidenceSpan): boolean {
  const { stack, place } = span.origin;
  const frames = (stack ?? '').split('\n');
  const at = frames.findIndex((frame) => place !== undefined && frame.endsWith(place));
  return stack !== undefined && (at === -1 || /node_modules\/rxjs\//.test(frames[at + 1] ?? ''));
}
