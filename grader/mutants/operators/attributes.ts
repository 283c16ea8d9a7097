import ts from 'typescript';
import type { Mutation, Operator } from '../operator.ts';
import { callsOf, importing, literalText, quoted, replaced, replacing } from '../syntax.ts';
import { camelCase } from './camel-case.ts';

interface SetAttribute {
  call: ts.CallExpression;
  key: ts.Expression;
  value: ts.Expression;
}

const settings = (source: ts.SourceFile): SetAttribute[] =>
  callsOf(source, 'setAttribute').flatMap((call) => {
    const [key, value] = call.arguments;
    // A key that is no literal is the solution's own note to itself.
    return key && value && literalText(key) !== null ? [{ call, key, value }] : [];
  });

/** By its form only: a count, a sum or a conversion. Everything else is taken for text. */
const isNumber = (value: ts.Expression): boolean =>
  /\.length$|^Number\(|^Math\.|^\d/.test(value.getText()) ||
  (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.MinusToken);

/** An operator that rewrites the value; `rewrite` gives null where it does not fit. */
const ofValue = (
  name: string,
  rewrite: (text: string, number: boolean) => { text: string; what: string } | null,
): Operator => ({
  name,
  find: (source) =>
    settings(source).flatMap(({ key, value }) => {
      const changed = rewrite(value.getText(), isNumber(value));
      return changed ? [replaced(value, changed.text, `${key.getText()} ${changed.what}`)] : [];
    }),
});

const ofKey = (name: string, rewrite: (key: string) => string): Operator => ({
  name,
  find: (source) =>
    settings(source).flatMap(({ key }) => {
      const text = literalText(key);
      if (text === null) return [];
      const other = rewrite(text);
      return [replaced(key, `'${other}'`, `the attribute is called ${other}`)];
    }),
});

const onOtherSpan = (name: string, span: string, what: string): Operator => ({
  name,
  find: (source) =>
    spansAskedFor(source).map((node): Mutation => {
      const edits = [replacing(node, span), ...importing(source, 'trace', '@opentelemetry/api')];
      return { at: node.getStart(), edits, what: `${what} in place of ${quoted(node)}` };
    }),
});

/** Expressions by which the solution gets at the span of a request. */
const spansAskedFor = (source: ts.SourceFile): ts.Node[] => [
  ...callsOf(source, 'requestSpan'),
  ...callsOf(source, 'getRPCMetadata').map((call) =>
    ts.isPropertyAccessExpression(call.parent) ? call.parent : call,
  ),
];

/** Faults of attributes: keys, types and values, and the span that they are set on. */
export const ATTRIBUTES: Operator[] = [
  ofKey('camel-key', camelCase),
  ofKey('other-key', (key) => `${key}_value`),
  ofValue('value-as-text', (text, number) =>
    number ? { text: `String(${text})`, what: 'is text, and should be a number' } : null,
  ),
  ofValue('value-as-number', (text, number) =>
    number ? null : { text: `Number(${text})`, what: 'is a number, and should be text' },
  ),
  ofValue('value-as-list', (text) => ({ text: `[${text}] as any`, what: 'is a list' })),
  ofValue('value-constant', (_text, number) => ({
    text: number ? '42' : "'4711'",
    what: 'is the same for everybody',
  })),
  ofValue('value-altered', (text, number) =>
    number
      ? { text: `${text} + 1`, what: 'is one too high' }
      : { text: `\`user-\${${text}}\``, what: 'has something before it' },
  ),
  ofValue('value-of-first', (text) => ({
    text: `((globalThis as any).firstValue ??= ${text})`,
    what: 'is that of the first request, for all requests',
  })),
  onOtherSpan('active-span', 'trace.getActiveSpan()', 'the active span is taken'),
  onOtherSpan(
    'new-span',
    "trace.getTracer('murmur').startSpan('note')",
    'a new span, which never ends, is taken',
  ),
];
