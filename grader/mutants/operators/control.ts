import ts from 'typescript';
import type { Mutation, Operator } from '../operator.ts';
import { nodesOf, quoted, replaced } from '../syntax.ts';

const inner = (block: ts.Block): string => block.getText().slice(1, -1).trim();

const triesWithFinally = (source: ts.SourceFile) =>
  nodesOf(source, ts.isTryStatement).filter((one) => one.finallyBlock) as (ts.TryStatement & {
    finallyBlock: ts.Block;
  })[];

/** Rewrites a try statement. The place of the fault is its finally block. */
const rewritten = (
  one: ts.TryStatement & { finallyBlock: ts.Block },
  text: string,
  what: string,
): Mutation => ({
  ...replaced(one, text, what),
  at: one.finallyBlock.getStart(),
});

const catchOf = (one: ts.TryStatement): string => (one.catchClause ? ` ${one.catchClause.getText()}` : '');

const dropAwait: Operator = {
  name: 'drop-await',
  find: (source) =>
    nodesOf(source, ts.isAwaitExpression).map((node) =>
      replaced(node, node.expression.getText(), `${quoted(node)} is not awaited`),
    ),
};

const dropFinally: Operator = {
  name: 'drop-finally',
  find: (source) =>
    triesWithFinally(source).map((one) =>
      rewritten(
        one,
        one.catchClause ? `try ${one.tryBlock.getText()}${catchOf(one)}` : one.tryBlock.getText(),
        `what stands in finally is left out: ${quoted(one.finallyBlock)}`,
      ),
    ),
};

const finallyOnSuccess: Operator = {
  name: 'finally-on-success',
  find: (source) =>
    triesWithFinally(source).map((one) => {
      const last = one.tryBlock.statements.at(-1);
      const moved = inner(one.finallyBlock);
      const start = one.tryBlock.getStart();
      const text = one.tryBlock.getText();
      // Behind a return nothing is run, so it comes before that.
      const at = last && ts.isReturnStatement(last) ? last.getStart() - start : text.length - 1;
      const body = `${text.slice(0, at)}${moved}\n${text.slice(at)}`;
      return rewritten(
        one,
        one.catchClause ? `try ${body}${catchOf(one)}` : body,
        'what stands in finally is done at the end of the try block: never after an error',
      );
    }),
};

const finallyOnFailure: Operator = {
  name: 'finally-on-failure',
  find: (source) =>
    triesWithFinally(source).map((one) => {
      const moved = inner(one.finallyBlock);
      const clause = one.catchClause
        ? `catch${one.catchClause.variableDeclaration ? ` (${one.catchClause.variableDeclaration.getText()})` : ''} {\n${moved}\n${inner(one.catchClause.block)} }`
        : `catch (error) {\n${moved}\nthrow error; }`;
      return rewritten(
        one,
        `try ${one.tryBlock.getText()} ${clause}`,
        'what stands in finally is done after an error only',
      );
    }),
};

const dropThrow: Operator = {
  name: 'drop-throw',
  find: (source) =>
    nodesOf(source, ts.isThrowStatement).map((node) => replaced(node, ';', `${quoted(node)} is left out`)),
};

const ifConditions = (source: ts.SourceFile): ts.Expression[] =>
  nodesOf(source, ts.isIfStatement).map((node) => node.expression);

const choices = (source: ts.SourceFile): ts.Expression[] =>
  nodesOf(source, ts.isConditionalExpression).map((node) => node.condition);

const negateCondition: Operator = {
  name: 'negate-condition',
  find: (source) =>
    [...ifConditions(source), ...choices(source)].map((node) =>
      replaced(node, `!(${node.getText()})`, `the condition ${quoted(node)} is turned round`),
    ),
};

const conditionAlways: Operator = {
  name: 'condition-always',
  find: (source) =>
    ifConditions(source).map((node) => replaced(node, 'true', `the condition ${quoted(node)} always holds`)),
};

const conditionNever: Operator = {
  name: 'condition-never',
  find: (source) =>
    ifConditions(source).map((node) => replaced(node, 'false', `the condition ${quoted(node)} never holds`)),
};

const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

const dropOperand: Operator = {
  name: 'drop-operand',
  find: (source) =>
    nodesOf(source, ts.isBinaryExpression)
      .filter((node) => LOGICAL.has(node.operatorToken.kind))
      .flatMap((node) => [
        replaced(node, node.left.getText(), `of ${quoted(node)} only the first part is left`),
        replaced(node, node.right.getText(), `of ${quoted(node)} only the second part is left`),
      ]),
};

const OPPOSITE: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.PlusToken]: '-',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.SlashToken]: '*',
  [ts.SyntaxKind.LessThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanToken]: '<=',
};

const swapOperator: Operator = {
  name: 'swap-operator',
  find: (source) =>
    nodesOf(source, ts.isBinaryExpression).flatMap((node) => {
      const other = OPPOSITE[node.operatorToken.kind];
      if (!other) return [];
      return [replaced(node.operatorToken, other, `in ${quoted(node)} the operator is ${other}`)];
    }),
};

const dropSubtraction: Operator = {
  name: 'drop-subtraction',
  find: (source) =>
    nodesOf(source, ts.isBinaryExpression)
      .filter((node) => node.operatorToken.kind === ts.SyntaxKind.MinusToken)
      .map((node) => replaced(node, node.left.getText(), `${quoted(node.right)} is not subtracted`)),
};

const emptyBody: Operator = {
  name: 'empty-body',
  find: (source) =>
    nodesOf(source, ts.isFunctionLike).flatMap((node) => {
      const body = 'body' in node ? node.body : undefined;
      if (!body || !ts.isBlock(body) || body.statements.length === 0) return [];
      // Where a value is wanted the code would not compile.
      if (node.type?.kind !== ts.SyntaxKind.VoidKeyword) return [];
      return [{ ...replaced(body, '{}', 'the function does nothing'), at: node.getStart() }];
    }),
};

/** Faults in the order of things: what is waited for, done at the end, or done under a condition. */
export const CONTROL: Operator[] = [
  dropAwait,
  dropFinally,
  finallyOnSuccess,
  finallyOnFailure,
  dropThrow,
  negateCondition,
  conditionAlways,
  conditionNever,
  dropOperand,
  swapOperator,
  dropSubtraction,
  emptyBody,
];
