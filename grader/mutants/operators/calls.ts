import ts from 'typescript';
import type { Mutation, Operator } from '../operator.ts';
import {
  calledAlone,
  calledName,
  callsOf,
  nodesOf,
  quoted,
  replaced,
  replacing,
  siblingsOf,
} from '../syntax.ts';

const statementsOf = (source: ts.SourceFile) =>
  nodesOf(source, ts.isExpressionStatement).flatMap((statement) => {
    const call = calledAlone(statement);
    // A constructor must call super first.
    return call && call.expression.kind !== ts.SyntaxKind.SuperKeyword ? [{ statement, call }] : [];
  });

const dropCall: Operator = {
  name: 'drop-call',
  find: (source) =>
    statementsOf(source).map(({ statement }) => replaced(statement, ';', `${quoted(statement)} is left out`)),
};

/** Puts a statement and its neighbour into the other order. */
function swapped(first: ts.Statement, second: ts.Statement, at: ts.Statement, what: string): Mutation {
  return {
    at: at.getStart(),
    edits: [replacing(first, second.getText()), replacing(second, first.getText())],
    what,
  };
}

const callLater: Operator = {
  name: 'call-later',
  find: (source) =>
    statementsOf(source).flatMap(({ statement }) => {
      const siblings = siblingsOf(statement);
      const next = siblings?.[siblings.indexOf(statement) + 1];
      return next
        ? [swapped(statement, next, statement, `${quoted(statement)} comes after ${quoted(next)}`)]
        : [];
    }),
};

const callEarlier: Operator = {
  name: 'call-earlier',
  find: (source) =>
    statementsOf(source).flatMap(({ statement }) => {
      const siblings = siblingsOf(statement);
      const before = siblings?.[siblings.indexOf(statement) - 1];
      return before && !ts.isImportDeclaration(before)
        ? [swapped(before, statement, statement, `${quoted(statement)} comes before ${quoted(before)}`)]
        : [];
    }),
};

/** What telemetry is told at one moment, and should be told then. How late a start shows depends on the machine. */
const AT_ITS_MOMENT = [
  'end',
  'register',
  'startTracing',
  'registerInstrumentations',
  'setAttribute',
  'setStatus',
  'recordException',
  'markFailed',
];

const delayCall: Operator = {
  name: 'delay-call',
  find: (source) =>
    statementsOf(source)
      .filter(({ call }) => AT_ITS_MOMENT.includes(calledName(call)))
      .map(({ statement, call }) =>
        replaced(
          statement,
          `setTimeout(() => { ${call.getText()}; }, 1500);`,
          `${quoted(call)} is done a second and a half later`,
        ),
      ),
};

/** `end` moves up: to the beginning of the try block that its finally belongs to, else of the block that it is in. */
const endFirst: Operator = {
  name: 'end-first',
  find: (source) =>
    statementsOf(source)
      .filter(({ call }) => calledName(call) === 'end')
      .flatMap(({ statement }) => {
        const block = statement.parent;
        if (!ts.isBlock(block)) return [];
        const owner = block.parent;
        const target = ts.isTryStatement(owner) && owner.finallyBlock === block ? owner.tryBlock : block;
        const first = target.statements[0];
        if (!first || first === statement) return [];
        const start = first.getStart();
        return [
          {
            at: statement.getStart(),
            edits: [{ start, end: start, text: `${statement.getText()}\n` }, replacing(statement, ';')],
            what: `${quoted(statement)} comes first`,
          },
        ];
      }),
};

const recordTwice: Operator = {
  name: 'record-twice',
  find: (source) =>
    statementsOf(source)
      .filter(({ call }) => ['recordException', 'addEvent'].includes(calledName(call)))
      .map(({ statement }) =>
        replaced(
          statement,
          `${statement.getText()}\n${statement.getText()}`,
          `${quoted(statement)} is done twice`,
        ),
      ),
};

const swapMinMax: Operator = {
  name: 'swap-min-max',
  find: (source) =>
    callsOf(source, 'min', 'max').flatMap(({ expression }) => {
      if (!ts.isPropertyAccessExpression(expression)) return [];
      const other = expression.name.text === 'min' ? 'max' : 'min';
      return [replaced(expression.name, other, `${other} is taken in place of ${expression.name.text}`)];
    }),
};

/** Calls left out, done at another time, or done twice. */
export const CALLS: Operator[] = [
  dropCall,
  callLater,
  callEarlier,
  delayCall,
  endFirst,
  recordTwice,
  swapMinMax,
];
