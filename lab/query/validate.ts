import { nearestName } from '@workshop/telemetry';
import { Check, type Fields, isEmpty, isObject, isScalar } from './check.ts';
import { QueryError } from './problems.ts';
import {
  type Calculation,
  type CalculationOp,
  FILTER_OPS,
  type Filter,
  HAVING_OPS,
  type QuerySpec,
  splitRelation,
} from './spec.ts';
import { rangeSeconds } from './time.ts';

/** Honeycomb's limits. */
const MAX_LIMIT = 1_000;
const MAX_LIMIT_WITHOUT_SERIES = 10_000;

const FIELDS = [
  'breakdowns',
  'calculations',
  'filters',
  'filter_combination',
  'granularity',
  'orders',
  'havings',
  'limit',
  'time_range',
  'start_time',
  'end_time',
  'usage_mode',
];
const UNSUPPORTED = ['calculated_fields', 'formulas', 'compare_time_offset_seconds'];
const TEXT_OPS = new Set([
  'starts-with',
  'does-not-start-with',
  'ends-with',
  'does-not-end-with',
  'contains',
  'does-not-contain',
]);
/** Calculations for which a column is not needed. */
const COLUMN_OPTIONAL = new Set(['COUNT', 'CONCURRENCY']);

export interface ValidateOptions {
  /** allows a limit of up to 10,000, as Honeycomb does */
  disableSeries?: boolean;
}

/**
 * Checks a query as Honeycomb would, with the same limits, and returns it.
 * @throws QueryError that names every field with a problem
 */
export function validateQuery(input: unknown, options: ValidateOptions = {}): QuerySpec {
  const check = new QueryCheck(options);
  check.query(input);
  if (check.problems.length > 0) throw new QueryError(check.problems);
  return input as QuerySpec;
}

class QueryCheck extends Check {
  private readonly options: ValidateOptions;

  constructor(options: ValidateOptions) {
    super();
    this.options = options;
  }

  query(input: unknown): void {
    if (!isObject(input)) {
      this.add('query', 'incorrect_type', 'a query is a JSON object');
      return;
    }
    for (const field of Object.keys(input)) {
      if (FIELDS.includes(field) || field === 'id' || input[field] === undefined) continue;
      if (UNSUPPORTED.includes(field)) {
        if (isEmpty(input[field])) continue;
        this.add(field, 'unsupported', `the lab does not support ${field} yet; Honeycomb does`);
      } else {
        const near = nearestName(field, FIELDS)?.candidate;
        this.add(field, 'invalid', `this is not a field of a query${near ? `; did you mean ${near}?` : ''}`);
      }
    }
    this.breakdowns(input.breakdowns);
    this.list('calculations', input.calculations, (item, path) => this.calculation(item, path));
    this.names(input.calculations);
    this.list('filters', input.filters, (item, path) => this.filter(item, path, true));
    this.oneOf('filter_combination', input.filter_combination, ['AND', 'OR']);
    this.list('orders', input.orders, (item, path) => this.order(item, path, input));
    this.list('havings', input.havings, (item, path) => this.having(item, path, input));
    const most = this.options.disableSeries ? MAX_LIMIT_WITHOUT_SERIES : MAX_LIMIT;
    this.integer('limit', input.limit, 1, most);
    if (input.usage_mode !== undefined && typeof input.usage_mode !== 'boolean') {
      this.add('usage_mode', 'incorrect_type', 'it is true or false');
    }
    this.time(input);
  }

  private breakdowns(value: unknown): void {
    this.list('breakdowns', value, (item, path) => {
      this.column(item, path);
      if (typeof item === 'string' && splitRelation(item)[0] === 'none') {
        this.add(path, 'invalid', 'none. is for filters only: no span of it is there to group by');
      }
    });
    if (Array.isArray(value) && new Set(value).size < value.length) {
      this.add('breakdowns', 'invalid', 'a column is named twice');
    }
  }

  private calculation(item: unknown, path: string): void {
    if (!isObject(item)) {
      this.add(path, 'incorrect_type', 'a calculation is an object such as {"op": "COUNT"}');
      return;
    }
    this.keys(item, path, ['op', 'column', 'name', 'filters', 'filter_combination']);
    if (!this.operation(`${path}.op`, item.op)) return;
    const op = item.op as CalculationOp;
    const column = item.column ?? undefined;
    if (op === 'CONCURRENCY' && column !== undefined) {
      this.add(
        `${path}.column`,
        'invalid',
        'CONCURRENCY takes no column: it reads the duration of each span',
      );
    } else if (column === undefined && !COLUMN_OPTIONAL.has(op)) {
      this.add(`${path}.column`, 'missing', `${op} needs a column`);
    } else if (column !== undefined) {
      this.column(column, `${path}.column`);
      if (typeof column === 'string' && splitRelation(column)[0] === 'none') {
        this.add(`${path}.column`, 'invalid', 'none. is for filters only');
      }
    }
    if (
      item.name !== undefined &&
      item.name !== null &&
      (typeof item.name !== 'string' || item.name === '')
    ) {
      this.add(`${path}.name`, 'incorrect_type', 'a name is a text');
    }
    this.oneOf(`${path}.filter_combination`, item.filter_combination, ['AND', 'OR']);
    this.list(`${path}.filters`, item.filters, (filter, at) => this.filter(filter, at, false));
    if (Array.isArray(item.filters) && item.filters.length > 0 && !item.name) {
      this.add(`${path}.name`, 'missing', 'a calculation with filters needs a name');
    }
  }

  private names(calculations: unknown): void {
    if (!Array.isArray(calculations)) return;
    const seen = new Set<string>();
    for (const [index, item] of calculations.entries()) {
      const name = isObject(item) ? item.name : undefined;
      if (typeof name !== 'string') continue;
      if (seen.has(name))
        this.add(`calculations[${index}].name`, 'invalid', `the name "${name}" is used twice`);
      seen.add(name);
    }
  }

  private filter(item: unknown, path: string, relations: boolean): void {
    if (!isObject(item)) {
      this.add(path, 'incorrect_type', 'a filter is an object with column, op and value');
      return;
    }
    this.keys(item, path, ['column', 'op', 'value']);
    this.column(item.column, `${path}.column`);
    if (!relations && typeof item.column === 'string' && splitRelation(item.column)[0]) {
      this.add(
        `${path}.column`,
        'invalid',
        'a filter of a calculation takes no root., parent., child., any. or none.',
      );
    }
    if (item.op === undefined) {
      this.add(`${path}.op`, 'missing', `an operation is needed: ${FILTER_OPS.join(', ')}`);
      return;
    }
    if (!this.oneOf(`${path}.op`, item.op, FILTER_OPS)) return;
    this.filterValue(item as unknown as Filter, `${path}.value`);
  }

  private filterValue({ op, value }: Filter, path: string): void {
    const given = value !== undefined && value !== null;
    if (op === 'exists' || op === 'does-not-exist') {
      if (given) this.add(path, 'invalid', `${op} takes no value`);
    } else if (!given) {
      this.add(path, 'missing', `${op} needs a value`);
    } else if (op === 'in' || op === 'not-in') {
      if (!Array.isArray(value)) this.add(path, 'incorrect_type', `${op} needs a list of values`);
      else if (value.length === 0) this.add(path, 'invalid', `${op} needs at least one value`);
      else if (!value.every(isScalar))
        this.add(path, 'incorrect_type', 'the list holds texts, numbers, true or false');
    } else if (TEXT_OPS.has(op)) {
      if (typeof value !== 'string') this.add(path, 'incorrect_type', `${op} needs a text`);
    } else if (!isScalar(value)) {
      this.add(path, 'incorrect_type', `${op} needs one text, number, true or false`);
    }
  }

  private order(item: unknown, path: string, query: Fields): void {
    if (!isObject(item)) {
      this.add(path, 'incorrect_type', 'an order is an object with op, column and order');
      return;
    }
    this.keys(item, path, ['op', 'column', 'order']);
    this.oneOf(`${path}.order`, item.order, ['ascending', 'descending']);
    const op = item.op ?? undefined;
    const column = item.column ?? undefined;
    if (op === undefined && column === undefined) {
      this.add(path, 'missing', 'op or column is needed');
      return;
    }
    if (op !== undefined && !this.operation(`${path}.op`, op)) return;
    if (op === 'HEATMAP') {
      this.add(`${path}.op`, 'invalid', 'results cannot be ordered by a HEATMAP');
      return;
    }
    const calculations = calculationsOf(query);
    if (op === undefined) {
      const named = calculations.some((calculation) => calculation.name === column);
      const grouped = Array.isArray(query.breakdowns) && query.breakdowns.includes(column);
      if (!named && !grouped)
        this.add(`${path}.column`, 'invalid', `"${column}" is not in breakdowns; group by it first`);
    } else if (
      !calculations.some(
        (calculation) => calculation.op === op && (calculation.column ?? undefined) === column,
      )
    ) {
      const term = column === undefined ? op : `${op}(${column})`;
      this.add(path, 'invalid', `${term} is not in calculations; the query has ${listOf(calculations)}`);
    }
  }

  private having(item: unknown, path: string, query: Fields): void {
    if (!isObject(item)) {
      this.add(path, 'incorrect_type', 'a having is an object with calculate_op, op and value');
      return;
    }
    this.keys(item, path, ['calculate_op', 'column', 'op', 'value']);
    if (!this.operation(`${path}.calculate_op`, item.calculate_op)) return;
    if (item.calculate_op === 'HEATMAP')
      this.add(`${path}.calculate_op`, 'invalid', 'a HEATMAP has no single value');
    const column = item.column ?? undefined;
    const named = calculationsOf(query).some(
      (calculation) => calculation.name !== undefined && calculation.name === column,
    );
    if (column !== undefined && !named) this.column(column, `${path}.column`);
    if (column === undefined && !COLUMN_OPTIONAL.has(item.calculate_op as string)) {
      this.add(`${path}.column`, 'missing', `${item.calculate_op} needs a column`);
    }
    if (item.op === undefined) this.add(`${path}.op`, 'missing', `one of ${HAVING_OPS.join(' ')} is needed`);
    else this.oneOf(`${path}.op`, item.op, HAVING_OPS);
    if (typeof item.value !== 'number' || !Number.isFinite(item.value)) {
      this.add(
        `${path}.value`,
        item.value === undefined ? 'missing' : 'incorrect_type',
        'a number is needed',
      );
    }
  }

  private time(query: Fields): void {
    const before = this.problems.length;
    this.integer('time_range', query.time_range, 1);
    this.integer('start_time', query.start_time, 1);
    this.integer('end_time', query.end_time, 1);
    this.integer('granularity', query.granularity, 0);
    if (this.problems.length > before) return;
    const { start_time: start, end_time: end, time_range: range } = query as QuerySpec;
    if (start !== undefined && end !== undefined) {
      if (range !== undefined) {
        this.add('time_range', 'invalid', 'leave it out when start_time and end_time are both given');
      } else if (start >= end) this.add('start_time', 'invalid', 'it must be before end_time');
      if (range !== undefined || start >= end) return;
    }
    const seconds = rangeSeconds(query as QuerySpec);
    const granularity = (query.granularity as number | undefined) || undefined;
    const finest = Math.ceil(seconds / 1000);
    if (granularity !== undefined && (granularity > seconds || granularity < finest)) {
      this.add(
        'granularity',
        'invalid',
        `for a range of ${seconds} s it lies between ${finest} and ${seconds} s`,
      );
    }
  }
}

function calculationsOf(query: Fields): Calculation[] {
  const list = Array.isArray(query.calculations) ? (query.calculations as unknown[]).filter(isObject) : [];
  return list.length > 0 ? (list as unknown as Calculation[]) : [{ op: 'COUNT' }];
}

function listOf(calculations: readonly Calculation[]): string {
  return calculations.map((item) => (item.column ? `${item.op}(${item.column})` : item.op)).join(', ');
}
