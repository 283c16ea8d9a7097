import { endMs, type SpanIndex } from '@workshop/telemetry/pure';
import type {
  Evidence,
  EvidenceSpan,
  HeaderRecord,
  SentRequest,
  UnendedSpan,
} from '../../../evidence/index.ts';
import type { Failure, Mark, TraceView } from '../../verdict.ts';
import { diagnoseMissingSpan } from './spans.ts';

/** Spans of requests have whole milliseconds, and end when the answer was read: a journey may seem to end before. */
const TOLERANCE_MS = 50;
/** What is lost of two times by whole milliseconds. */
const ROUNDING_MS = 2;

/** One part of the run: posts published alone, at the same time, or in vain. Unix milliseconds. */
export type Publishing = {
  what: string;
  texts: string[];
  fromMs: number;
  toMs: number;
  /** user id of whom the page belongs to */
  author: string;
};

/** A request of a publish and the page's CLIENT span of it. */
export interface JourneyRequest {
  /** `GET /feed` */
  title: string;
  record: HeaderRecord;
  span: EvidenceSpan;
}

/** Why a publish has not exactly one own span of that name. */
export function diagnoseMissingJourney(
  evidence: Evidence,
  part: Publishing,
  name: string,
  found: readonly EvidenceSpan[],
  spans: readonly EvidenceSpan[],
): Failure {
  const [first, ...more] = found;
  if (first && more.length > 0) {
    return {
      reason: 'span-duplicated',
      saw: `one click on Publish made ${found.length} spans named "${name}".`,
      wanted: `one span named "${name}" for the whole publish: from the click to the last answer.`,
      look: 'which line starts it, and how often does that line run for one click?',
      views: viewOf(part, first, [{ spanId: first.spanId, text: `THE FIRST of ${found.length}` }]),
      seen: [{ kind: 'count', text: String(found.length), spanId: first.spanId }],
    };
  }
  const anySpan = spans.find((span) => span.kind === 'CLIENT') ?? spans[0];
  if (!anySpan) {
    return {
      reason: 'span-missing',
      saw: 'the click on Publish made no span at all, though the page made some before it.',
      wanted: `one span named "${name}" for the whole publish: from the click to the last answer.`,
      look: 'which method runs when somebody clicks on Publish? Is the line that starts your span in it?',
      seen: [{ kind: 'spans', text: '0 spans since the click' }],
    };
  }
  const sent: Pick<SentRequest, 'method' | 'path' | 'startMs' | 'durationMs'> = {
    method: 'POST',
    path: '/posts',
    startMs: part.fromMs,
    durationMs: part.toMs - part.fromMs,
  };
  const missing = diagnoseMissingSpan({
    evidence,
    sent: sent as SentRequest,
    server: anySpan,
    name,
    found: [],
    spans,
    view: (marks) => {
      const marked = spans.find((span) => marks.some((mark) => mark.spanId === span.spanId));
      return marked ? viewOf(part, marked, marks) : [];
    },
  });
  if (missing.reason !== 'span-missing') return missing;
  return {
    ...missing,
    saw: missing.saw.replace(/^POST \/posts has/, 'the click on Publish made'),
    look: 'which method runs when somebody clicks on Publish? Is the line that starts your span in it?',
  };
}

/** Why a request of a publish is not below the publish's span; null when all are. */
export function diagnoseOutside(
  index: SpanIndex<EvidenceSpan>,
  part: Publishing,
  journey: EvidenceSpan,
  requests: readonly JourneyRequest[],
): Failure | null {
  const isBelow = ({ span }: JourneyRequest): boolean => index.isBelow(span, journey);
  const lost = requests.find((request) => !isBelow(request));
  if (!lost) return null;
  const kept = requests.filter(isBelow);
  const before = Math.max(0, Math.round(lost.span.startMs - journey.startMs));
  const root = lost.span.parentSpanId === undefined;
  const trace = journey.traceId.slice(0, 8);
  const others = requests
    .filter((request) => !isBelow(request) && request !== lost)
    .map(({ title }) => title);
  const as = root
    ? 'is the root of a trace of its own'
    : lost.span.traceId === journey.traceId
      ? 'is in its trace, but not below it'
      : 'is in another trace';
  const saw = `${kept.length > 0 ? `${listed(kept.map(({ title }) => title))} ${kept.length > 1 ? 'are' : 'is'} below it. ` : ''}${lost.title}, sent ${before} ms after the click, ${as}.${others.length > 0 ? ` So is ${listed(others)}.` : ''}`;
  const missing: Mark = {
    spanId: journey.spanId,
    text: `MISSING HERE: ${lost.title}`,
    place: 'after-children',
  };
  const stillOpen = endMs(journey) > lost.span.startMs;
  const base = {
    saw,
    wanted: `${lost.title} below "${journey.name}", too, in trace ${trace}.`,
    views: [
      ...viewOf(part, journey, [missing]),
      {
        title: `began ${before} ms after the click`,
        traceId: lost.span.traceId,
        marks: [
          {
            spanId: lost.span.spanId,
            text: root
              ? `ROOT: no parent${stillOpen ? `, though "${journey.name}" was still open` : ''}`
              : `NOT BELOW "${journey.name}"`,
          },
        ],
      },
    ],
    seen: [
      {
        kind: 'span',
        text: `${lost.title}, parent ${lost.span.parentSpanId ?? 'none'}`,
        spanId: lost.span.spanId,
      },
    ],
  };
  if (!stillOpen) {
    return {
      ...base,
      reason: 'span-ended-before-its-work',
      saw: `"${journey.name}" ended after ${Math.round(journey.durationMs)} ms. ${lost.title} was sent ${before} ms after the click.`,
      look: 'the line of yours that ends the span. Is the work finished when that line runs, or only started?',
    };
  }
  if (!root && lost.span.traceId === journey.traceId) {
    return {
      ...base,
      reason: 'span-sibling-not-child',
      look: 'which context is active when that request is sent: that of your span, or one from before it?',
    };
  }
  const place = placeOf(lost.span);
  if (kept.length === 0 || lost === requests[0]) {
    return {
      ...base,
      reason: 'span-root-not-child',
      ...(place && { cause: `Your span was open, but not active, when ${place} sent ${lost.title}.` }),
      look: 'exercises/10-user-journey/README.md, "What you need". A span that is started is not yet active.',
    };
  }
  const callback = isCallback(lost.span);
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

/** The span ended before the last answer was there; null when it did not. */
export function diagnoseEarlyEnd(
  part: Publishing,
  journey: EvidenceSpan,
  requests: readonly JourneyRequest[],
): Failure | null {
  const last = requests.reduce((a, b) => (endMs(b.span) > endMs(a.span) ? b : a));
  const early = endMs(last.span) - endMs(journey);
  // A quick request that only began after the end is not covered either, however short it was.
  const beganAfter = last.span.startMs >= endMs(journey) - ROUNDING_MS;
  if (early <= TOLERANCE_MS && !beganAfter) return null;
  return {
    reason: 'span-ended-before-its-work',
    saw: `"${journey.name}" ended after ${Math.round(journey.durationMs)} ms. ${last.title} went on for ${Math.round(early)} ms more.`,
    wanted: 'it ends when the last answer is there: so long the author waits.',
    look: 'the line of yours that ends the span. Is the work finished when that line runs, or only started?',
    views: viewOf(part, journey, [
      { spanId: journey.spanId, text: `ENDS HERE, ${Math.round(early)} ms before its last request` },
    ]),
    seen: [
      { kind: 'span', text: `${journey.name}: ${Math.round(journey.durationMs)} ms`, spanId: journey.spanId },
    ],
  };
}

/** Why journeys at the same time share spans; null when each has its own requests, and each of them once. */
export function diagnoseMixed(
  index: SpanIndex<EvidenceSpan>,
  part: Publishing,
  name: string,
  journeys: readonly EvidenceSpan[],
  unended: readonly UnendedSpan[],
  requests: readonly JourneyRequest[],
  asked: readonly string[],
): Failure | null {
  const clicks = part.texts.length;
  const base = {
    reason: 'journeys-mixed' as const,
    wanted: `${clicks} spans "${name}", and below each its own ${listed(asked)}, once.`,
    look: 'where does your code keep the span or its context? How many publishes share that place?',
  };
  if (journeys.length !== clicks) {
    const open = unended.length > 0 ? ` ${unended.length} more began and never ended.` : '';
    return {
      ...base,
      saw: `${clicks} clicks, the second while the first was under way: ${journeys.length} "${name}" ended.${open}`,
      views: journeys.flatMap((journey) => viewOf(part, journey, [])),
      seen: [{ kind: 'count', text: `${journeys.length} ended, ${unended.length} open` }],
    };
  }
  const of = journeys.map((journey) => requests.filter(({ span }) => index.isBelow(span, journey)));
  const wrong = of.findIndex(
    (own) =>
      asked.some((title) => own.filter((one) => one.title === title).length !== 1) ||
      !inOrder(asked.map((title) => own.find((one) => one.title === title)?.span)),
  );
  if (wrong === -1) return null;
  const counts = of.map((own, at) => {
    const titles = asked.map((title) => `${own.filter((one) => one.title === title).length} x ${title}`);
    return `below the ${at === 0 ? 'first' : 'second'} ${titles.join(', ')}`;
  });
  const nowhere = requests.filter(({ span }) => !journeys.some((journey) => index.isBelow(span, journey)));
  return {
    ...base,
    saw: `${clicks} clicks, the second while the first was under way: ${counts.join('; ')}.${nowhere.length > 0 ? ` ${nowhere.length} requests are below neither.` : ''}`,
    views: journeys.flatMap((journey, at) =>
      viewOf(part, journey, [{ spanId: journey.spanId, text: `THE ${at === 0 ? 'FIRST' : 'SECOND'} CLICK` }]),
    ),
    seen: of.map((own, at) => ({
      kind: 'below',
      text: own.map(({ title }) => title).join(', '),
      spanId: journeys[at]?.spanId,
    })),
  };
}

/** The publish failed, and its span did not end, or is not there. */
export function diagnoseOpenAfterFailure(
  part: Publishing,
  name: string,
  open: UnendedSpan | undefined,
  requests: readonly JourneyRequest[],
): Failure {
  const [saving] = requests;
  return {
    reason: 'span-not-ended-on-error',
    saw: `POST /posts failed with ${saving?.record.status ?? 'no answer'}, and its "${name}" ${open ? 'was started and never ended' : 'is not there'}.`,
    wanted: `"${name}" ends on every way out, also when a request fails. What never ends is never exported.`,
    look: 'which lines of yours run when an await throws? Is the one that ends the span among them?',
    views: saving
      ? viewOf(part, saving.span, [
          { spanId: saving.span.spanId, text: `MISSING ABOVE: ${name}`, place: 'before' },
        ])
      : [],
    seen: [{ kind: open ? 'unended' : 'missing', text: name, spanId: open?.spanId ?? saving?.span.spanId }],
  };
}

/** Each began after the one before it had ended: a publish waits for one after another. */
function inOrder(spans: readonly (EvidenceSpan | undefined)[]): boolean {
  return spans.every((span, at) => {
    const before = spans[at - 1];
    return !span || !before || span.startMs >= endMs(before) - TOLERANCE_MS;
  });
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
  const frames = (span.origin.stack ?? '').split('\n');
  const at = frames.findIndex(
    (frame) => span.origin.place !== undefined && frame.endsWith(span.origin.place),
  );
  return span.origin.stack !== undefined && (at === -1 || /node_modules\/rxjs\//.test(frames[at + 1] ?? ''));
}

function viewOf(part: Publishing, span: EvidenceSpan, marks: Mark[]): TraceView[] {
  return [{ title: `the click on Publish, user ${part.author}`, traceId: span.traceId, marks }];
}

function listed(titles: readonly string[]): string {
  return titles.length < 2 ? titles.join('') : `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`;
}
