import type { Span } from './model.ts';

/**
 * Who is whose parent, by ids and never by time: most parents and first children start in the same millisecond.
 *
 * Whatever is sent, the index is a forest: of several spans with one id the first counts (`duplicates` has the
 * others), and a ring of parents is cut at its first span, which then counts as a root.
 */
export interface SpanIndex<S extends Span = Span> {
  /** Every span, in the order given, without duplicates. */
  readonly spans: readonly S[];
  /** Spans whose trace and span id were there already. A resent export makes these. */
  readonly duplicates: readonly S[];
  traceIds(): string[];
  /** The trace's spans, each parent before its children, siblings by start, equal starts as given. */
  trace(traceId: string): S[];
  find(traceId: string, spanId: string): S | undefined;
  parentOf(span: SpanRef): S | undefined;
  /** By start; equal starts keep the order given. */
  childrenOf(span: SpanRef): S[];
  /** Nearest first. */
  ancestorsOf(span: SpanRef): S[];
  /** Each parent before its children; without the span itself. */
  descendantsOf(span: SpanRef): S[];
  /** True for any descendant; false for the span itself. */
  isBelow(span: SpanRef, ancestor: SpanRef): boolean;
  /** Spans without a parent, and those whose parent was not seen. */
  rootsOf(traceId: string): S[];
  /** True if the span names a parent that is not here. */
  isOrphan(span: SpanRef & { parentSpanId?: string }): boolean;
}

export interface SpanRef {
  traceId: string;
  spanId: string;
}

interface Node<S> {
  span: S;
  order: number;
  parent: Node<S> | undefined;
  children: Node<S>[];
}

interface TraceTree<S> {
  nodes: Map<string, Node<S>>;
  roots: Node<S>[];
}

/** Indexes spans of any number of traces. Linear in time but for sorting siblings; nothing recurses. */
export function indexSpans<S extends Span>(spans: Iterable<S>): SpanIndex<S> {
  const kept: S[] = [];
  const duplicates: S[] = [];
  const trees = new Map<string, TraceTree<S>>();
  for (const span of spans) {
    let tree = trees.get(span.traceId);
    if (!tree) {
      tree = { nodes: new Map(), roots: [] };
      trees.set(span.traceId, tree);
    }
    if (tree.nodes.has(span.spanId)) {
      duplicates.push(span);
      continue;
    }
    tree.nodes.set(span.spanId, { span, order: kept.length, parent: undefined, children: [] });
    kept.push(span);
  }
  for (const tree of trees.values()) connect(tree);

  const nodeOf = (ref: SpanRef) => trees.get(ref.traceId)?.nodes.get(ref.spanId);
  const ancestors = (ref: SpanRef): S[] => {
    const found: S[] = [];
    for (let node = nodeOf(ref)?.parent; node; node = node.parent) found.push(node.span);
    return found;
  };
  return {
    spans: kept,
    duplicates,
    traceIds: () => [...trees.keys()],
    trace: (traceId) => preorder(trees.get(traceId)?.roots ?? []),
    find: (traceId, spanId) => trees.get(traceId)?.nodes.get(spanId)?.span,
    parentOf: (span) => nodeOf(span)?.parent?.span,
    childrenOf: (span) => nodeOf(span)?.children.map((node) => node.span) ?? [],
    ancestorsOf: ancestors,
    descendantsOf: (span) => preorder(nodeOf(span)?.children ?? []),
    isBelow: (span, ancestor) =>
      span.traceId === ancestor.traceId && ancestors(span).some((each) => each.spanId === ancestor.spanId),
    rootsOf: (traceId) => trees.get(traceId)?.roots.map((node) => node.span) ?? [],
    isOrphan: (span) =>
      span.parentSpanId !== undefined && !trees.get(span.traceId)?.nodes.has(span.parentSpanId),
  };
}

function connect<S extends Span>(tree: TraceTree<S>): void {
  for (const node of tree.nodes.values()) {
    const parentId = node.span.parentSpanId;
    node.parent = parentId === undefined ? undefined : tree.nodes.get(parentId);
  }
  cutRings(tree);
  for (const node of tree.nodes.values()) (node.parent ? node.parent.children : tree.roots).push(node);
  for (const node of tree.nodes.values()) if (node.children.length > 1) node.children.sort(byStart);
  tree.roots.sort(byStart);
}

/** Every chain of parents must end; where it comes back to itself, its first span (as given) becomes a root. */
function cutRings<S>(tree: TraceTree<S>): void {
  const walkOf = new Map<Node<S>, number>();
  let walk = 0;
  for (const start of tree.nodes.values()) {
    walk++;
    let node: Node<S> | undefined = start;
    while (node && !walkOf.has(node)) {
      walkOf.set(node, walk);
      node = node.parent;
    }
    if (!node || walkOf.get(node) !== walk) continue;
    let first = node;
    for (let each = node.parent; each && each !== node; each = each.parent) {
      if (each.order < first.order) first = each;
    }
    first.parent = undefined;
  }
}

function byStart<S extends Span>(a: Node<S>, b: Node<S>): number {
  return a.span.startMs - b.span.startMs || a.order - b.order;
}

function preorder<S>(tops: readonly Node<S>[]): S[] {
  const found: S[] = [];
  const stack = [...tops].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    found.push(node.span);
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]!);
  }
  return found;
}
