import type { syntaxTree } from '@codemirror/language';

type Tree = ReturnType<typeof syntaxTree>;
type SyntaxNode = Tree['topNode'];

/** `filters[2].op` -> ['filters', 2, 'op'] */
export function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}

/** Where a path leads in JSON; as far as it goes when the rest is not there. */
export function nodeAt(tree: Tree, text: string, path: string): { from: number; to: number } {
  let node: SyntaxNode | null = tree.topNode.firstChild;
  let place = { from: 0, to: Math.min(1, text.length) };
  for (const step of stepsOf(path)) {
    const next: SyntaxNode | null = node && childOf(node, text, step);
    if (!next) return place;
    node = next;
    place = { from: node.from, to: node.to };
  }
  return place;
}

function childOf(node: SyntaxNode, text: string, step: string | number): SyntaxNode | null {
  if (typeof step === 'number') return itemsOf(node)[step] ?? null;
  for (const property of node.getChildren('Property')) {
    const name = property.getChild('PropertyName');
    if (name && text.slice(name.from, name.to) === JSON.stringify(step)) return property.lastChild;
  }
  return null;
}

function itemsOf(array: SyntaxNode): SyntaxNode[] {
  const items: SyntaxNode[] = [];
  for (let child = array.firstChild; child; child = child.nextSibling)
    if (/^(Object|Array|String|Number|True|False|Null)$/.test(child.name)) items.push(child);
  return items;
}

/** The path of a place in JSON: names of properties, and `[]` for a list. */
export function pathTo(node: SyntaxNode, text: string): string[] {
  const path: string[] = [];
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name === 'Array') path.unshift('[]');
    if (at.name !== 'Property') continue;
    const name = at.getChild('PropertyName');
    if (name) path.unshift(text.slice(name.from + 1, name.to - 1));
  }
  return path;
}
