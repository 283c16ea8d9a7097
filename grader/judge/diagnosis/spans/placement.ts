import { endMs, type SpanIndex } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { foundHere, missingHere } from '../../sentences.ts';

/** Why a span is not below the request's SERVER span; null when it is, at whatever depth. */
export function diagnoseOutsideRequest(
  index: SpanIndex<EvidenceSpan>,
  span: EvidenceSpan,
  server: EvidenceSpan,
): Finding | null {
  if (index.isBelow(span, server)) return null;
  const root = span.parentSpanId === undefined;
  const open = span.startMs <= endMs(server);
  return {
    reason: 'span-root-not-child',
    saw: `"${span.name}" is ${root ? 'the root of a trace of its own' : 'in another trace'}, ${span.traceId.slice(0, 8)}. The request is trace ${server.traceId.slice(0, 8)}.`,
    wanted: `"${span.name}" below ${server.name}, in the request's trace.`,
    look: 'which span is active when yours starts? Did you ask for a new root, or lose the context?',
    marks: [
      missingHere(server, span.name),
      markOn(
        span,
        `${root ? 'ROOT: no parent' : 'IN ANOTHER TRACE'}${open ? `, though ${server.name} was still open` : ''}`,
      ),
    ],
    seen: [{ kind: 'span', text: span.name, spanId: span.spanId }],
  };
}

/** Why some spans are not below another one, as they should be; null when all are. */
export function diagnoseNotBelow(
  index: SpanIndex<EvidenceSpan>,
  children: readonly EvidenceSpan[],
  span: EvidenceSpan,
  what: string,
): Finding | null {
  if (children.length === 0) throw new Error(`no ${what} were given: this check would pass without a reason`);
  const outside = children.filter((child) => !index.isBelow(child, span));
  const [example] = outside;
  if (!example) return null;
  const sameTrace = example.traceId === span.traceId;
  const parent = index.parentOf(example);
  const where = sameTrace ? `beside "${span.name}"` : `in another trace than "${span.name}"`;
  return {
    reason: sameTrace ? 'span-sibling-not-child' : 'span-root-not-child',
    saw: `${outside.length} of ${children.length} ${what} stand ${where}${parent ? `, below ${parent.name}` : ''}.`,
    wanted: `all ${children.length} ${what} below "${span.name}": it made them.`,
    look: 'was your span the active one when they started? A span that is started is not yet active.',
    marks: [
      markOn(span, `MISSING BELOW: ${outside.length} ${what}`, { missing: true }),
      foundHere(example, example.name),
    ],
    seen: [{ kind: 'parent', text: parent?.name ?? 'none', spanId: example.spanId }],
  };
}

/**
 * Why spans of other work are below a span that does not stand for them; null when none is.
 * @param others spans of the same request that are not of the span's work, in any order
 * @param what names them in the message: `query`
 */
export function diagnoseForeignBelow(
  index: SpanIndex<EvidenceSpan>,
  others: readonly EvidenceSpan[],
  span: EvidenceSpan,
  what: string,
): Finding | null {
  const below = others.filter((one) => index.isBelow(one, span));
  const [example] = below;
  if (!example) return null;
  const text = String(example.attributes['db.query.text'] ?? example.name).replace(/\s+/g, ' ');
  const after = Math.round(example.startMs - endMs(span));
  const late = after >= 0;
  return {
    reason: late ? 'span-sibling-not-child' : 'span-covers-too-much',
    saw: `a ${what} that is none of its work is below "${span.name}": ${text.trim().slice(0, 48)}...${late ? ` It began ${after} ms after the span had ended.` : ''}`,
    wanted: `below "${span.name}" what belongs to it, and beside it all else that the request does.`,
    look: late
      ? 'how long does your span stay the active one? Which lines still run inside its function?'
      : 'between which two lines does this work begin and end? What else stands between them?',
    marks: [foundHere(example, late ? 'it begins when the span has ended' : 'none of its work')],
    seen: [{ kind: 'span', text: example.name, spanId: example.spanId }],
  };
}
