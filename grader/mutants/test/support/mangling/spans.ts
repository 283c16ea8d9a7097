import type { Evidence, EvidenceSpan } from '../../../../evidence/index.ts';
import { picked, type Way } from './way.ts';

/** Spans lost, doubled, reordered, mixed, without what they carry, and at other times. */
export const SPANS: Record<string, Way> = {
  'no spans': (evidence) => {
    evidence.spans = [];
  },
  'no SERVER spans': (evidence) => {
    evidence.spans = evidence.spans.filter(({ kind }) => kind !== 'SERVER');
  },
  'no CLIENT spans': (evidence) => {
    evidence.spans = evidence.spans.filter(({ kind }) => kind !== 'CLIENT');
  },
  'every second span is lost': (evidence, at) => {
    evidence.spans = evidence.spans.filter((_span, place) => (place + at) % 2 === 0);
  },
  'one span is lost': (evidence, at) => {
    evidence.spans.splice(at % (evidence.spans.length + 1), 1);
  },
  'one trace is lost': (evidence, at) => {
    const lost = picked(evidence.spans, at)?.traceId;
    evidence.spans = evidence.spans.filter(({ traceId }) => traceId !== lost);
  },
  'each span is there twice': (evidence) => {
    evidence.spans = evidence.spans.flatMap((span) => [span, structuredClone(span)]);
  },
  'spans come in another order': (evidence, at) => {
    evidence.spans = rotated(evidence.spans, at).reverse();
  },
  'two traces have one id': (evidence, at) => {
    const ids = [...new Set(evidence.spans.map(({ traceId }) => traceId))];
    const [one, other] = [picked(ids, at), picked(ids, at + 1)];
    for (const span of evidence.spans) if (span.traceId === one && other) span.traceId = other;
  },
  'all spans have one trace id': (evidence) => {
    for (const span of evidence.spans) span.traceId = 'f'.repeat(32);
  },
  'spans have no parents': (evidence) => {
    for (const span of evidence.spans) span.parentSpanId = undefined;
  },
  'parents are unknown': (evidence) => {
    for (const span of evidence.spans) if (span.parentSpanId) span.parentSpanId = 'e'.repeat(16);
  },
  'spans are their own parents': (evidence) => {
    for (const span of evidence.spans) span.parentSpanId = span.spanId;
  },
  'spans are parents of each other': (evidence, at) => {
    const [one, other] = [picked(evidence.spans, at), picked(evidence.spans, at + 1)];
    if (!one || !other) return;
    one.parentSpanId = other.spanId;
    other.parentSpanId = one.spanId;
  },
  'no attributes': (evidence) => {
    for (const span of evidence.spans) span.attributes = {};
  },
  'one attribute is nowhere': (evidence, at) => {
    const lost = attributeKey(evidence, at);
    for (const span of evidence.spans) delete span.attributes[lost];
  },
  'one attribute is text everywhere': (evidence, at) => rewriteAttribute(evidence, at, String),
  'one attribute is a number everywhere': (evidence, at) => rewriteAttribute(evidence, at, () => at),
  'one attribute is a list everywhere': (evidence, at) =>
    rewriteAttribute(evidence, at, (value) => [String(value)]),
  'one attribute is an empty list everywhere': (evidence, at) => rewriteAttribute(evidence, at, () => []),
  'one attribute is a truth value everywhere': (evidence, at) =>
    rewriteAttribute(evidence, at, () => at % 2 === 0),
  'one attribute is empty everywhere': (evidence, at) => rewriteAttribute(evidence, at, () => ''),
  'no events': (evidence) => {
    for (const span of evidence.spans) span.events = [];
  },
  'events have no attributes': (evidence) => {
    for (const span of evidence.spans)
      span.events = span.events.map((event) => ({ ...event, attributes: {} }));
  },
  'events have no names': (evidence) => {
    for (const span of evidence.spans) span.events = span.events.map((event) => ({ ...event, name: '' }));
  },
  'links lead nowhere': (evidence) => {
    const links = [{ traceId: '0'.repeat(32), spanId: '0'.repeat(16), attributes: {} }];
    for (const span of evidence.spans) span.links = links;
  },
  'spans have no names': (evidence) => {
    for (const span of evidence.spans) span.name = '';
  },
  'one kind for all spans': (evidence, at) => {
    const kinds = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
    for (const span of evidence.spans) span.kind = picked(kinds, at) ?? 'INTERNAL';
  },
  'every status is ERROR, without a message': (evidence) => {
    for (const span of evidence.spans) span.status = { code: 'ERROR' };
  },
  'no status': (evidence) => {
    for (const span of evidence.spans) span.status = { code: 'UNSET' };
  },
  'no resource': (evidence) => {
    for (const span of evidence.spans) span.resource = {};
  },
  'scopes have no names': (evidence) => {
    for (const span of evidence.spans) span.scope = { name: '' };
  },
  'all spans are of one scope': (evidence) => {
    for (const span of evidence.spans) span.scope = { name: 'murmur.feed' };
  },
  'spans are of no known process': (evidence) => {
    for (const span of evidence.spans) span.origin.process = 'elsewhere';
  },
  'spans only arrived': (evidence) => {
    for (const span of evidence.spans) Object.assign(span.origin, { captured: false, received: true });
  },
  'spans never arrived': (evidence) => {
    for (const span of evidence.spans) span.origin.received = false;
  },
  'spans began at boot': (evidence) => {
    for (const span of evidence.spans) span.origin.phase = 'boot';
  },
  'spans last no time': (evidence) => {
    for (const span of evidence.spans) span.durationMs = 0;
  },
  'spans end before they begin': (evidence) => {
    for (const span of evidence.spans) span.durationMs = -5;
  },
  'spans last for hours': (evidence) => {
    for (const span of evidence.spans) span.durationMs += 7_200_000;
  },
  'times of spans are shifted': (evidence, at) => {
    for (const span of evidence.spans) span.startMs += (at % 2 === 0 ? 1 : -1) * (at + 1) * 1000;
  },
  'times of spans are all the same': (evidence) => {
    for (const span of evidence.spans) Object.assign(span, { startMs: 0, durationMs: 0 });
  },
  'all spans are unended': (evidence) => {
    evidence.unended = evidence.spans.map((span) => ({ ...span }));
    evidence.spans = [];
    evidence.settled = false;
  },
  'one span is unended': (evidence, at) => {
    const [span] = evidence.spans.splice(at % (evidence.spans.length + 1), 1);
    if (span) evidence.unended.push(span);
    evidence.settled = false;
  },
};

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** One of the keys that are on any span, most frequent first: those that checks read are among the first. */
function attributeKey({ spans }: Evidence, at: number): string {
  const counts = new Map<string, number>();
  for (const key of spans.flatMap(({ attributes }) => Object.keys(attributes)))
    counts.set(key, (counts.get(key) ?? 0) + 1);
  const keys = [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  return picked(keys, at) ?? '';
}

function rewriteAttribute(
  evidence: Evidence,
  at: number,
  rewrite: (value: EvidenceSpan['attributes'][string]) => EvidenceSpan['attributes'][string],
): void {
  const key = attributeKey(evidence, at);
  for (const { attributes } of evidence.spans)
    if (key in attributes) attributes[key] = rewrite(attributes[key] as never);
}
