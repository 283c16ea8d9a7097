import { nearestName } from '@workshop/telemetry';
import { FORMULA_FUNCTIONS } from './evaluate.ts';
import { ALIASES, functionName } from './function-name.ts';
import type { Expression } from './parse.ts';

/** How many arguments a function takes. */
interface Arity {
  least: number;
  most: number;
  /** arguments, counted from 0, that must be written out: a regular expression, a format */
  literalText?: readonly number[];
}

const any = (least: number): Arity => ({ least, most: Number.POSITIVE_INFINITY });
const exactly = (count: number, ...literalText: number[]): Arity => ({
  least: count,
  most: count,
  literalText,
});

/** Every function of Honeycomb's calculated field reference, and the lab's way to count its arguments. */
const FUNCTIONS: Readonly<Record<string, Arity>> = {
  IF: any(2),
  SWITCH: any(3),
  COALESCE: any(1),
  LT: exactly(2),
  LTE: exactly(2),
  GT: exactly(2),
  GTE: exactly(2),
  EQUALS: exactly(2),
  IN: any(2),
  NOT_IN: any(2),
  EXISTS: exactly(1),
  NOT: exactly(1),
  AND: any(1),
  OR: any(1),
  SUM: any(1),
  SUB: exactly(2),
  MUL: any(1),
  DIV: exactly(2),
  MOD: exactly(2),
  MIN: any(1),
  MAX: any(1),
  LOG10: exactly(1),
  BUCKET: { least: 2, most: 4 },
  INT: exactly(1),
  FLOAT: exactly(1),
  BOOL: exactly(1),
  STRING: exactly(1),
  CONCAT: any(1),
  STARTS_WITH: exactly(2),
  ENDS_WITH: exactly(2),
  CONTAINS: exactly(2),
  TO_LOWER: exactly(1),
  LENGTH: { least: 1, most: 2, literalText: [1] },
  REG_MATCH: exactly(2, 1),
  REG_VALUE: exactly(2, 1),
  REG_COUNT: exactly(2, 1),
  UNIX_TIMESTAMP: exactly(1),
  EVENT_TIMESTAMP: exactly(0),
  INGEST_TIMESTAMP: exactly(0),
  FORMAT_TIME: exactly(2, 0),
  RAND: exactly(0),
};

/** What is wrong with the calls of an expression, as one line; null when nothing is. */
export function expressionFault(expression: Expression, use: 'field' | 'formula'): string | null {
  if (expression.kind !== 'call') return null;
  return callFault(expression, use) ?? firstFault(expression.args, use);
}

function firstFault(args: readonly Expression[], use: 'field' | 'formula'): string | null {
  for (const arg of args) {
    const fault = expressionFault(arg, use);
    if (fault !== null) return fault;
  }
  return null;
}

function callFault({ name, args }: Expression & { kind: 'call' }, use: 'field' | 'formula'): string | null {
  const arity = FUNCTIONS[functionName(name)];
  if (name === 'METRO_HASH') return 'the lab has no METRO_HASH: what it gives is known to Honeycomb alone';
  if (!arity) {
    const near = nearestName(name, [...Object.keys(FUNCTIONS), ...Object.keys(ALIASES)])?.candidate;
    return `there is no function ${name}${near ? `; did you mean ${near}?` : ''}`;
  }
  if (use === 'formula' && !FORMULA_FUNCTIONS.has(functionName(name)))
    return `${name} is of texts or events, and a formula reads the numbers of calculations`;
  const { least, most, literalText = [] } = arity;
  if (args.length < least || args.length > most)
    return `${name} takes ${counted(arity)}; this has ${args.length}`;
  const unwritten = literalText.find((at) => at < args.length && !isText(args[at] as Expression));
  if (unwritten !== undefined) return `${name}: argument ${unwritten + 1} must be a text that is written out`;
  if (name === 'LENGTH' && args[1]?.kind === 'literal' && !['bytes', 'chars'].includes(String(args[1].value)))
    return 'LENGTH counts "bytes" or "chars"';
  return null;
}

function counted({ least, most }: Arity): string {
  const range =
    most === least
      ? `${least}`
      : most === Number.POSITIVE_INFINITY
        ? `${least} or more`
        : `${least} to ${most}`;
  return `${range} argument${range === '1' ? '' : 's'}`;
}

function isText(expression: Expression): boolean {
  return expression.kind === 'literal' && typeof expression.value === 'string';
}

/** The columns that an expression reads, each once. */
export function columnsOf(expression: Expression): string[] {
  if (expression.kind === 'column') return [expression.name];
  if (expression.kind === 'literal') return [];
  return [...new Set(expression.args.flatMap(columnsOf))];
}

/** The regular expressions that an expression is written with. */
export function patternsOf(expression: Expression): string[] {
  if (expression.kind !== 'call') return [];
  const [, pattern] = expression.args;
  const own =
    expression.name.startsWith('REG_') && pattern?.kind === 'literal' ? [String(pattern.value)] : [];
  return [...own, ...expression.args.flatMap(patternsOf)];
}
