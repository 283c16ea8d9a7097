import ts from 'typescript';
import type { Mutation, Operator } from '../operator.ts';
import { callsOf, literalText, nodesOf, quoted, replaced } from '../syntax.ts';
import { camelCase } from './camel-case.ts';

/** Calls that start a span, with the literal that names it. */
const starts = (source: ts.SourceFile) =>
  callsOf(source, 'startSpan', 'startActiveSpan').flatMap((call) => {
    const [name] = call.arguments;
    return name && literalText(name) !== null ? [{ call, name }] : [];
  });

const otherSpanName: Operator = {
  name: 'other-span-name',
  find: (source) =>
    starts(source).map(({ name }) => {
      const other = camelCase(literalText(name) as string);
      return replaced(name, `'${other}'`, `the span is named "${other}"`);
    }),
};

const spanNameWithValue: Operator = {
  name: 'span-name-with-value',
  find: (source) =>
    starts(source).map(({ name }) =>
      replaced(
        name,
        `\`${literalText(name)} \${Math.random().toString(36).slice(2)}\``,
        'the name of the span holds a value of its own each time',
      ),
    ),
};

/** Starts with one more option. Only calls that have none yet. */
const withOption = (source: ts.SourceFile, option: string, what: string): Mutation[] =>
  starts(source).flatMap(({ call, name }) => {
    const second = call.arguments[1];
    if (second && !ts.isFunctionLike(second)) return [];
    return [replaced(name, `${name.getText()}, { ${option} }`, what)];
  });

const kindServer: Operator = {
  name: 'kind-server',
  find: (source) => withOption(source, 'kind: 1', 'the span is of kind SERVER'),
};

const kindClient: Operator = {
  name: 'kind-client',
  find: (source) => withOption(source, 'kind: 2', 'the span is of kind CLIENT'),
};

const newRoot: Operator = {
  name: 'new-root',
  find: (source) => withOption(source, 'root: true', 'the span begins a trace of its own'),
};

const notActive: Operator = {
  name: 'not-active',
  find: (source) => [
    ...starts(source).flatMap(({ call, name }) => {
      const callback = call.arguments.at(-1);
      if (!callback || !ts.isFunctionLike(callback) || !ts.isPropertyAccessExpression(call.expression)) {
        return [];
      }
      const start = `${call.expression.expression.getText()}.startSpan(${name.getText()})`;
      return [replaced(call, `(${callback.getText()})(${start})`, 'the span is started but not made active')];
    }),
    ...callsOf(source, 'with').flatMap((call) => {
      const work = call.arguments[1];
      if (!work || call.arguments.length !== 2) return [];
      return [replaced(call, `(${work.getText()})()`, `${quoted(call)} is done without the context`)];
    }),
  ],
};

const parentLost: Operator = {
  name: 'parent-lost',
  find: (source) =>
    callsOf(source, 'setSpan').flatMap((call) => {
      const [context] = call.arguments;
      return context ? [replaced(call, context.getText(), 'the context does not hold the span')] : [];
    }),
};

const unnamedTracer: Operator = {
  name: 'unnamed-tracer',
  find: (source) =>
    callsOf(source, 'getTracer').flatMap((call) => {
      const [name] = call.arguments;
      return name ? [replaced(name, "''", 'the tracer has no name')] : [];
    }),
};

const borrowedTracer: Operator = {
  name: 'borrowed-tracer',
  find: (source) =>
    callsOf(source, 'getTracer').flatMap((call) => {
      const [name] = call.arguments;
      return name
        ? [replaced(name, "'@opentelemetry/instrumentation-http'", 'the tracer has the name of a library')]
        : [];
    }),
};

const statusCodes = (source: ts.SourceFile) =>
  nodesOf(source, ts.isPropertyAccessExpression).filter(
    (node) => node.expression.getText() === 'SpanStatusCode' && node.name.text === 'ERROR',
  );

const statusOk: Operator = {
  name: 'status-ok',
  find: (source) => statusCodes(source).map((node) => replaced(node.name, 'OK', 'the status is OK')),
};

const statusUnset: Operator = {
  name: 'status-unset',
  find: (source) => statusCodes(source).map((node) => replaced(node.name, 'UNSET', 'the status is UNSET')),
};

/** OK is final: the error that comes after it is not heard any more. */
const statusOkBefore: Operator = {
  name: 'status-ok-before',
  find: (source) =>
    callsOf(source, 'setStatus').map((call) => {
      const start = call.getStart();
      const ok = `${call.expression.getText()}({ code: SpanStatusCode.OK });\n`;
      return {
        at: start,
        edits: [{ start, end: start, text: ok }],
        what: 'the status is OK first, then ERROR',
      };
    }),
};

/** A value of the first request is kept for all: what lies in a static field. */
const sharedValue: Operator = {
  name: 'shared-value',
  find: (source) =>
    nodesOf(source, ts.isVariableDeclaration).flatMap((node) => {
      const { initializer } = node;
      if (!initializer || !ts.isCallExpression(initializer) || ts.isSourceFile(node.parent.parent.parent)) {
        return [];
      }
      const text = initializer.getText();
      if (!/span|now\(|setSpan|Date/i.test(text) || !ts.isIdentifier(node.name)) return [];
      const kept = `(globalThis as any).kept_${node.name.text}`;
      return [
        replaced(
          initializer,
          `(${kept} ??= ${text})`,
          `${quoted(initializer)} is done once for all requests`,
        ),
      ];
    }),
};

/** Faults of a span itself: its name, kind, place in the trace, tracer and status. */
export const SPANS: Operator[] = [
  otherSpanName,
  spanNameWithValue,
  kindServer,
  kindClient,
  newRoot,
  notActive,
  parentLost,
  unnamedTracer,
  borrowedTracer,
  statusOk,
  statusUnset,
  statusOkBefore,
  sharedValue,
];
