import ts from 'typescript';
import type { Edit, Mutation } from './operator.ts';

/** Parses TypeScript, or JSON by its path's ending. Every node knows its parent. */
export function parse(path: string, text: string): ts.SourceFile {
  const kind = path.endsWith('.json') ? ts.ScriptKind.JSON : ts.ScriptKind.TS;
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
}

/** Every node below `root` that `is` accepts, in the order of the text, outer ones first. */
export function nodesOf<T extends ts.Node>(root: ts.Node, is: (node: ts.Node) => node is T): T[] {
  const found: T[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(root, visit);
  return found;
}

/** A node's text in one line, cut after 60 characters, between backticks. */
export function quoted(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``;
}

export const replacing = (node: ts.Node, text: string): Edit => ({
  start: node.getStart(),
  end: node.getEnd(),
  text,
});

/** A mutation that puts `text` in the place of one node. */
export const replaced = (node: ts.Node, text: string, what: string): Mutation => ({
  at: node.getStart(),
  edits: [replacing(node, text)],
  what,
});

/** Takes one element out of a list that commas divide. */
export function withoutElement(list: ts.NodeArray<ts.Node>, element: ts.Node): Edit {
  const at = list.indexOf(element);
  const next = list[at + 1];
  if (next) return { start: element.getStart(), end: next.getStart(), text: '' };
  const before = list[at - 1];
  return {
    start: before ? before.getEnd() : element.getStart(),
    end: before ? element.getEnd() : list.end,
    text: '',
  };
}

/** The name by which a call calls: `end` of `span.end()`, `noteAnswer` of `noteAnswer(span)`. */
export function calledName(call: ts.CallExpression | ts.NewExpression): string {
  const { expression } = call;
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : '';
}

export const callsOf = (source: ts.Node, ...names: string[]): ts.CallExpression[] =>
  nodesOf(source, ts.isCallExpression).filter((call) => names.includes(calledName(call)));

/** Text without quotes for a literal; null for what is none. */
export function literalText(node: ts.Node | undefined): string | null {
  return node && ts.isStringLiteralLike(node) ? node.text : null;
}

/** A call that is a statement of its own, perhaps awaited. */
export function calledAlone(statement: ts.Statement): ts.CallExpression | null {
  if (!ts.isExpressionStatement(statement)) return null;
  const inner = ts.isAwaitExpression(statement.expression)
    ? statement.expression.expression
    : statement.expression;
  return ts.isCallExpression(inner) ? inner : null;
}

/** Statements of the block or file that this one stands in. */
export function siblingsOf(statement: ts.Statement): ts.NodeArray<ts.Statement> | null {
  const { parent } = statement;
  return ts.isBlock(parent) || ts.isSourceFile(parent) ? parent.statements : null;
}

/** Makes a name of a package usable in a file; nothing to do where it is imported already. */
export function importing(source: ts.SourceFile, name: string, from: string): Edit[] {
  const known = nodesOf(source, ts.isImportSpecifier).some((specifier) => specifier.name.text === name);
  return known ? [] : [{ start: 0, end: 0, text: `import { ${name} } from '${from}';\n` }];
}
