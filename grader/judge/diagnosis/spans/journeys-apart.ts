import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import {
  ASKED,
  openJourneySpansOf,
  type Publishing,
  spanIndexOf,
  type TracedRequest,
} from '../../joins/index.ts';
import { counted, listed, milliseconds, neverEnded } from '../../sentences.ts';
import { diagnoseOrder, earlyRequestOf } from './journey-order.ts';
import { diagnoseUnasked } from './journey-requests.ts';

/** Why journeys at the same time are not apart; null when each has its own requests, and each of them once. */
export function diagnoseMixed(
  evidence: Evidence,
  name: string,
  part: Publishing,
  journeys: readonly EvidenceSpan[],
  requests: readonly TracedRequest[],
): Finding | null {
  const index = spanIndexOf(evidence);
  const of = journeys.map((journey) => requests.filter(({ span }) => index.isBelow(span, journey)));
  const clicks = part.texts.length;
  if (journeys.length === clicks && of.every(isWholePublish)) return null;
  const clicked = `${clicks} clicks, the second while the first was under way`;
  const base = {
    wanted: `${clicks} spans "${name}", and below each its own ${listed(ASKED)}, once.`,
    marks: journeys.map((journey, at) => markOn(journey, `THE ${ordinal(at).toUpperCase()} CLICK`)),
    seen: of.map((own, at) => ({
      kind: 'below',
      text: own.map(({ title }) => title).join(', '),
      spanId: journeys[at]?.spanId,
    })),
  };
  const changed = diagnoseUnasked(requests, clicks) ?? diagnoseOrder(requests, clicks);
  if (changed) return changed;
  if (of.some(isOfSeveral)) {
    const counts = of.map((own, at) => {
      const titles = ASKED.map((title) => `${own.filter((one) => one.title === title).length} x ${title}`);
      return `below the ${ordinal(at)} ${titles.join(', ')}`;
    });
    const swapped = of.some(asksTwice) ? null : of.map(ofAnother).find((text) => text !== null);
    return {
      ...base,
      reason: 'journeys-mixed',
      saw: `${clicked}: ${swapped ?? `${counts.join('; ')}.`}`,
      look: 'where does your code keep the span or its context? How many publishes share that place?',
    };
  }
  const ended = `${clicked}: ${journeys.length} "${name}" ended.`;
  const open = openJourneySpansOf(evidence, part).filter((span) => span.name === name);
  if (open.length > 0) {
    return {
      ...base,
      reason: 'span-never-ended',
      saw: `${ended} ${neverEnded(`${open.length} more`)}`,
      look: 'which line ends the span of the first click, when the second has come before it is over?',
    };
  }
  if (journeys.length !== clicks) {
    return {
      ...base,
      reason: journeys.length < clicks ? 'span-missing' : 'span-duplicated',
      saw: ended,
      look: 'which line starts the span, and how often does that line run for each click?',
    };
  }
  const nowhere = requests.filter(({ span }) => !journeys.some((journey) => index.isBelow(span, journey)));
  return {
    ...base,
    reason: 'span-root-not-child',
    saw: `${clicked}: ${counted(nowhere.length, 'request')} below neither "${name}": ${listed(nowhere.map(({ title }) => title))}.`,
    look: 'where does your code keep the context of a publish until its last request is sent?',
  };
}

function ordinal(at: number): string {
  return ['first', 'second'][at] ?? `${at + 1}th`;
}

/** Requests of more than one publish: one of them twice, or one that left before the one that it waits for was over. */
function isOfSeveral(own: readonly TracedRequest[]): boolean {
  return asksTwice(own) || earlyRequestOf(own) !== null;
}

function asksTwice(own: readonly TracedRequest[]): boolean {
  return ASKED.some((title) => own.filter((one) => one.title === title).length > 1);
}

/** Two of these requests that cannot be one publish's, in words; null when all can. */
function ofAnother(own: readonly TracedRequest[], at: number): string | null {
  const early = earlyRequestOf(own);
  if (!early) return null;
  const { request, awaited, byMs } = early;
  return `${request.title} below the ${ordinal(at)} left ${milliseconds(byMs)} before the ${awaited.title} below it was over: the two are of two publishes.`;
}

/** Each request of a publish once, each when the one before it was over. */
function isWholePublish(own: readonly TracedRequest[]): boolean {
  return own.length === ASKED.length && !isOfSeveral(own);
}
