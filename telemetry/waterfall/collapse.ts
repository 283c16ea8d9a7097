import { type Interval, uncoveredIntervals } from '../intervals.ts';
import { type Span, serviceOf } from '../model.ts';
import type { SpanIndex } from '../relations.ts';
import { harmless } from './text.ts';

/** One row to be: a span, or several like siblings. In preorder; `parent` is an index into the same list. */
export interface RowNode {
  members: Span[];
  name: string;
  depth: number;
  parent: number;
  /** Spans in this row and in all rows below it. */
  spanCount: number;
  gaps: Interval[];
}

export interface CollapseOptions {
  /** Ids of spans that must keep a row of their own, and so must all that is above them. */
  single: ReadonlySet<string>;
  unended: ReadonlySet<string>;
  collapseFrom: number;
  gapMs: number;
}

/** Kinds whose time should be covered by spans; below CLIENT and PRODUCER the rest is the network's. */
const WORKING_KINDS = new Set(['INTERNAL', 'SERVER', 'CONSUMER']);
const MOST_GAPS = 3;

/** Turns a trace into rows: like siblings become one, whole subtrees too if they have the same shape. */
export function collapse(index: SpanIndex<Span>, traceId: string, options: CollapseOptions): RowNode[] {
  const shapes = shapesOf(index, traceId, options);
  const nodes: RowNode[] = [];
  const stack = grouped(index.rootsOf(traceId), -1, 0, shapes, options).reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    const at = nodes.push(node) - 1;
    const children: Span[] = [];
    for (const member of node.members) for (const child of index.childrenOf(member)) children.push(child);
    if (children.length === 0) continue;
    if (node.members.length === 1) node.gaps = gapsOf(index, node.members[0]!, children, options);
    const below = grouped(children, at, node.depth + 1, shapes, options);
    for (let i = below.length - 1; i >= 0; i--) stack.push(below[i]!);
  }
  for (let at = nodes.length - 1; at > 0; at--) {
    const parent = nodes[at]!.parent;
    if (parent >= 0) nodes[parent]!.spanCount += nodes[at]!.spanCount;
  }
  return nodes;
}

interface Shape {
  id: number;
  leaf: boolean;
  name: string;
}

/** Spans with equal shape ids look alike down to the last descendant, but for how often something is repeated. */
function shapesOf(index: SpanIndex<Span>, traceId: string, options: CollapseOptions): Map<string, Shape> {
  const ids = new Map<string, number>();
  const shapes = new Map<string, Shape>();
  const spans = index.trace(traceId);
  // Backwards through a preorder every child comes before its parent.
  for (let i = spans.length - 1; i >= 0; i--) {
    const span = spans[i]!;
    const children = index.childrenOf(span);
    const below = new Set<number>();
    let single = options.single.has(span.spanId);
    for (const child of children) {
      const { id } = shapes.get(child.spanId)!;
      if (id < 0) single = true;
      below.add(id);
    }
    const leaf = children.length === 0;
    const name = leaf ? sharedName(span) : span.name;
    const key = [
      serviceOf(span),
      span.kind,
      name,
      span.status.code === 'ERROR',
      options.unended.has(span.spanId),
      index.isOrphan(span) ? span.parentSpanId : '',
      leaf ? '' : [...below].sort((a, b) => a - b).join(),
    ].join('\0');
    // Negative ids are for spans that are like no other.
    let id = single ? -1 - i : ids.get(key);
    if (id === undefined) {
      id = ids.size;
      ids.set(key, id);
    }
    shapes.set(span.spanId, { id, leaf, name });
  }
  return shapes;
}

/** Express names its middleware spans one by one; to a reader they are one thing. */
function sharedName(span: Span): string {
  return span.name.startsWith('middleware - ') ? 'middleware' : span.name;
}

function grouped(
  siblings: Span[],
  parent: number,
  depth: number,
  shapes: Map<string, Shape>,
  options: CollapseOptions,
): RowNode[] {
  const alike = new Map<number, Span[]>();
  for (const span of siblings) {
    const { id } = shapes.get(span.spanId)!;
    const group = alike.get(id);
    if (group) group.push(span);
    else alike.set(id, [span]);
  }
  const rows: { members: Span[]; startMs: number }[] = [];
  for (const [id, members] of alike) {
    const { leaf } = shapes.get(members[0]!.spanId)!;
    const enough = leaf ? options.collapseFrom : options.collapseFrom + 1;
    if (id >= 0 && members.length >= enough) rows.push({ members, startMs: members[0]!.startMs });
    else for (const span of members) rows.push({ members: [span], startMs: span.startMs });
  }
  rows.sort((a, b) => a.startMs - b.startMs);
  return rows.map(({ members }) => {
    const name = members.length > 1 ? shapes.get(members[0]!.spanId)!.name : members[0]!.name;
    return {
      members,
      name: harmless(name) || '(no name)',
      depth,
      parent,
      spanCount: members.length,
      gaps: [],
    };
  });
}

/** Long stretches of a span that its children leave open. Only just above leaves: higher up they would repeat. */
function gapsOf(index: SpanIndex<Span>, span: Span, children: Span[], options: CollapseOptions): Interval[] {
  if (!WORKING_KINDS.has(span.kind) || options.unended.has(span.spanId)) return [];
  if (children.some((child) => index.childrenOf(child).length > 0 || options.unended.has(child.spanId)))
    return [];
  return uncoveredIntervals(span, children)
    .filter((gap) => gap.endMs - gap.startMs >= options.gapMs)
    .sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))
    .slice(0, MOST_GAPS)
    .sort((a, b) => a.startMs - b.startMs);
}
