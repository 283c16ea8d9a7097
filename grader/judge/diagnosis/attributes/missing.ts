import { type AttributeValue, nearestKey } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Failure, Mark, TraceView } from '../../verdict.ts';
import { during, madeWithoutRequest } from '../forgery/unrequested.ts';
import { escaped, isOwnKey } from './keys.ts';

export interface MissingAttribute {
  evidence: Evidence;
  sent: SentRequest;
  /** the span that should carry it */
  target: EvidenceSpan;
  /** what a message calls it: `GET /feed, the SERVER span` */
  targetName: string;
  /** every span of the request */
  spans: readonly EvidenceSpan[];
  key: string;
  /** what it should be, when the check knows */
  value?: AttributeValue;
  wanted: string;
  /** where to read on, when the attribute is on another span */
  lookAtSpan: string;
  view: (marks: Mark[]) => TraceView[];
}

/** Why a span has no such attribute: it is on another span, came too late, is misspelt, or is nowhere. */
export function diagnoseMissingAttribute(missing: MissingAttribute): Failure {
  return (
    onUnendedSpan(missing) ??
    onOtherSpan(missing) ??
    inOtherTrace(missing) ??
    setAfterEnd(missing) ??
    notAValue(missing) ??
    underOtherKey(missing) ??
    nowhere(missing)
  );
}

function missingHere({ target, key }: MissingAttribute): Mark {
  return { spanId: target.spanId, text: `MISSING HERE: ${key}` };
}

function onUnendedSpan(missing: MissingAttribute): Failure | null {
  const { evidence, target, key, sent } = missing;
  const unended = evidence.unended.find(
    (span) =>
      span.attributes[key] !== undefined && (span.traceId === target.traceId || during(span.startMs, sent)),
  );
  if (!unended) return null;
  return {
    reason: 'span-never-ended',
    saw: `${key} = ${JSON.stringify(unended.attributes[key])} is on "${unended.name}", a span of your own that never ended. It is never exported.`,
    wanted: missing.wanted,
    look: missing.lookAtSpan,
    views: missing.view([missingHere(missing)]),
    seen: [{ kind: 'unended', text: unended.name, spanId: unended.spanId }],
  };
}

function onOtherSpan(missing: MissingAttribute): Failure | null {
  const { spans, key, target } = missing;
  const holder = spans.find((span) => span.attributes[key] !== undefined);
  if (!holder) return null;
  const given = JSON.stringify(holder.attributes[key]);
  const depth = depthBelow(spans, holder, target);
  const where = depth > 0 ? `, ${spansDown(depth)}` : '';
  return {
    reason: depth > 0 ? 'attribute-on-child-span' : 'attribute-on-wrong-span',
    saw: `${key} = ${given} is on ${holder.name}${where}. ${missing.targetName}, has no ${key}.`,
    wanted: missing.wanted,
    look: missing.lookAtSpan,
    views: missing.view([
      missingHere(missing),
      { spanId: holder.spanId, text: `FOUND HERE: ${key} = ${given}` },
    ]),
    seen: [{ kind: 'attribute', text: `${key} = ${given} on ${holder.name}`, spanId: holder.spanId }],
  };
}

/** A span of another trace has it: one of the learner's that lost its parent, or one made without any request. */
function inOtherTrace(missing: MissingAttribute): Failure | null {
  const { evidence, sent, target, key } = missing;
  const others = evidence.spans.filter(
    (span) =>
      span.attributes[key] !== undefined && span.traceId !== target.traceId && span.origin.phase === 'run',
  );
  const owned = evidence.spans.filter((span) => span.attributes['user_agent.original'] !== undefined);
  const holder = others.find(
    (span) => during(span.startMs, sent) && !owned.some((other) => other.traceId === span.traceId),
  );
  if (!holder) return null;
  const given = JSON.stringify(holder.attributes[key]);
  const unasked = others.filter((span) => !evidence.requests.some((one) => during(span.startMs, one)));
  if (unasked.length > 0) return madeWithoutRequest(unasked, missing.wanted);
  return {
    reason: 'attribute-on-wrong-span',
    saw: `${key} = ${given} is on "${holder.name}", in a trace of its own. ${missing.targetName}, has no ${key}.`,
    wanted: missing.wanted,
    look: missing.lookAtSpan,
    views: [
      ...missing.view([missingHere(missing)]),
      {
        title: holder.name,
        traceId: holder.traceId,
        marks: [{ spanId: holder.spanId, text: `FOUND HERE: ${key} = ${given}` }],
      },
    ],
    seen: [{ kind: 'attribute', text: `${key} = ${given} on ${holder.name}`, spanId: holder.spanId }],
  };
}

function setAfterEnd(missing: MissingAttribute): Failure | null {
  const { evidence, spans, key } = missing;
  const all = evidence.processes.flatMap((process) => process.capture?.setAfterEnd ?? []);
  const late =
    all.find((set) => set.key === key && spans.some((span) => span.spanId === set.spanId)) ??
    all.find((set) => set.key === key && !evidence.spans.some((span) => span.spanId === set.spanId));
  if (!late) return null;
  const span = spans.find((candidate) => candidate.spanId === late.spanId);
  return {
    reason: 'attribute-set-after-end',
    saw: `${key} was set on ${span?.name ?? 'a span'} after that span had ended. Then it is too late: nothing is kept.`,
    wanted: missing.wanted,
    look: 'when does the line that sets it run? Is the span still open then?',
    views: missing.view([
      span ? { spanId: span.spanId, text: `ENDED before ${key} was set` } : missingHere(missing),
    ]),
    seen: [{ kind: 'late', text: key, spanId: late.spanId }],
  };
}

/** OpenTelemetry drops a value that is no text, number, true/false or list of these, and says so in its own log. */
function notAValue(missing: MissingAttribute): Failure | null {
  const { evidence, key, target } = missing;
  const process = evidence.processes.find((one) => one.name === target.origin.process);
  const dropped = (process?.capture?.diagMessages ?? []).flatMap(
    (message) => /Invalid attribute value set for key: (\S+)/.exec(message)?.[1] ?? [],
  );
  const stem = key.split('.').slice(0, -1).join('.');
  const found = dropped.find((one) => one === key) ?? dropped.find((one) => one === stem);
  if (!found) return null;
  return {
    reason: 'attribute-object',
    saw: `${found} was given a whole object. OpenTelemetry threw it away, so no span has ${key}.`,
    wanted: missing.wanted,
    cause: 'The value of an attribute is a text, a number, true/false, or a list of these.',
    look: 'the line that sets it: what kind of thing is the value there?',
    views: missing.view([missingHere(missing)]),
    seen: [{ kind: 'diag', text: `Invalid attribute value set for key: ${found}`, spanId: target.spanId }],
  };
}

function underOtherKey(missing: MissingAttribute): Failure | null {
  const { spans, key, value, sent } = missing;
  for (const span of spans) {
    const keys = ownKeys(span);
    const unbounded = keys.find((one) => holdsValue(one, key, value ?? sent.userId));
    if (unbounded) {
      return {
        reason: 'attribute-key-unbounded',
        saw: `there is no ${key}, but ${span.name} has an attribute named ${unbounded}. Each request has another name.`,
        wanted: missing.wanted,
        look: 'which part is the name, and which the value? The name is the same for every request.',
        views: missing.view([
          missingHere(missing),
          { spanId: span.spanId, text: `FOUND HERE: ${unbounded}` },
        ]),
        seen: [{ kind: 'attribute', text: unbounded, spanId: span.spanId }],
      };
    }
  }
  for (const span of spans) {
    const near = nearestKey(key, ownKeys(span));
    if (!near) continue;
    const given = JSON.stringify(span.attributes[near.candidate]);
    return {
      reason: 'attribute-misspelt',
      saw: `there is no ${key}, but ${span.name} has ${near.candidate} = ${given}.`,
      wanted: missing.wanted,
      look: 'the name in the task, letter by letter. A query that groups by it finds only the right one.',
      views: missing.view([
        missingHere(missing),
        { spanId: span.spanId, text: `FOUND HERE: ${near.candidate} = ${given}` },
      ]),
      seen: [{ kind: 'attribute', text: `${near.candidate} = ${given}`, spanId: span.spanId }],
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

function nowhere(missing: MissingAttribute): Failure {
  const { target, key, sent, spans } = missing;
  for (const span of spans) {
    const event = span.events.find((one) => one.attributes[key] !== undefined);
    if (!event) continue;
    return {
      reason: 'attribute-missing',
      saw: `${key} is on an event of ${span.name}, "${event.name}", and on no span.`,
      wanted: missing.wanted,
      look: 'what does the line write: an attribute of the span, or something that happened to it?',
      views: missing.view([missingHere(missing), { spanId: span.spanId, text: `EVENT: ${event.name}` }]),
      seen: [{ kind: 'event', text: event.name, spanId: span.spanId }],
    };
  }
  const keys = ownKeys(target);
  return {
    reason: 'attribute-missing',
    saw: `no span of ${sent.method} ${sent.path.split('?')[0]} has ${key}.${keys.length > 0 ? ` ${missing.targetName}, has ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}.` : ''}`,
    wanted: missing.wanted,
    look: 'does the line that sets it run in this request? Does it know the span and the value then?',
    views: missing.view([missingHere(missing)]),
    seen: [{ kind: 'keys', text: Object.keys(target.attributes).join(', '), spanId: target.spanId }],
  };
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

function spansDown(depth: number): string {
  return (
    ['', 'one span further down', 'two spans further down', 'three spans further down'][depth] ??
    `${depth} spans further down`
  );
}

function ownKeys(span: EvidenceSpan): string[] {
  return Object.keys(span.attributes).filter(isOwnKey);
}
