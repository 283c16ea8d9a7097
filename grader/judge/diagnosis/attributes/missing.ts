import { type AttributeValue, nearestKey } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, UnendedSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { callsAfterEnd, isDuring, processOf } from '../../joins/index.ts';
import { attributeText, foundHere, missingHere, spansDown } from '../../sentences.ts';
import { madeWithoutRequest } from '../forgery/unrequested.ts';
import { inOtherRequest } from './in-other-request.ts';
import { escaped, isOwnKey } from './keys.ts';
import { lostOnTheWay } from './lost-on-the-way.ts';

export interface MissingAttribute {
  evidence: Evidence;
  key: string;
  /** the span that should carry it */
  target: EvidenceSpan;
  /** what a message calls it: `GET /feed, the SERVER span` */
  targetName: string;
  /** every span of the request, or of the page's request */
  spans: readonly EvidenceSpan[];
  /** the request, as messages call it, and while it was open; Unix epoch milliseconds */
  request: { name: string; startMs: number; durationMs: number; userId: string | null };
  /** what it should be, when the check knows */
  value?: AttributeValue;
  wanted: string;
  /** where to read on, when the attribute is on another span */
  lookAtSpan: string;
}

/** Why a span has no such attribute: it is on another span, came too late, is misspelt, or is nowhere. */
export function diagnoseMissingAttribute(missing: MissingAttribute): Finding {
  return (
    lostOnTheWay(missing.target, missing.targetName, missing.key, missing.wanted) ??
    onUnendedSpan(missing) ??
    onOtherSpan(missing) ??
    inOtherTrace(missing) ??
    setAfterEnd(missing) ??
    notAValue(missing) ??
    underOtherKey(missing) ??
    onEvent(missing) ??
    nowhere(missing)
  );
}

function onUnendedSpan(missing: MissingAttribute): Finding | null {
  const { evidence, target, key, request, spans } = missing;
  const open = evidence.unended.filter((span) => span.attributes[key] !== undefined);
  const unended =
    open.find((span) => span.traceId === target.traceId) ??
    open.find((span) => isDuring(span.startMs, request) && !belongsToOther(evidence, span, spans));
  if (!unended) return null;
  return {
    reason: 'span-never-ended',
    saw: `${attributeText(key, unended.attributes[key])} is on "${unended.name}", a span of your own that never ended. It is never exported.`,
    wanted: missing.wanted,
    look: missing.lookAtSpan,
    marks: [missingHere(target, key)],
    seen: [{ kind: 'unended', text: unended.name, spanId: unended.spanId }],
  };
}

function onOtherSpan({
  spans,
  key,
  target,
  targetName,
  wanted,
  lookAtSpan,
}: MissingAttribute): Finding | null {
  const holder = spans.find((span) => span.attributes[key] !== undefined);
  if (!holder) return null;
  const given = attributeText(key, holder.attributes[key]);
  const depth = depthBelow(spans, holder, target);
  return {
    reason: depth > 0 ? 'attribute-on-child-span' : 'attribute-on-wrong-span',
    saw: `${given} is on ${holder.name}${depth > 0 ? `, ${spansDown(depth)}` : ''}. ${targetName}, has no ${key}.`,
    wanted,
    look: lookAtSpan,
    marks: [missingHere(target, key), foundHere(holder, given)],
    seen: [{ kind: 'attribute', text: `${given} on ${holder.name}`, spanId: holder.spanId }],
  };
}

/** A span of another trace has it: one of the learner's that lost its parent, or one made without any request. */
function inOtherTrace(missing: MissingAttribute): Finding | null {
  const { evidence, request, target, targetName, key, spans } = missing;
  const others = evidence.spans.filter(
    (span) =>
      span.attributes[key] !== undefined && span.traceId !== target.traceId && span.origin.phase === 'run',
  );
  const holder = others.find(
    (span) => isDuring(span.startMs, request) && !belongsToOther(evidence, span, spans),
  );
  if (!holder) return null;
  const given = attributeText(key, holder.attributes[key]);
  const unasked = others.filter((span) => !evidence.requests.some((one) => isDuring(span.startMs, one)));
  if (unasked.length > 0) return madeWithoutRequest(unasked, missing.wanted);
  return {
    reason: 'attribute-on-wrong-span',
    saw: `${given} is on "${holder.name}", in a trace of its own. ${targetName}, has no ${key}.`,
    wanted: missing.wanted,
    look: missing.lookAtSpan,
    marks: [missingHere(target, key), foundHere(holder, given)],
    seen: [{ kind: 'attribute', text: `${given} on ${holder.name}`, spanId: holder.spanId }],
  };
}

function setAfterEnd({ evidence, spans, key, target, wanted }: MissingAttribute): Finding | null {
  const all = callsAfterEnd(evidence).filter(({ call }) => call === undefined);
  const late =
    all.find((set) => set.key === key && spans.some((span) => span.spanId === set.spanId)) ??
    all.find((set) => set.key === key && !evidence.spans.some((span) => span.spanId === set.spanId));
  if (!late) return null;
  const span = spans.find((candidate) => candidate.spanId === late.spanId);
  return {
    reason: 'attribute-set-after-end',
    saw: `${key} was set on ${span?.name ?? 'a span'} after that span had ended. Then it is too late: nothing is kept.`,
    wanted,
    look: 'when does the line that sets it run? Is the span still open then?',
    marks: [span ? markOn(span, `ENDED before ${key} was set`) : missingHere(target, key)],
    seen: [{ kind: 'late', text: key, spanId: late.spanId }],
  };
}

/** OpenTelemetry drops a value that is no text, number, true/false or list of these, and says so in its own log. */
function notAValue({ evidence, key, target, wanted }: MissingAttribute): Finding | null {
  const process = processOf(evidence, target.origin.process);
  const dropped = (process?.capture?.diagMessages ?? []).flatMap(
    (message) => /Invalid attribute value set for key: (\S+)/.exec(message)?.[1] ?? [],
  );
  const stem = key.split('.').slice(0, -1).join('.');
  const found = dropped.find((one) => one === key) ?? dropped.find((one) => one === stem);
  if (!found) return null;
  return {
    reason: 'attribute-object',
    saw: `${found} was given a whole object. OpenTelemetry threw it away, so no span has ${key}.`,
    wanted,
    cause: 'The value of an attribute is a text, a number, true/false, or a list of these.',
    look: 'the line that sets it: what kind of thing is the value there?',
    marks: [missingHere(target, key)],
    seen: [{ kind: 'diag', text: `Invalid attribute value set for key: ${found}`, spanId: target.spanId }],
  };
}

function underOtherKey({ spans, key, value, request, target, wanted }: MissingAttribute): Finding | null {
  for (const span of spans) {
    const unbounded = ownKeys(span).find((one) => holdsValue(one, key, value ?? request.userId));
    if (!unbounded) continue;
    return {
      reason: 'attribute-key-unbounded',
      saw: `there is no ${key}, but ${span.name} has an attribute named ${unbounded}. Each request has another name.`,
      wanted,
      look: 'which part is the name, and which the value? The name is the same for every request.',
      marks: [missingHere(target, key), foundHere(span, unbounded)],
      seen: [{ kind: 'attribute', text: unbounded, spanId: span.spanId }],
    };
  }
  for (const span of spans) {
    const near = nearestKey(key, ownKeys(span));
    if (!near) continue;
    const given = attributeText(near.candidate, span.attributes[near.candidate]);
    return {
      reason: 'attribute-misspelt',
      saw: `there is no ${key}, but ${span.name} has ${given}.`,
      wanted,
      look: 'the name in the task, letter by letter. A query that groups by it finds only the right one.',
      marks: [missingHere(target, key), foundHere(span, given)],
      seen: [{ kind: 'attribute', text: given, spanId: span.spanId }],
    };
  }
  return null;
}

/** `user.4711` or `user.id.4711` for `user.id`: a key that ends in the request's own value. */
function holdsValue(candidate: string, key: string, value: AttributeValue | undefined): boolean {
  if (value === undefined || value === null || String(value).length < 2) return false;
  const stem = key.split('.')[0] as string;
  return (
    candidate !== key &&
    candidate.toLowerCase().startsWith(stem) &&
    new RegExp(`(^|[._:/-])${escaped(String(value))}($|[._:/-])`).test(candidate)
  );
}

function onEvent({ spans, key, target, wanted }: MissingAttribute): Finding | null {
  for (const span of spans) {
    const event = span.events.find((one) => one.attributes[key] !== undefined);
    if (!event) continue;
    return {
      reason: 'attribute-missing',
      saw: `${key} is on an event of ${span.name}, "${event.name}", and on no span.`,
      wanted,
      look: 'what does the line write: an attribute of the span, or something that happened to it?',
      marks: [missingHere(target, key), markOn(span, `EVENT: ${event.name}`)],
      seen: [{ kind: 'event', text: event.name, spanId: span.spanId }],
    };
  }
  return null;
}

function nowhere({ evidence, target, targetName, key, request, spans, wanted }: MissingAttribute): Finding {
  const keys = ownKeys(target);
  const has = keys.slice(0, 3).join(', ') + (keys.length > 3 ? ', ...' : '');
  const other = evidence.spans.find(
    (span) =>
      span.kind === target.kind &&
      span.attributes[key] !== undefined &&
      !spans.some((one) => one.traceId === span.traceId),
  );
  const placed = inOtherRequest(evidence, key, request);
  const elsewhere = placed?.text ?? (other && `Another request, ${other.name}, has it.`);
  const onTarget = keys.length > 0 && !placed ? ` ${targetName}, has ${has}.` : '';
  return {
    reason: placed?.strayed ? 'attribute-on-wrong-span' : 'attribute-missing',
    saw: `no span of ${request.name} has ${key}.${onTarget}${elsewhere ? ` ${elsewhere}` : ''}`,
    wanted,
    look: whereLost(evidence, request, elsewhere !== undefined),
    marks: [
      missingHere(target, key),
      ...(placed ? [foundHere(placed.holder, attributeText(key, placed.holder.attributes[key]))] : []),
    ],
    seen: [{ kind: 'keys', text: Object.keys(target.attributes).join(', '), spanId: target.spanId }],
  };
}

/** @param given whether another request has the attribute */
function whereLost(
  evidence: Evidence,
  { startMs, durationMs }: MissingAttribute['request'],
  given: boolean,
): string {
  if (!given)
    return 'does the line that sets it run in this request? Does it know the span and the value then?';
  const atOnce = evidence.requests.some(
    (one) =>
      one.startMs !== startMs && one.startMs < startMs + durationMs && startMs < one.startMs + one.durationMs,
  );
  return atOnce
    ? 'others were under way with this request. Where is the span, or the value, kept meanwhile?'
    : 'which requests pass the line that sets it, and how far did this one get before it was answered?';
}

/** True for a span in the trace of another request: what stands there was not lost by this one. */
function belongsToOther(
  evidence: Evidence,
  span: EvidenceSpan | UnendedSpan,
  spans: readonly EvidenceSpan[],
): boolean {
  return (
    !spans.some(({ traceId }) => traceId === span.traceId) &&
    evidence.spans.some((one) => one.traceId === span.traceId && one.attributes['user_agent.original'])
  );
}

function depthBelow(spans: readonly EvidenceSpan[], span: EvidenceSpan, ancestor: EvidenceSpan): number {
  const byId = new Map(spans.map((one) => [one.spanId, one]));
  let depth = 0;
  for (
    let at: EvidenceSpan | undefined = span;
    at && depth <= spans.length;
    at = at.parentSpanId ? byId.get(at.parentSpanId) : undefined
  ) {
    if (at.spanId === ancestor.spanId) return depth;
    depth++;
  }
  return 0;
}

function ownKeys(span: EvidenceSpan): string[] {
  return Object.keys(span.attributes).filter(isOwnKey);
}
