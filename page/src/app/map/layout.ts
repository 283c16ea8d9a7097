import { Graph, layout } from '@dagrejs/dagre';

export interface MapNode {
  name: string;
  type: 'service' | 'database';
  spanCount: number;
  errorCount: number;
}
export interface MapCall {
  parent_node: { name: string };
  child_node: { name: string; type: 'service' | 'database' };
  via: 'parent' | 'link';
  call_count: number;
  error_count: number;
  p95_ms: number | null;
}

export interface Placed {
  width: number;
  height: number;
  nodes: { node: MapNode; left: number; top: number; width: number; height: number }[];
  calls: { call: MapCall; path: string; x: number; y: number }[];
}

const NODE = { width: 180, height: 62 };
/** Room for the words on a line. */
const WORDS = { width: 128, height: 36 };

/** Where services stand so that calls lead one way, by dagre. @param narrow from top to bottom */
export function placed(nodes: readonly MapNode[], calls: readonly MapCall[], narrow: boolean): Placed {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: narrow ? 'TB' : 'LR',
    nodesep: 28,
    ranksep: narrow ? 46 : 60,
    marginx: 8,
    marginy: 8,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Map(nodes.map((node) => [keyOf(node), node]));
  for (const key of known.keys()) graph.setNode(key, { ...NODE });
  const drawn = calls.filter(({ parent_node: { name }, child_node }) => {
    const ends = [keyOf({ name, type: 'service' }), keyOf(child_node)];
    return ends.every((key) => known.has(key));
  });
  for (const call of drawn) {
    const [from, to] = [keyOf({ name: call.parent_node.name, type: 'service' }), keyOf(call.child_node)];
    graph.setEdge(from, to, { ...WORDS, labelpos: 'c' }, call.via);
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: [...known].map(([key, node]) => {
      const { x, y } = graph.node(key) as { x: number; y: number };
      return { node, left: x - NODE.width / 2, top: y - NODE.height / 2, ...NODE };
    }),
    calls: drawn.map((call) => {
      const from = keyOf({ name: call.parent_node.name, type: 'service' });
      const edge = graph.edge(from, keyOf(call.child_node), call.via) as {
        points: { x: number; y: number }[];
        x: number;
        y: number;
      };
      return { call, path: smooth(edge.points), x: edge.x, y: edge.y };
    }),
  };
}

/** A database may have the name of a service. */
function keyOf({ name, type }: { name: string; type: string }): string {
  return `${type} ${name}`;
}

/** Through dagre's points without corners: each is the handle of a curve from middle to middle. */
function smooth(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const curves = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x},${point.y} ${end.x},${end.y}`;
  });
  return `M${first.x},${first.y} ${curves.length > 0 ? curves.join(' ') : `L${last.x},${last.y}`}`;
}
