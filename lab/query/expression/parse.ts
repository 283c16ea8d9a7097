import { createRequire } from 'node:module';
import { GRAMMAR } from './grammar.ts';

export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'column'; name: string }
  | { kind: 'call'; name: string; args: Expression[] };

/** Honeycomb's limit, in characters. */
export const MAX_EXPRESSION = 4_095;

interface Parser {
  parse(text: string): Expression;
}
interface PeggyError {
  found: string | null;
  location?: { start: { offset: number } };
  expected?: { type: string; description?: string }[] | null;
}

let parser: Parser | undefined;

/**
 * An expression as a tree of calls. Says nothing of functions and their arguments: `expressionFault` does.
 * @throws SyntaxError with one line that says where it stops to make sense
 */
export function parseExpression(text: string): Expression {
  // Making the parser takes some ten milliseconds, and most queries have no expression.
  parser ??= (createRequire(import.meta.url)('peggy') as typeof import('peggy')).generate(GRAMMAR) as Parser;
  try {
    return parser.parse(text);
  } catch (error) {
    throw new SyntaxError(describe(text, error as Error & PeggyError), { cause: error });
  }
}

function describe(text: string, error: Error & PeggyError): string {
  if (error instanceof RangeError) return 'it is nested too deep';
  const offset = error.location?.start.offset;
  if (offset === undefined) return error.message;
  if (offset >= text.length) return `it ends too early, after ${excerpt(text.slice(-20))}`;
  // Without a list of what was expected it is a sentence of the grammar's own.
  if (!error.expected) return `${error.message}, at character ${offset + 1}`;
  return `${excerpt(text.slice(offset, offset + 20))} makes no sense at character ${offset + 1}`;
}

function excerpt(text: string): string {
  return JSON.stringify(text.replace(/\s+/g, ' '));
}
