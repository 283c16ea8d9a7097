import type { Calculation, Filter, QuerySpec } from '../index.ts';
import type { Tree } from './oracle-expressions.ts';
import type { Random } from './random.ts';
import { WORDS } from './random-data.ts';
import { randomFormula, randomTree, written } from './random-expressions.ts';

const COLUMNS = [
  'name',
  'duration_ms',
  'service.name',
  'user.id',
  'http.route',
  'http.response.status_code',
  'murmur.count',
  'murmur.ratio',
  'murmur.flag',
  'mixed',
  'word',
  'list',
  'error',
  'status_code',
  'status_message',
  'span.kind',
  'type',
  'is_root',
  'trace.parent_id',
  'meta.annotation_type',
  'meta.signal_type',
  'parent_name',
  'library.name',
  'span.num_events',
  'process.pid',
  'not.there',
  'trace.link.trace_id',
  'meta.time_since_span_start_ms',
];
const NUMBERS = [
  'duration_ms',
  'murmur.count',
  'murmur.ratio',
  'http.response.status_code',
  'mixed',
  'word',
  'status_code',
  'not.there',
];
const RELATED = ['root', 'parent', 'child', 'any', 'any2', 'any3'];
const WITH_COLUMN = [
  'SUM',
  'AVG',
  'MAX',
  'MIN',
  'COUNT_DISTINCT',
  'P001',
  'P01',
  'P05',
  'P10',
  'P20',
  'P25',
  'P50',
  'P75',
  'P80',
  'P90',
  'P95',
  'P99',
  'P999',
  'RATE_AVG',
  'RATE_SUM',
  'RATE_MAX',
  'HEATMAP',
  'COUNT',
] as const;
const VALUES: readonly (string | number | boolean)[] = [
  ...WORDS,
  'GET /feed',
  'murmur-api',
  '1003',
  '/feed',
  'server',
  'timeout',
  'span_event',
  'log',
  0,
  1,
  2,
  7,
  12,
  200,
  500,
  1003,
  250.5,
  true,
  false,
];

const FILTER_OPS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'starts-with',
  'does-not-start-with',
  'ends-with',
  'does-not-end-with',
  'exists',
  'does-not-exist',
  'contains',
  'does-not-contain',
  'in',
  'not-in',
] as const;
/** For numbers with many digits, which are not written alike everywhere. */
const NUMBER_OPS = ['>', '<', 'exists', 'does-not-exist'] as const;
/** Calculations whose results have no rounding in them. */
const EXACT = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'MAX', 'MIN']);

/** The names that a query may use for columns: its calculated fields too. */
class Names {
  readonly #exact: string[];
  readonly #inexact: string[];

  constructor(exact: string[], inexact: string[]) {
    this.#exact = exact;
    this.#inexact = inexact;
  }

  pick(random: Random, columns: readonly string[], exactOnly = false): string {
    const own = exactOnly ? this.#exact : [...this.#exact, ...this.#inexact];
    return own.length > 0 && random.chance(0.3) ? random.pick(own) : random.pick(columns);
  }

  isExact(name: string): boolean {
    return !this.#inexact.includes(name);
  }
}

function related(random: Random, column: string, share: number, none: boolean): string {
  if (!random.chance(share)) return column;
  return `${random.pick(none ? [...RELATED, 'none'] : RELATED)}.${column}`;
}

function randomFilter(random: Random, names: Names, relations: boolean): Filter {
  const name = names.pick(random, COLUMNS);
  const column = relations ? related(random, name, 0.3, true) : name;
  const op = random.pick(names.isExact(name) ? FILTER_OPS : NUMBER_OPS);
  if (op === 'exists' || op === 'does-not-exist') return { column, op };
  if (op === 'in' || op === 'not-in')
    return { column, op, value: Array.from({ length: 1 + random.below(3) }, () => random.pick(VALUES)) };
  if (/[a-z]/.test(op))
    return {
      column,
      op,
      value: random.pick([...WORDS, 'GET', 'murmur', '/', 'e', '1', '5', '.', '.5', '0']),
    };
  return { column, op, value: random.pick(VALUES) };
}

function randomCalculation(random: Random, names: Names, index: number, plain: boolean): Calculation {
  const roll = random.next();
  if (roll < 0.25) return { op: 'COUNT' };
  if (roll < 0.33) return { op: 'CONCURRENCY' };
  const op = random.pick(WITH_COLUMN);
  const exactOnly = op === 'COUNT_DISTINCT';
  const name = names.pick(random, op === 'COUNT' || exactOnly ? COLUMNS : NUMBERS, exactOnly);
  const calculation: Calculation = { op, column: name };
  if (plain && random.chance(0.6)) calculation.name = `${op.startsWith('RATE_') ? 'RATE_' : ''}n${index}`;
  if (calculation.name !== undefined && random.chance(0.5)) {
    calculation.filters = Array.from({ length: random.chance(0.3) ? 2 : 1 }, () =>
      randomFilter(random, names, false),
    );
    if (random.chance(0.3)) calculation.filter_combination = 'OR';
  }
  return calculation;
}

export interface RandomQuery {
  query: QuerySpec;
  /** what the expressions of calculated fields and formulas mean, by their names */
  trees: ReadonlyMap<string, Tree>;
}

export function randomQuery(random: Random, nowMs: number): RandomQuery {
  const query: QuerySpec = {};
  const trees = new Map<string, Tree>();
  addTime(random, query, nowMs);
  const names = addCalculatedFields(random, query, trees);
  // A query with formulas or with filters of a calculation names no column of another span.
  const plain = random.chance(0.25);
  const breakdowns = new Set<string>();
  const wanted = random.pick([0, 0, 1, 1, 1, 2, 3]);
  while (breakdowns.size < wanted)
    breakdowns.add(related(random, names.pick(random, COLUMNS, true), plain ? 0 : 0.2, false));
  if (wanted > 0) query.breakdowns = [...breakdowns];
  const calculations = new Map<string, Calculation>();
  for (let i = random.below(5); i > 0; i--) {
    const calculation = randomCalculation(random, names, i, plain);
    calculations.set(keyOf(calculation), calculation);
  }
  if (calculations.size > 0) query.calculations = [...calculations.values()];
  const filters = random.pick([0, 1, 1, 2, 3]);
  // One filter is enough: then none of them is about another span.
  const or = random.chance(0.25);
  if (filters > 0)
    query.filters = Array.from({ length: filters }, () => randomFilter(random, names, !plain && !or));
  if (or) query.filter_combination = 'OR';
  if (plain && random.chance(0.5)) addFormulas(random, query, trees);
  addOrdersAndHavings(random, query);
  if (random.chance(0.5)) query.limit = random.pick([1, 2, 5, 20, 1000]);
  if (random.chance(0.1)) query.usage_mode = true;
  return { query, trees };
}

function addTime(random: Random, query: QuerySpec, nowMs: number): void {
  const now = Math.ceil(nowMs / 1000);
  const range = random.pick([60, 300, 600, 1800, 3600, 5000]);
  const form = random.below(4);
  if (form === 0) query.time_range = range;
  if (form === 1) Object.assign(query, { start_time: now - 3600 + random.below(1800), time_range: range });
  if (form === 2) Object.assign(query, { end_time: now - random.below(1800), time_range: range });
  if (form === 3) Object.assign(query, { start_time: now - 3600, end_time: now - 3600 + range });
  if (form === 3 && random.chance(0.02)) return void Object.assign(query, { end_time: now - 3600 });
  if (random.chance(0.5)) query.granularity = Math.max(Math.ceil(range / 40), 1 + random.below(range));
  if (random.chance(0.15))
    query.compare_time_offset_seconds = range <= 1800 && random.chance(0.5) ? 1800 : range;
}

function addCalculatedFields(random: Random, query: QuerySpec, trees: Map<string, Tree>): Names {
  const [exact, inexact]: [string[], string[]] = [[], []];
  if (random.chance(0.5)) {
    query.calculated_fields = Array.from({ length: 1 + random.below(2) }, (_, index) => {
      const few = random.chance(0.7);
      const name = `field ${index}`;
      const tree = randomTree(random, few);
      trees.set(name, tree);
      (few ? exact : inexact).push(name);
      return { name, expression: written(tree, random) };
    });
  }
  return new Names(exact, inexact);
}

function addFormulas(random: Random, query: QuerySpec, trees: Map<string, Tree>): void {
  query.calculations = (query.calculations ?? [{ op: 'COUNT' }]).filter(({ op }) => op !== 'HEATMAP');
  if (query.calculations.length === 0) query.calculations = [{ op: 'COUNT' }];
  const names = query.calculations.map(keyOf);
  const exact = query.calculations.filter(({ op }) => EXACT.has(op)).map(keyOf);
  query.formulas = Array.from({ length: 1 + random.below(2) }, (_, index) => {
    const tree = randomFormula(random, names, exact);
    trees.set(`formula ${index}`, tree);
    return { name: `formula ${index}`, expression: written(tree, random) };
  });
}

function addOrdersAndHavings(random: Random, query: QuerySpec): void {
  const present: Calculation[] = query.calculations ?? [{ op: 'COUNT' }];
  const orderable = present.filter((item) => item.op !== 'HEATMAP');
  const direction = (): 'ascending' | 'descending' => random.pick(['ascending', 'descending']);
  if (random.chance(0.6)) {
    const orders: NonNullable<QuerySpec['orders']> = [];
    if (query.formulas && random.chance(0.5)) orders.push({ column: 'formula 0', order: direction() });
    else if (orderable.length > 0 && random.chance(0.7)) {
      const { op, column, name } = random.pick(orderable);
      orders.push({ ...(name === undefined ? { op, column } : { column: name }), order: direction() });
    }
    if (query.breakdowns && random.chance(0.5))
      orders.push({ column: random.pick(query.breakdowns), order: direction() });
    if (orders.length > 0) query.orders = orders;
  }
  if (orderable.length > 0 && random.chance(0.2)) {
    const { op: calculate_op, column, name } = random.pick(orderable);
    const op = random.pick(['=', '!=', '>', '>=', '<', '<='] as const);
    const value = random.pick([0, 1, 2, 10, 250]);
    const formula = query.formulas && random.chance(0.5) ? 'formula 0' : undefined;
    const named = formula ?? name;
    const having = { column: named ?? column, op, value };
    query.havings = [named !== undefined && random.chance(0.3) ? having : { calculate_op, ...having }];
  }
}

function keyOf({ op, column, name }: Calculation): string {
  return name ?? (column === undefined ? op : `${op}(${column})`);
}
