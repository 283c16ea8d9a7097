import ts from 'typescript';

/** A line of code in one form for everybody, however it was laid out. */
export interface FormLine {
  /** as it is shown */
  text: string;
  /** the same for two lines that differ in layout, quotes, or names that its author may choose */
  key: string;
}

/**
 * Code without what makes no difference: comments, layout, quotes, trailing commas. A line ends after `;`, `{` and `}`,
 * and after a comma in braces. Names that a file declares itself or takes from a file beside it are free, and so are
 * those files' names.
 */
export function formOf(path: string, text: string): FormLine[] {
  if (/\.[cm]?[jt]s$/.test(path)) return linesOf(tokensOf(path, text));
  const shown = path.endsWith('.json') ? jsonForm(text) : text;
  return shown
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ text: line.trimEnd(), key: line.trim() }));
}

/** A saved query says the same in whatever words it is described. */
function jsonForm(text: string): string {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(value, (key, inner) => (key === 'description' ? undefined : inner), 2);
  } catch {
    return text;
  }
}

interface Token {
  text: string;
  key: string;
  /** something stands between it and the one before: a blank, a line end, a comment */
  apart: boolean;
  /** of a `{`: its content has lines of its own, of statements or of properties */
  opens?: 'statements' | 'properties';
  /** the last one of a statement or a member */
  endsLine?: boolean;
}

function tokensOf(path: string, text: string): Token[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const free = freeNames(source);
  const tokens: Token[] = [];
  let end = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source);
    for (const child of children) visit(child);
    const last = tokens.at(-1);
    if (last && (ts.isStatement(node) || ts.isClassElement(node) || ts.isTypeElement(node)))
      last.endsLine = true;
    if (children.length > 0 || node.getWidth(source) === 0) return;
    const own = node.getText(source);
    const apart = node.getStart(source) > end;
    const opens = own === '{' ? linesIn(node.parent) : undefined;
    tokens.push({ text: oneLine(own), key: oneLine(keyOf(node, own, free)), apart, opens });
    end = node.end;
  };
  visit(source);
  return tokens.filter(({ key }, at) => key !== ',' || !/^[)\]}]$/.test(tokens[at + 1]?.key ?? ''));
}

/** Blocks and bodies have lines of their own; lists of names do not, and of objects only those with several properties. */
function linesIn(node: ts.Node): Token['opens'] {
  if (ts.isObjectLiteralExpression(node)) return node.properties.length > 1 ? 'properties' : undefined;
  if (ts.isNamedImports(node) || ts.isNamedExports(node) || ts.isObjectBindingPattern(node)) return undefined;
  return 'statements';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

const FREE = '_';

function keyOf(node: ts.Node, text: string, free: ReadonlySet<string>): string {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return free.has(text) ? FREE : text;
  if (!ts.isStringLiteral(node)) return text;
  return ts.isImportDeclaration(node.parent) && node.text.startsWith('.') ? FREE : JSON.stringify(node.text);
}

function freeNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    // What a library exports is given.
    if (ts.isImportDeclaration(node) && !isRelative(node)) return;
    if (isDeclared(node) && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** A place where an author chooses a name. Properties and methods are not: libraries and other files ask for them. */
function isDeclared(node: ts.Node): node is ts.Node & { name?: ts.Node } {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportSpecifier(node)
  );
}

function isRelative({ moduleSpecifier }: ts.ImportDeclaration): boolean {
  return ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text.startsWith('.');
}

/** What goes on behind a closing brace on the same line. */
const GOES_ON = /^([),;.\]]|else|catch|finally|from|as|while)$/;

const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

function linesOf(tokens: readonly Token[]): FormLine[] {
  const lines: FormLine[] = [];
  const open: Token['opens'][] = [];
  let line: Token[] = [];
  let indent = 0;
  const end = (): void => {
    if (line.length === 0) return;
    const text = line.map((token, at) => (at > 0 && token.apart ? ` ${token.text}` : token.text)).join('');
    // Whoever leaves semicolons out means the same.
    const keys = line.map(({ key }) => key).filter((key) => key !== ';');
    lines.push({ text: '  '.repeat(indent) + text, key: keys.join(' ') });
    line = [];
  };
  tokens.forEach((token, at) => {
    const closes = CLOSING.has(token.key) && open.at(-1);
    if (closes) end();
    if (CLOSING.has(token.key)) open.pop();
    if (line.length === 0) indent = open.filter(Boolean).length;
    line.push(token);
    if (OPENING.has(token.key)) open.push(token.opens);
    const goesOn = GOES_ON.test(tokens[at + 1]?.key ?? '');
    const endsProperty = token.key === ',' && open.at(-1) === 'properties';
    if (token.opens || endsProperty || ((token.endsLine || closes) && !goesOn)) end();
  });
  end();
  return lines;
}
