import ts from 'typescript';
import type { Operator } from '../operator.ts';
import { calledName, nodesOf, replaced } from '../syntax.ts';

/** Names of spans, tracers and attributes have operators of their own. */
const NAMED_ELSEWHERE = ['startSpan', 'startActiveSpan', 'setAttribute', 'getTracer'];

const texts = (source: ts.SourceFile): ts.StringLiteralLike[] =>
  nodesOf(source, ts.isStringLiteralLike).filter(({ parent }) => {
    if (ts.isImportDeclaration(parent) || ts.isLiteralTypeNode(parent)) return false;
    return !(ts.isCallExpression(parent) && NAMED_ELSEWHERE.includes(calledName(parent)));
  });

const otherText: Operator = {
  name: 'other-text',
  find: (source) =>
    texts(source)
      .filter(({ text }) => text !== '')
      .map((node) =>
        replaced(node, `'${node.text.slice(0, -1)}'`, `'${node.text}' lacks its last character`),
      ),
};

const otherNumber: Operator = {
  name: 'other-number',
  find: (source) =>
    nodesOf(source, ts.isNumericLiteral).map((node) => {
      const value = Number(node.text);
      const other = value === 0 ? 1 : value === 1 ? 0 : value * 10;
      return replaced(node, String(other), `${node.getText()} is ${other}`);
    }),
};

/** Each fixed piece of a template is left out. */
const templateText: Operator = {
  name: 'template-text',
  find: (source) =>
    nodesOf(source, ts.isTemplateExpression).flatMap(({ head, templateSpans }) =>
      [head, ...templateSpans.map(({ literal }) => literal)].flatMap((piece) => {
        if (piece.text === '') return [];
        const open = ts.isTemplateHead(piece) ? '`' : '}';
        const close = ts.isTemplateTail(piece) ? '`' : '${';
        return [replaced(piece, `${open}${close}`, `the text "${piece.text.trim()}" is left out`)];
      }),
    ),
};

const regularExpressions = (source: ts.SourceFile) =>
  nodesOf(source, (node): node is ts.RegularExpressionLiteral => ts.isRegularExpressionLiteral(node));

const matchAll: Operator = {
  name: 'match-all',
  find: (source) =>
    regularExpressions(source).map((node) => replaced(node, '/.*/', `${node.getText()} matches everything`)),
};

const matchNothing: Operator = {
  name: 'match-nothing',
  find: (source) =>
    regularExpressions(source).map((node) => replaced(node, '/(?!)/', `${node.getText()} matches nothing`)),
};

const matchOnce: Operator = {
  name: 'match-once',
  find: (source) =>
    regularExpressions(source)
      .filter((node) => node.getText().endsWith('/g'))
      .map((node) =>
        replaced(node, node.getText().slice(0, -1), `${node.getText()} is used once, not everywhere`),
      ),
};

/** Faults of constants: texts, numbers, templates and patterns. */
export const LITERALS: Operator[] = [otherText, otherNumber, templateText, matchAll, matchNothing, matchOnce];
