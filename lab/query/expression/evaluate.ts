import { functionName } from './function-name.ts';
import type { Expression } from './parse.ts';

type Value = string | number | boolean | null;

/**
 * A formula's value over the results of one bucket, by the same rules as `expressionSql`. A series is filled with
 * buckets that have no row, so its formulas cannot be a part of the statement that reads rows.
 * @param resultOf the result of the calculation of that name
 */
export function evaluateFormula(expression: Expression, resultOf: (name: string) => number | null): Value {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'column') return resultOf(expression.name);
  const args = expression.args.map((arg) => evaluateFormula(arg, resultOf));
  const name = functionName(expression.name);
  const mathematical = MATHEMATICAL[name];
  if (mathematical) return mathematical(args.map(amount));
  const general = GENERAL[name];
  if (!general) throw new Error(`${name} is no function of formulas`);
  return general(args);
}

const MATHEMATICAL: Readonly<Record<string, (args: number[]) => number | null>> = {
  SUM: (args) => args.reduce((sum, value) => sum + value, 0),
  SUB: ([a = 0, b = 0]) => a - b + 0,
  MUL: (args) => args.reduce((product, value) => product * value, 1) + 0,
  DIV: ([a = 0, b = 0]) => (b === 0 ? null : a / b + 0),
  MOD: ([a = 0, b = 0]) => (b === 0 ? null : (a % b) + 0),
  LOG10: ([a = 0]) => (a > 0 ? Math.log10(a) : null),
  INT: ([a = 0]) => Math.trunc(a) + 0,
  FLOAT: ([a = 0]) => a,
};

const GENERAL: Readonly<Record<string, (args: Value[]) => Value>> = {
  IF: (args) => firstThat(args, truthy),
  SWITCH: ([value, ...rest]) => firstThat(rest, (key) => key === value),
  COALESCE: (args) => args.find((value) => value !== null) ?? null,
  LT: ([a, b]) => comparable(a, b) && (a as number) < (b as number),
  LTE: ([a, b]) => comparable(a, b) && (a as number) <= (b as number),
  GT: ([a, b]) => comparable(a, b) && (a as number) > (b as number),
  GTE: ([a, b]) => comparable(a, b) && (a as number) >= (b as number),
  EQUALS: ([a, b]) => a === b,
  IN: ([value, ...list]) => list.includes(value as Value),
  NOT_IN: ([value, ...list]) => !list.includes(value as Value),
  EXISTS: ([value]) => value !== null,
  NOT: ([value]) => !truthy(value),
  BOOL: ([value]) => truthy(value),
  AND: (args) => args.every(truthy),
  OR: (args) => args.some(truthy),
  MIN: (args) => extreme(args, (a, b) => a < b),
  MAX: (args) => extreme(args, (a, b) => a > b),
};

/** The functions that a formula may use: those of numbers and conditions. */
export const FORMULA_FUNCTIONS: ReadonlySet<string> = new Set([
  ...Object.keys(MATHEMATICAL),
  ...Object.keys(GENERAL),
]);

function amount(value: Value): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : 0;
}

function truthy(value: Value | undefined): boolean {
  return value === true || value === 'true' || (typeof value === 'number' && value !== 0);
}

function comparable(a: Value | undefined, b: Value | undefined): boolean {
  return typeof a === typeof b && (typeof a === 'number' || typeof a === 'string');
}

function firstThat(args: readonly Value[], holds: (value: Value) => boolean): Value {
  for (let at = 0; at + 1 < args.length; at += 2) if (holds(args[at] as Value)) return args[at + 1] as Value;
  return args.length % 2 === 1 ? (args.at(-1) as Value) : null;
}

function extreme(args: readonly Value[], before: (a: Value & {}, b: Value & {}) => boolean): Value {
  const first = args.find((value) => value !== null) ?? null;
  return args
    .filter((value) => value !== null && typeof value === typeof first)
    .reduce((best, value) => (before(value as Value & {}, best as Value & {}) ? value : best), first);
}
