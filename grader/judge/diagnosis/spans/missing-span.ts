import { nearestName } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { isDuring } from '../../joins/index.ts';
import { missingHere, neverEnded } from '../../sentences.ts';
import { madeWithoutRequest } from '../forgery/unrequested.ts';
import { isOwnScope } from './own-scope.ts';

export interface MissingSpan {
  evidence: Evidence;
  name: string;
  /** what should have made the span, as messages call it: `GET /feed`, `the click on Publish` */
  where: string;
  /** while it should have been made; Unix epoch milliseconds */
  during: { startMs: number; durationMs: number };
  /** the span in whose trace it is missed */
  target: EvidenceSpan;
  /** the learner's own spans of that name */
  found: readonly EvidenceSpan[];
  /** all spans among which it should be */
  spans: readonly EvidenceSpan[];
  /** where to look when there is no sign of it */
  look?: string;
}

/** Why there is not exactly one own span of that name. */
export function diagnoseMissingSpan(missing: MissingSpan): Finding {
  const wanted = `one span named "${missing.name}" for the whole work, from a tracer of your own.`;
  return (
    unrequested(missing, wanted) ??
    several(missing, wanted) ??
    openSpan(missing, wanted) ??
    ofLibrary(missing, wanted) ??
    unboundedName(missing) ??
    nearName(missing) ??
    nowhere(missing, wanted)
  );
}

/** Spans of that name in no request's trace, begun while nobody asked. */
function unrequested({ evidence, found, target, name }: MissingSpan, wanted: string): Finding | null {
  if (found.length === 0 || found.some((span) => span.traceId === target.traceId)) return null;
  const unasked = evidence.spans.filter(
    (span) =>
      span.name === name &&
      span.parentSpanId === undefined &&
      !evidence.requests.some((one) => isDuring(span.startMs, one)),
  );
  return unasked.length > 0 ? madeWithoutRequest(unasked, wanted) : null;
}

function several({ where, name, found }: MissingSpan, wanted: string): Finding | null {
  const [first] = found;
  if (!first || found.length < 2) return null;
  const each = found.length > 3;
  return {
    reason: each ? 'span-per-item' : 'span-duplicated',
    saw: `${where} has ${found.length} spans named "${name}".`,
    wanted,
    look: each
      ? 'how often does the line that starts it run for one request?'
      : 'does the same work pass two lines that start it?',
    marks: [markOn(first, `THE FIRST of ${found.length}`)],
    seen: [{ kind: 'count', text: String(found.length), spanId: first.spanId }],
  };
}

function openSpan({ evidence, name, during, target }: MissingSpan, wanted: string): Finding | null {
  const open = evidence.unended.find(
    (span) => span.name === name && (span.traceId === target.traceId || isDuring(span.startMs, during)),
  );
  if (!open) return null;
  return {
    reason: 'span-never-ended',
    saw: neverEnded(`"${name}"`),
    wanted,
    look: 'is there a line that ends the span, and does every way through your code pass it?',
    marks: [missingHere(target, name)],
    seen: [{ kind: 'unended', text: name, spanId: open.spanId }],
  };
}

function ofLibrary({ name, spans }: MissingSpan, wanted: string): Finding | null {
  const foreign = spans.find((span) => span.name === name);
  if (!foreign) return null;
  return {
    reason: 'span-wrong-scope',
    saw: `"${name}" is there, but it is a span of ${foreign.scope.name}: a library's span with another name.`,
    wanted,
    look: 'who started this span: a tracer of yours, or a library? Is the active span your own?',
    marks: [markOn(foreign, `SCOPE: ${foreign.scope.name}`)],
    seen: [{ kind: 'scope', text: foreign.scope.name, spanId: foreign.spanId }],
  };
}

function unboundedName({ evidence, name, spans }: MissingSpan): Finding | null {
  const isLonger = (span: EvidenceSpan): boolean =>
    isOwnScope(span) &&
    span.name !== name &&
    span.name.toLowerCase().startsWith(name.toLowerCase()) &&
    /\d|:/.test(span.name.slice(name.length));
  const longer = spans.find(isLonger);
  if (!longer) return null;
  const base = {
    wanted: `"${name}", the same for everyone. What differs from request to request is an attribute.`,
    look: 'the line that names the span.',
    marks: [markOn(longer, `WANTED: ${name}`)],
    seen: [{ kind: 'span', text: longer.name, spanId: longer.spanId }],
  };
  const others = evidence.spans.filter((span) => isLonger(span) && span.spanId !== longer.spanId);
  const other = others.find((span) => span.name !== longer.name);
  // Two of one name prove that it does not change with the request.
  if (others.length > 0 && !other) {
    return {
      ...base,
      reason: 'span-misnamed',
      saw: `there is no "${name}", but a span named "${longer.name}".`,
    };
  }
  return {
    ...base,
    reason: 'span-name-unbounded',
    saw: `the span is called "${longer.name}". ${other ? `Another one is called "${other.name}".` : "The next user's has another name."}`,
  };
}

/** A span of nearly that name: among those that ended, else among those that never did. */
function nearName({ evidence, name, spans, during, target }: MissingSpan): Finding | null {
  const open = evidence.unended.filter(
    (span) => span.traceId === target.traceId || isDuring(span.startMs, during),
  );
  const own = [...spans, ...open].filter(isOwnScope);
  const near = nearestName(
    name,
    own.map((span) => span.name),
  );
  const span = near && own.find((one) => one.name === near.candidate);
  if (!span) return null;
  const never = open.some(({ spanId }) => spanId === span.spanId);
  return {
    reason: 'span-misnamed',
    saw: `there is no "${name}", but a span named "${span.name}"${never ? ', which never ended' : ''}.`,
    wanted: `"${name}", letter by letter: queries find spans by their names.`,
    look: never ? 'the lines that name the span and that end it.' : 'the line that names the span.',
    marks: [markOn(span, `WANTED: ${name}`)],
    seen: [{ kind: 'span', text: span.name, spanId: span.spanId }],
  };
}

function nowhere({ evidence, where, name, spans, target, look }: MissingSpan, wanted: string): Finding {
  const ended = spans.filter(isOwnScope).map((span) => `"${span.name}"`);
  const open = evidence.unended
    .filter((span) => span.traceId === target.traceId && isOwnScope(span))
    .map((span) => `"${span.name}", which never ended`);
  const others = [...new Set([...ended, ...open])].slice(0, 3).join(', ');
  const asked =
    others === ''
      ? "the task in this exercise's README. If your line is there already: does it run in this request?"
      : 'does the line that starts it run in this request?';
  return {
    reason: 'span-missing',
    saw: `${where} has no span named "${name}". ${others ? `Your own spans in it: ${others}.` : 'It has no span of your own at all.'}`,
    wanted,
    look: look ?? asked,
    marks: [missingHere(target, name)],
    seen: [{ kind: 'missing', text: name, spanId: target.spanId }],
  };
}
