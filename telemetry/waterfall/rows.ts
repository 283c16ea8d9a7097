import type { Interval } from '../intervals.ts';
import { endMs, type Span, serviceOf } from '../model.ts';
import { indexSpans, type SpanIndex } from '../relations.ts';
import { collapse, type RowNode } from './collapse.ts';
import type { Annotation, OpenSpan, Row, TraceRows, WaterfallOptions } from './options.ts';
import { harmless } from './text.ts';

const MAX_ROWS = 40;
/** An annotated span far down keeps this many of the spans above it; the others are counted. */
const KEPT_ANCESTORS = 12;

/** What is shown of each trace, row by row. Traces by their start, equal ones as given. */
export function traceRows(spans: Iterable<Span>, options: WaterfallOptions): TraceRows[] {
  let index = indexSpans([...spans].map(finite));
  const open = (options.unended ?? [])
    .filter((each) => !index.find(each.traceId, each.spanId))
    .map((each) => finite(spanOf(each, index)));
  const openIds = new Set(open.map((each) => each.spanId));
  if (open.length > 0) index = indexSpans([...index.spans, ...open]);
  const traces = index.traceIds().map((traceId) => oneTrace(index, traceId, openIds, options));
  traces.sort((a, b) => a.startMs - b.startMs);
  if (options.sharedScale ?? overlap(traces)) {
    const scale = { startMs: traces[0]?.startMs ?? 0, endMs: Math.max(...traces.map((each) => each.endMs)) };
    for (const trace of traces) trace.scale = scale;
  }
  return traces;
}

/** Whether each trace, by start, begins before all earlier ones have ended. */
function overlap(traces: TraceRows[]): boolean {
  let end = Infinity;
  for (const trace of traces) {
    if (trace.startMs > end) return false;
    end = end === Infinity ? trace.endMs : Math.max(end, trace.endMs);
  }
  return true;
}

function finite(span: Span): Span {
  if (Number.isFinite(span.startMs) && Number.isFinite(span.durationMs) && span.durationMs >= 0) return span;
  const startMs = Number.isFinite(span.startMs) ? span.startMs : 0;
  return {
    ...span,
    startMs,
    durationMs: span.durationMs > 0 && span.durationMs < Infinity ? span.durationMs : 0,
  };
}

function spanOf(open: OpenSpan, known: SpanIndex<Span>): Span {
  const parent = known.find(open.traceId, open.parentSpanId ?? '');
  return {
    events: [],
    links: [],
    durationMs: 0,
    status: { code: 'UNSET' },
    ...open,
    attributes: open.attributes ?? {},
    resource: open.resource ?? parent?.resource ?? {},
    scope: open.scope ?? { name: '' },
  };
}

function oneTrace(
  index: SpanIndex<Span>,
  traceId: string,
  openIds: ReadonlySet<string>,
  options: WaterfallOptions,
): TraceRows {
  const spans = index.trace(traceId);
  let from = Infinity;
  let to = -Infinity;
  for (const span of spans) {
    from = Math.min(from, span.startMs);
    to = Math.max(to, endMs(span));
  }
  const annotations = annotationsOf(index, traceId, options.annotations ?? []);
  const nodes = collapse(index, traceId, {
    single: new Set(annotations.bySpan.keys()),
    unended: openIds,
    collapseFrom: options.collapseFrom ?? 2,
    gapMs: options.gapMs ?? Math.max(10, (to - from) / 10),
  });
  hideAnnotatedGaps(nodes, annotations.all);
  const kept = choose(nodes, options.maxRows ?? MAX_ROWS, annotations.bySpan, openIds);
  const rows = new Emitter(index, nodes, kept, annotations.bySpan, openIds, to).rows();
  rows.unshift(...annotations.before.map((each) => note(each, 0)));
  rows.push(...annotations.after.map((each) => note(each, 0)));
  const title = titleOf(index, traceId, spans, options);
  return { traceId, title, startMs: from, endMs: to, scale: { startMs: from, endMs: to }, rows };
}

function titleOf(index: SpanIndex<Span>, traceId: string, spans: Span[], options: WaterfallOptions): string {
  if (typeof options.title === 'function') return harmless(options.title(traceId, spans));
  if (options.title !== undefined) return harmless(options.title);
  const roots = index.rootsOf(traceId);
  const first = harmless(roots[0]?.name ?? '');
  return roots.length > 1 ? `${first}, and ${roots.length - 1} more without a parent here` : first;
}

interface TraceAnnotations {
  all: Annotation[];
  bySpan: Map<string, Annotation[]>;
  before: Annotation[];
  after: Annotation[];
}

/** The annotations of one trace. What names a span that is not here is said at the end of its trace, not lost. */
function annotationsOf(
  index: SpanIndex<Span>,
  traceId: string,
  annotations: readonly Annotation[],
): TraceAnnotations {
  const found: TraceAnnotations = { all: [], bySpan: new Map(), before: [], after: [] };
  const first = index.traceIds()[0];
  for (const annotation of annotations) {
    const { spanId } = annotation;
    const here = spanId !== undefined && index.find(traceId, spanId) !== undefined;
    const elsewhere =
      annotation.traceId === undefined &&
      spanId !== undefined &&
      index.traceIds().some((id) => index.find(id, spanId) !== undefined);
    const home = annotation.traceId ?? (here ? traceId : elsewhere ? undefined : first);
    if (home !== traceId) continue;
    found.all.push(annotation);
    if (here) found.bySpan.set(spanId, [...(found.bySpan.get(spanId) ?? []), annotation]);
    else (annotation.place === 'before' ? found.before : found.after).push(annotation);
  }
  return found;
}

function hideAnnotatedGaps(nodes: RowNode[], annotations: Annotation[]): void {
  const drawn = annotations.flatMap((each) => each.interval ?? []);
  if (drawn.length === 0) return;
  const overlaps = (a: Interval, b: Interval) => a.startMs < b.endMs && b.startMs < a.endMs;
  for (const node of nodes) node.gaps = node.gaps.filter((gap) => !drawn.some((each) => overlaps(gap, each)));
}

/** Which rows are shown: annotated ones with what is above them, then open and failed ones, then the longest. */
function choose(
  nodes: RowNode[],
  maxRows: number,
  annotated: ReadonlyMap<string, unknown>,
  openIds: ReadonlySet<string>,
): Set<number> {
  if (nodes.length <= maxRows) return new Set(nodes.keys());
  const kept = new Set<number>();
  for (const [at, node] of nodes.entries()) {
    if (!annotated.has(node.members[0]!.spanId)) continue;
    kept.add(at);
    let left = KEPT_ANCESTORS;
    for (let up = node.parent; up >= 0 && left > 0; up = nodes[up]!.parent, left--) kept.add(up);
  }
  const rank = (node: RowNode) => {
    const first = node.members[0]!;
    return openIds.has(first.spanId) || first.status.code === 'ERROR' ? 0 : 1;
  };
  const order = nodes.map((node, at) => ({ at, rank: rank(node), ms: totalMs(node) }));
  order.sort((a, b) => a.rank - b.rank || b.ms - a.ms || a.at - b.at);
  for (const { at } of order) {
    if (kept.size >= maxRows) break;
    const missing: number[] = [];
    for (let up = at; up >= 0 && !kept.has(up) && missing.length <= maxRows; up = nodes[up]!.parent)
      missing.push(up);
    if (kept.size + missing.length > maxRows) continue;
    for (const each of missing) kept.add(each);
  }
  // A chain deeper than maxRows fits nowhere; then its beginning is shown.
  return kept.size > 0 ? kept : new Set(nodes.slice(0, maxRows).keys());
}

function totalMs(node: RowNode): number {
  let total = 0;
  for (const member of node.members) total += member.durationMs;
  return total;
}

function note(annotation: Annotation, depth: number): Row {
  const row: Row = { type: 'note', depth, text: harmless(annotation.text) };
  return annotation.interval ? { ...row, interval: annotation.interval } : row;
}

interface OpenRow {
  at: number;
  gaps: Interval[];
  more: number;
}

/** Writes the kept rows in order, each with its remarks, and behind a span's last child what belongs there. */
class Emitter {
  readonly #index: SpanIndex<Span>;
  readonly #nodes: RowNode[];
  readonly #kept: ReadonlySet<number>;
  readonly #annotations: ReadonlyMap<string, Annotation[]>;
  readonly #openIds: ReadonlySet<string>;
  readonly #endMs: number;
  readonly #rows: Row[] = [];
  readonly #stack: OpenRow[] = [{ at: -1, gaps: [], more: 0 }];

  constructor(
    index: SpanIndex<Span>,
    nodes: RowNode[],
    kept: ReadonlySet<number>,
    annotations: ReadonlyMap<string, Annotation[]>,
    openIds: ReadonlySet<string>,
    end: number,
  ) {
    this.#index = index;
    this.#nodes = nodes;
    this.#kept = kept;
    this.#annotations = annotations;
    this.#openIds = openIds;
    this.#endMs = end;
  }

  rows(): Row[] {
    for (const [at, node] of this.#nodes.entries()) {
      while (this.#depth(this.#top().at) >= node.depth) this.#close();
      const top = this.#top();
      if (!this.#kept.has(at)) {
        top.more += node.members.length;
        continue;
      }
      if (node.parent !== top.at) this.#more(top);
      this.#gapsBefore(top, node.members[0]!.startMs);
      this.#span(at, node);
    }
    while (this.#stack.length > 1) this.#close();
    this.#more(this.#top());
    return this.#rows;
  }

  #top(): OpenRow {
    return this.#stack.at(-1)!;
  }

  #depth(at: number): number {
    return at < 0 ? -1 : this.#nodes[at]!.depth;
  }

  #notes(at: number, place: Annotation['place'], depth: number): void {
    const span = this.#nodes[at]!.members[0]!;
    for (const each of this.#annotations.get(span.spanId) ?? [])
      if ((each.place ?? 'after') === place) this.#rows.push(note(each, depth));
  }

  #span(at: number, node: RowNode): void {
    const first = node.members[0]!;
    const { depth, name } = node;
    const never = this.#openIds.has(first.spanId);
    this.#notes(at, 'before', depth);
    this.#rows.push({
      type: 'span',
      depth,
      name,
      count: node.members.length,
      service: harmless(serviceOf(first)),
      kind: first.kind,
      durationMs: never ? null : totalMs(node),
      intervals: node.members.map((each) => ({
        startMs: each.startMs,
        endMs: never ? this.#endMs : endMs(each),
      })),
      error: first.status.code === 'ERROR',
    });
    if (this.#index.isOrphan(first))
      this.#rows.push({ type: 'remark', depth, text: '(its parent was not seen)' });
    this.#notes(at, 'after', depth);
    this.#stack.push({ at, gaps: [...node.gaps], more: 0 });
  }

  #gapsBefore(open: OpenRow, timeMs: number): void {
    while (open.gaps.length > 0 && open.gaps[0]!.startMs < timeMs)
      this.#rows.push({ type: 'gap', depth: this.#depth(open.at) + 1, interval: open.gaps.shift()! });
  }

  #more(open: OpenRow): void {
    if (open.more > 0) this.#rows.push({ type: 'more', depth: this.#depth(open.at) + 1, count: open.more });
    open.more = 0;
  }

  #close(): void {
    const open = this.#stack.pop()!;
    const depth = this.#depth(open.at);
    this.#gapsBefore(open, Infinity);
    this.#more(open);
    this.#notes(open.at, 'child', depth + 1);
    this.#notes(open.at, 'after-children', depth);
  }
}
