import { endMs, type SpanIndex } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import {
  ASKED,
  type JourneyRequest,
  openJourneySpansOf,
  type Publishing,
  spanIndexOf,
} from '../../joins/index.ts';
import { counted, listed, milliseconds, TOO_EARLY_END } from '../../sentences.ts';
import { BROWSER_CLOCK_MS } from '../../tolerances.ts';

type TracedRequest = JourneyRequest & { span: EvidenceSpan };

/** Why a request of a publish is not below the publish's span; null when all are. */
export function diagnoseOutside(
  index: SpanIndex<EvidenceSpan>,
  requests: readonly TracedRequest[],
  journey: EvidenceSpan,
): Finding | null {
  const isBelow = ({ span }: TracedRequest): boolean => index.isBelow(span, journey);
  const [lost, ...others] = requests.filter((request) => !isBelow(request));
  if (!lost) return null;
  const kept = requests.filter(isBelow).map(({ title }) => title);
  const { title, span } = lost;
  const sent = `sent ${Math.max(0, Math.round(span.startMs - journey.startMs))} ms after the click`;
  const root = span.parentSpanId === undefined;
  const stillOpen = endMs(journey) > span.startMs;
  const sameTrace = span.traceId === journey.traceId;
  const below = kept.length > 0 ? `${listed(kept)} ${kept.length > 1 ? 'are' : 'is'} below it. ` : '';
  const soAre = others.length > 0 ? ` So is ${listed(others.map((one) => one.title))}.` : '';
  const base = {
    saw: `${below}${title}, ${sent}, ${placeInTraces(root, sameTrace)}.${soAre}`,
    wanted: `${title} below "${journey.name}", too, in trace ${journey.traceId.slice(0, 8)}.`,
    marks: [
      markOn(journey, `MISSING HERE: ${title}`, { place: 'after-children' }),
      markOn(
        span,
        root
          ? `ROOT: no parent${stillOpen ? `, though "${journey.name}" was still open` : ''}`
          : `NOT BELOW "${journey.name}"`,
      ),
    ],
    seen: [{ kind: 'span', text: `${title}, parent ${span.parentSpanId ?? 'none'}`, spanId: span.spanId }],
  };
  if (!stillOpen) {
    return {
      ...base,
      reason: 'span-ended-before-its-work',
      saw: `"${journey.name}" ended after ${milliseconds(journey.durationMs)}. ${title} was ${sent}.`,
      look: TOO_EARLY_END,
    };
  }
  if (!root && sameTrace) {
    return {
      ...base,
      reason: 'span-sibling-not-child',
      look: 'which context is active when that request is sent: that of your span, or one from before it?',
    };
  }
  const place = placeOf(span);
  if (kept.length === 0 || lost === requests[0]) {
    return {
      ...base,
      reason: 'span-root-not-child',
      ...(place && { cause: `Your span was open, but not active, when ${place} sent ${title}.` }),
      look: 'exercises/10-user-journey/README.md, "What you need". A span that is started is not yet active.',
    };
  }
  const callback = isCallback(span);
  const when = place ? ` when ${place} sent it` : '';
  return {
    ...base,
    reason: callback ? 'context-lost-in-callback' : 'context-lost-after-await',
    cause: callback
      ? `There was no active span any more${when}, from a callback. It runs later, and nobody carried the context there.`
      : `There was no active span any more${when}. In a browser the active span is gone after an await, and in a then.`,
    look: 'exercises/10-user-journey/README.md, "After the await"',
  };
}

function placeInTraces(root: boolean, sameTrace: boolean): string {
  if (root) return 'is the root of a trace of its own';
  return sameTrace ? 'is in its trace, but not below it' : 'is in another trace';
}

/** Why journeys at the same time share spans; null when each has its own requests, and each of them once. */
export function diagnoseMixed(
  evidence: Evidence,
  name: string,
  part: Publishing,
  journeys: readonly EvidenceSpan[],
  requests: readonly TracedRequest[],
): Finding | null {
  const index = spanIndexOf(evidence);
  const clicks = part.texts.length;
  const clicked = `${clicks} clicks, the second while the first was under way`;
  const base = {
    reason: 'journeys-mixed' as const,
    wanted: `${clicks} spans "${name}", and below each its own ${listed(ASKED)}, once.`,
    look: 'where does your code keep the span or its context? How many publishes share that place?',
  };
  if (journeys.length !== clicks) {
    const open = openJourneySpansOf(evidence, part).filter((span) => span.name === name).length;
    return {
      ...base,
      saw: `${clicked}: ${journeys.length} "${name}" ended.${open > 0 ? ` ${open} more began and never ended.` : ''}`,
      marks: journeys.map((journey, at) => markOn(journey, ordinal(at))),
      seen: [{ kind: 'count', text: `${journeys.length} ended, ${open} open` }],
    };
  }
  const of = journeys.map((journey) => requests.filter(({ span }) => index.isBelow(span, journey)));
  if (of.every(isWholePublish)) return null;
  const counts = of.map((own, at) => {
    const titles = ASKED.map((title) => `${own.filter((one) => one.title === title).length} x ${title}`);
    return `below the ${at === 0 ? 'first' : 'second'} ${titles.join(', ')}`;
  });
  const nowhere = requests.filter(({ span }) => !journeys.some((journey) => index.isBelow(span, journey)));
  return {
    ...base,
    saw: `${clicked}: ${counts.join('; ')}.${nowhere.length > 0 ? ` ${counted(nowhere.length, 'request')} ${nowhere.length === 1 ? 'is' : 'are'} below neither.` : ''}`,
    marks: journeys.map((journey, at) => markOn(journey, ordinal(at))),
    seen: of.map((own, at) => ({
      kind: 'below',
      text: own.map(({ title }) => title).join(', '),
      spanId: journeys[at]?.spanId,
    })),
  };
}

function ordinal(at: number): string {
  return `THE ${['FIRST', 'SECOND'][at] ?? `${at + 1}TH`} CLICK`;
}

/** Each request of a publish once, and each began after the one before it had ended. */
function isWholePublish(own: readonly TracedRequest[]): boolean {
  const spans = ASKED.map((title) => own.find((one) => one.title === title)?.span);
  return (
    own.length === ASKED.length &&
    spans.every((span, at) => {
      const before = spans[at - 1];
      return span && (!before || span.startMs >= endMs(before) - BROWSER_CLOCK_MS);
    })
  );
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
