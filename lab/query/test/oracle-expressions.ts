/**
 * What an expression gives, for the oracle: a plain walk over a tree that the generator of random queries made. It
 * shares nothing with the engine, which gets the same expression as a text.
 */
import { numberOf, order, type Value } from './oracle-values.ts';

export type Tree = { literal: Value | null } | { column: string } | { call: string; args: Tree[] };
export type Kind = 'number' | 'text' | 'boolean';

const BOOLEAN = new Set(
  'LT LTE GT GTE EQUALS IN NOT_IN EXISTS NOT BOOL AND OR STARTS_WITH ENDS_WITH CONTAINS REG_MATCH'.split(' '),
);
const NUMBER = new Set(
  'SUM SUB MUL DIV MOD LOG10 INT FLOAT LENGTH REG_COUNT EVENT_TIMESTAMP INGEST_TIMESTAMP UNIX_TIMESTAMP'.split(
    ' ',
  ),
);
const TEXT = new Set('STRING CONCAT TO_LOWER REG_VALUE FORMAT_TIME BUCKET'.split(' '));

/** The types that an expression's value can have, whatever the rows are. */
export function kindsOf(tree: Tree, kindOf: (column: string) => Kind): Set<Kind> {
  if ('column' in tree) return new Set([kindOf(tree.column)]);
  if ('literal' in tree) {
    const { literal } = tree;
    return new Set(literal === null ? [] : [typeof literal === 'string' ? 'text' : (typeof literal as Kind)]);
  }
  const { call, args } = tree;
  const among = (list: Tree[]): Set<Kind> => new Set(list.flatMap((arg) => [...kindsOf(arg, kindOf)]));
  if (BOOLEAN.has(call)) return new Set(['boolean']);
  if (NUMBER.has(call)) return new Set(['number']);
  if (TEXT.has(call)) return new Set(['text']);
  if (call === 'IF') return among(args.filter((_, at) => at % 2 === 1 || at === args.length - 1));
  if (call === 'SWITCH')
    return among(args.filter((_, at) => at > 0 && (at % 2 === 0 || at === args.length - 1)));
  return among(args);
}

const truthy = (value: Value | null): boolean =>
  value === true || value === 'true' || (typeof value === 'number' && value !== 0);
const amount = (value: Value | null): number => numberOf(typeof value === 'boolean' ? null : value) ?? 0;
const less = (a: Value | null, b: Value | null): number | null => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return typeof a === 'string' && typeof b === 'string' ? order(a, b) : null;
};
const plain = (value: number): number => (value === 0 ? 0 : value);
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export interface Event {
  read(column: string): Value | null;
  seconds: number;
}

export function evaluate(tree: Tree, event: Event): Value | null {
  if ('literal' in tree) return tree.literal;
  if ('column' in tree) return event.read(tree.column);
  const { call } = tree;
  const args = tree.args.map((arg) => evaluate(arg, event));
  const [a = null, b = null, c = null, d = null] = args;
  const texts = typeof a === 'string' && typeof b === 'string' ? ([a, b] as const) : null;
  switch (call) {
    case 'IF':
      for (let at = 0; at + 1 < args.length; at += 2)
        if (truthy(args[at] ?? null)) return args[at + 1] ?? null;
      return args.length % 2 === 1 ? (args.at(-1) ?? null) : null;
    case 'SWITCH':
      for (let at = 1; at + 1 < args.length; at += 2) if (args[at] === a) return args[at + 1] ?? null;
      return args.length % 2 === 0 ? (args.at(-1) ?? null) : null;
    case 'COALESCE':
      return args.find((value) => value !== null) ?? null;
    case 'LT':
      return (less(a, b) ?? 0) < 0;
    case 'LTE':
      return (less(a, b) ?? 1) <= 0;
    case 'GT':
      return (less(a, b) ?? 0) > 0;
    case 'GTE':
      return (less(a, b) ?? -1) >= 0;
    case 'EQUALS':
      return a === b;
    case 'IN':
      return args.slice(1).includes(a);
    case 'NOT_IN':
      return !args.slice(1).includes(a);
    case 'EXISTS':
      return a !== null;
    case 'NOT':
      return !truthy(a);
    case 'BOOL':
      return truthy(a);
    case 'AND':
      return args.every(truthy);
    case 'OR':
      return args.some(truthy);
    case 'SUM':
      return plain(args.reduce<number>((sum, value) => sum + amount(value), 0));
    case 'SUB':
      return plain(amount(a) - amount(b));
    case 'MUL':
      return plain(args.reduce<number>((product, value) => product * amount(value), 1));
    case 'DIV':
      return amount(b) === 0 ? null : plain(amount(a) / amount(b));
    case 'MOD':
      return amount(b) === 0 ? null : plain(amount(a) % amount(b));
    case 'MIN':
    case 'MAX': {
      const there = args.filter((value) => value !== null);
      const same = there.filter((value) => typeof value === typeof there[0]);
      const sorted = same.sort((x, y) => (typeof x === 'boolean' ? Number(x) - Number(y) : order(x, y)));
      return sorted.at(call === 'MIN' ? 0 : -1) ?? null;
    }
    case 'LOG10':
      return amount(a) > 0 ? Math.log10(amount(a)) : null;
    case 'INT':
      return plain(Math.trunc(amount(a)));
    case 'FLOAT':
      return amount(a);
    case 'STRING':
      return a === null ? '' : String(a);
    case 'CONCAT':
      return args.map((value) => (value === null ? '' : String(value))).join('');
    case 'STARTS_WITH':
      return texts?.[0].startsWith(texts[1]) ?? false;
    case 'ENDS_WITH':
      return texts?.[0].endsWith(texts[1]) ?? false;
    case 'CONTAINS':
      return texts?.[0].includes(texts[1]) ?? false;
    case 'TO_LOWER':
      return typeof a === 'string' ? a.toLowerCase() : null;
    case 'LENGTH':
      if (typeof a !== 'string') return null;
      return b === 'bytes' ? Buffer.byteLength(a) : [...a].length;
    case 'REG_MATCH':
      return typeof a === 'string' && new RegExp(String(b), 'u').test(a);
    case 'REG_VALUE': {
      const match = typeof a === 'string' ? new RegExp(String(b), 'u').exec(a) : null;
      return match === null ? null : match.length > 1 ? (match[1] ?? '') : match[0];
    }
    case 'REG_COUNT':
      return typeof a === 'string' ? [...a.matchAll(new RegExp(String(b), 'gu'))].length : 0;
    case 'UNIX_TIMESTAMP':
      return typeof a === 'string' && /^\d{4}-\d\d-\d\dT/.test(a) ? Date.parse(a) / 1000 : null;
    case 'EVENT_TIMESTAMP':
    case 'INGEST_TIMESTAMP':
      return event.seconds;
    case 'FORMAT_TIME':
      return formatTime(String(a), typeof b === 'boolean' ? null : numberOf(b));
    case 'BUCKET':
      return bucket(numberOf(typeof a === 'boolean' ? null : a), numberOf(b), c, d, tree.args.length);
    default:
      throw new Error(`the oracle does not know ${call}`);
  }
}

function formatTime(format: string, seconds: number | null): string | null {
  if (seconds === null || Math.abs(seconds) >= 1e11) return null;
  const time = new Date(Math.floor(seconds * 1000));
  const two = (number: number): string => String(number).padStart(2, '0');
  const parts: Record<string, string> = {
    '%Y': String(time.getUTCFullYear()),
    '%m': two(time.getUTCMonth() + 1),
    '%d': two(time.getUTCDate()),
    '%H': two(time.getUTCHours()),
    '%M': two(time.getUTCMinutes()),
    '%S': two(time.getUTCSeconds()),
    '%A': DAYS[time.getUTCDay()] as string,
  };
  return format.replace(/%[A-Za-z]/g, (part) => parts[part] as string);
}

function bucket(
  value: number | null,
  size: number | null,
  min: Value | null,
  max: Value | null,
  given: number,
): string | null {
  if (size === null || size <= 0 || value === null) return null;
  const [least, most] = [given > 2 ? numberOf(min) : null, given > 3 ? numberOf(max) : null];
  if (least !== null && value < least) return `< ${least}`;
  if (most !== null && value >= most) return `>= ${most}`;
  const lower = plain((least ?? 0) + Math.floor((value - (least ?? 0)) / size) * size);
  return `${lower} - ${lower + size}`;
}
