import { indexSpans, type Span } from '@workshop/telemetry';
import type { CriticalPath, CriticalSegment } from '../api/index.ts';

/**
 * The chain of spans that decided how long the trace took: walk back from the root's end; at each moment it is the
 * child that ended last before it. Making anything else faster changes nothing. Children that ran past their parent
 * count up to the parent's end. Null when the trace has no span.
 */
export function criticalPath(spans: readonly Span[]): CriticalPath | null {
  const index = indexSpans(spans);
  const root = firstRoot(spans, index);
  if (!root) return null;
  const segments: CriticalSegment[] = [];
  const stack = [{ span: root, from: root.startMs, to: root.startMs + root.durationMs }];
  const visited = new Set<Span>();
  while (stack.length > 0) {
    const { span, from, to } = stack.pop() as { span: Span; from: number; to: number };
    if (visited.has(span)) continue; // a cycle of parents must not hang
    visited.add(span);
    let cursor = to;
    const children = [...index.childrenOf(span)].sort((a, b) => endOf(b) - endOf(a));
    for (const child of children) {
      const begin = Math.max(child.startMs, from);
      const end = Math.min(endOf(child), cursor);
      if (end <= begin || begin >= cursor) continue;
      if (cursor > end) segments.push(segment(span, end, cursor));
      stack.push({ span: child, from: begin, to: end });
      cursor = begin;
    }
    if (cursor > from) segments.push(segment(span, from, cursor));
  }
  segments.sort((a, b) => a.startMs - b.startMs);
  return {
    traceId: root.traceId,
    durationMs: root.durationMs,
    segments,
    bySpan: shares(segments, root.durationMs),
  };
}

function endOf(span: Span): number {
  return span.startMs + span.durationMs;
}

/** The root; in a trace that lost its root, the longest span without a parent here. */
function firstRoot(spans: readonly Span[], index: ReturnType<typeof indexSpans>): Span | undefined {
  const roots = spans.filter((span) => span.parentSpanId === undefined);
  const tops = roots.length > 0 ? roots : spans.filter((span) => !index.parentOf(span));
  return [...(tops.length > 0 ? tops : spans)].sort((a, b) => b.durationMs - a.durationMs)[0];
}

function segment(span: Span, startMs: number, endMs: number): CriticalSegment {
  return { spanId: span.spanId, name: span.name, service: serviceOf(span), startMs, endMs };
}

function serviceOf(span: Span): string | null {
  const name = span.resource['service.name'];
  return typeof name === 'string' ? name : null;
}

function shares(segments: readonly CriticalSegment[], total: number): CriticalPath['bySpan'] {
  const bySpan = new Map<string, CriticalPath['bySpan'][number]>();
  for (const { spanId, name, service, startMs, endMs } of segments) {
    const item = bySpan.get(spanId) ?? { spanId, name, service, ms: 0, share: 0 };
    item.ms += endMs - startMs;
    item.share = total > 0 ? item.ms / total : 0;
    bySpan.set(spanId, item);
  }
  return [...bySpan.values()].sort((a, b) => b.ms - a.ms);
}
