import type { Tree } from './oracle-expressions.ts';
import type { Value } from './oracle-values.ts';
import type { Random } from './random.ts';

/** Columns of each type, and some of several. */
const NUMBERS = ['duration_ms', 'murmur.count', 'murmur.ratio', 'http.response.status_code', 'status_code'];
const TEXTS = ['name', 'http.route', 'user.id', 'word', 'mixed', 'service.name', 'not.there', 'list'];
const BOOLEANS = ['murmur.flag'];
const WORDS = [
  '',
  'a',
  'GET',
  'e',
  '/feed',
  '12',
  '-3.5',
  'true',
  'zoë',
  'murmur-api',
  '2017-07-20T11:22:44.888Z',
];
const PATTERNS = ['[a-z]+', '(\\d+)', '^/', 'e', '(a)|b', '^GET (.+)$', '\\.', '[()]', '[^a-z]'];
const FORMATS = ['%Y-%m-%d', '%H:%M', '%A', '%m%d %H:%M:%S'];
const INFIX: Readonly<Record<string, string>> = {
  EQUALS: '=',
  LT: '<',
  LTE: '<=',
  GT: '>',
  GTE: '>=',
  SUM: '+',
  SUB: '-',
  MUL: '*',
  DIV: '/',
  MOD: '%',
  AND: 'AND',
  OR: 'OR',
};

const call = (name: string, ...args: Tree[]): Tree => ({ call: name, args });
const literal = (value: Value | null): Tree => ({ literal: value });

/**
 * A random expression. `exact`: its numbers have few digits, so that they are written alike everywhere and can be
 * grouped by.
 */
export function randomTree(random: Random, exact: boolean, depth = 3): Tree {
  const roll = random.below(4);
  if (roll === 0) return numberTree(random, exact, depth);
  if (roll === 1) return textTree(random, depth);
  if (roll === 2) return booleanTree(random, depth);
  return eitherTree(random, exact, depth);
}

function eitherTree(random: Random, exact: boolean, depth: number): Tree {
  const any = (): Tree => (depth <= 1 ? leaf(random) : randomTree(random, exact, depth - 1));
  const list = (least: number): Tree[] => Array.from({ length: least + random.below(3) }, any);
  switch (random.below(4)) {
    case 0:
      return call('IF', ...conditions(random, any, depth), ...(random.chance(0.6) ? [any()] : []));
    case 1: {
      const keys = Array.from({ length: 1 + random.below(2) }, () => [
        literal(random.pick(WORDS)),
        any(),
      ]).flat();
      return call('SWITCH', textTree(random, depth - 1), ...keys, ...(random.chance(0.5) ? [any()] : []));
    }
    case 2:
      return call('COALESCE', ...list(1));
    default:
      return call(random.pick(['MIN', 'MAX']), ...list(1));
  }
}

function conditions(random: Random, any: () => Tree, depth: number): Tree[] {
  return Array.from({ length: 1 + random.below(2) }, () => [booleanTree(random, depth - 1), any()]).flat();
}

function leaf(random: Random): Tree {
  return random.chance(0.7)
    ? { column: random.pick([...NUMBERS, ...TEXTS, ...BOOLEANS]) }
    : literal(random.pick<Value | null>([...WORDS, 0, 2, -3.5, 250, true, false, null]));
}

function numberTree(random: Random, exact: boolean, depth: number): Tree {
  const number = (): Tree => (random.chance(0.15) ? leaf(random) : numberTree(random, exact, depth - 1));
  if (depth <= 0)
    return random.chance(0.7)
      ? { column: random.pick(NUMBERS) }
      : literal(random.pick([0, 1, 2, -3.5, 10, 250, 0.5]));
  const functions = ['SUM', 'SUB', 'INT', 'FLOAT', 'LENGTH', 'REG_COUNT', 'MOD', 'SINCE', 'leaf', 'leaf'];
  const name = random.pick(exact ? functions : [...functions, 'MUL', 'DIV', 'LOG10', 'UNIX_TIMESTAMP']);
  switch (name) {
    case 'SUM':
    case 'MUL':
      return call(name, number(), ...Array.from({ length: random.below(3) }, number));
    case 'SUB':
    case 'DIV':
    case 'MOD':
      return call(name, number(), number());
    case 'INT':
    case 'FLOAT':
    case 'LOG10':
      return call(name, number());
    case 'LENGTH':
      return call(
        name,
        textTree(random, depth - 1),
        ...(random.chance(0.5) ? [literal(random.pick(['bytes', 'chars']))] : []),
      );
    case 'REG_COUNT':
      return call(name, textTree(random, depth - 1), literal(random.pick(PATTERNS)));
    case 'UNIX_TIMESTAMP':
      return call(name, textTree(random, depth - 1));
    case 'SINCE':
      return call(
        'INT',
        call('SUB', call(random.pick(['EVENT_TIMESTAMP', 'INGEST_TIMESTAMP'])), literal(1_794_990_000)),
      );
    default:
      return numberTree(random, exact, 0);
  }
}

function textTree(random: Random, depth: number): Tree {
  if (depth <= 0) return random.chance(0.7) ? { column: random.pick(TEXTS) } : literal(random.pick(WORDS));
  switch (random.below(7)) {
    case 0:
      return call('STRING', randomTree(random, true, depth - 1));
    case 1:
      return call(
        'CONCAT',
        ...Array.from({ length: 1 + random.below(3) }, () => randomTree(random, true, depth - 1)),
      );
    case 2:
      return call('TO_LOWER', textTree(random, depth - 1));
    case 3:
      return call('REG_VALUE', textTree(random, depth - 1), literal(random.pick(PATTERNS)));
    case 4:
      return call(
        'FORMAT_TIME',
        literal(random.pick(FORMATS)),
        call('SUM', call('EVENT_TIMESTAMP'), literal(random.below(100_000))),
      );
    case 5: {
      const range = [literal(random.pick([0, -10, 5])), literal(random.pick([100, 1000]))].slice(
        0,
        random.below(3),
      );
      return call(
        'BUCKET',
        numberTree(random, true, depth - 1),
        literal(random.pick([10, 0.5, 100, 0])),
        ...range,
      );
    }
    default:
      return textTree(random, 0);
  }
}

function booleanTree(random: Random, depth: number): Tree {
  const any = (): Tree => (depth <= 1 ? leaf(random) : randomTree(random, false, depth - 1));
  const text = (): Tree => textTree(random, depth - 1);
  if (depth <= 0)
    return random.chance(0.5) ? { column: random.pick(BOOLEANS) } : call('EXISTS', leaf(random));
  switch (random.below(9)) {
    case 0:
      return call(
        random.pick(['LT', 'LTE', 'GT', 'GTE']),
        numberTree(random, false, depth - 1),
        numberTree(random, false, depth - 1),
      );
    case 1:
      return call(random.pick(['LT', 'LTE', 'GT', 'GTE', 'EQUALS']), any(), any());
    case 2:
      return call(random.pick(['IN', 'NOT_IN']), any(), ...Array.from({ length: 1 + random.below(3) }, any));
    case 3:
      return call(random.pick(['EXISTS', 'NOT', 'BOOL']), any());
    case 4:
      return call(random.pick(['AND', 'OR']), ...Array.from({ length: 1 + random.below(3) }, any));
    case 5:
      return call(random.pick(['STARTS_WITH', 'ENDS_WITH', 'CONTAINS']), text(), text());
    case 6:
      return call('REG_MATCH', text(), literal(random.pick(PATTERNS)));
    case 7:
      return call('EQUALS', text(), literal(random.pick(WORDS)));
    default:
      return booleanTree(random, 0);
  }
}

/** A formula over calculations of these names, of which `exact` ones have no rounding in them. */
export function randomFormula(random: Random, names: readonly string[], exact: readonly string[]): Tree {
  const name = (): Tree => ({ column: random.pick(names) });
  const sure = (): Tree => (exact.length > 0 ? { column: random.pick(exact) } : literal(3));
  switch (random.below(6)) {
    case 0:
      return call('DIV', name(), sure());
    case 1:
      return call('SUB', name(), name());
    case 2:
      return call('MUL', name(), literal(random.pick([100, 0.5, -2])));
    case 3:
      return call('IF', call('GT', sure(), literal(random.pick([0, 2, 10]))), name(), literal(-1));
    case 4:
      return call('COALESCE', name(), literal(0));
    default:
      return call(random.pick(['SUM', 'MIN', 'MAX']), name(), name(), literal(1));
  }
}

/** A tree as Honeycomb's language writes it: with operators or with functions, as it comes. */
export function written(tree: Tree, random: Random): string {
  if ('column' in tree) {
    const { column } = tree;
    if (!/^[\w.]+$/.test(column) || random.chance(0.2)) return `$${JSON.stringify(column)}`;
    return `$${column}`;
  }
  if ('literal' in tree) {
    const { literal: value } = tree;
    return typeof value === 'string' && !/[`\n]/.test(value) && random.chance(0.5)
      ? `\`${value}\``
      : JSON.stringify(value);
  }
  const args = tree.args.map((arg) => written(arg, random));
  const operator = INFIX[tree.call];
  if (operator && args.length === 2 && random.chance(0.5)) return `(${args.join(` ${operator} `)})`;
  if (tree.call === 'NOT' && random.chance(0.5)) return `!(${args[0]})`;
  const name = random.chance(0.9) ? tree.call : tree.call.toLowerCase();
  return `${name}(${args.join(', ')}${args.length > 0 && random.chance(0.1) ? ',' : ''})`;
}
