import { nearestName } from '@workshop/telemetry';
import { QueryError } from '../problems.ts';
import { type CalculatedField, type QuerySpec, splitRelation } from '../spec.ts';
import { checkCalculations, checkRelations } from './calculations.ts';
import { Check, type Fields, isObject } from './check.ts';
import { checkCalculatedFields, checkFormulas } from './expressions.ts';
import { checkFilter } from './filters.ts';
import { checkHaving, checkOrder, type Terms, termsOf } from './results.ts';
import { checkTime } from './time.ts';

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
  'calculated_fields',
  'formulas',
  'compare_time_offset_seconds',
];

export interface ValidateOptions {
  /** allows a limit of up to 10,000, as Honeycomb does */
  disableSeries?: boolean;
  /** calculated fields that are saved beside the query */
  savedFields?: readonly CalculatedField[];
}

/**
 * Checks a query as Honeycomb would, with the same limits, and returns it without what says nothing: nulls, empty join
 * columns, the id of a stored one. Each problem is one line, and a problem that only follows from another is not told.
 * @throws QueryError that names every field with a problem
 */
export function validateQuery(input: unknown, options: ValidateOptions = {}): QuerySpec {
  const check = new Check();
  if (!isObject(input)) check.add('query', 'incorrect_type', 'a query is a JSON object');
  else checkQuery(check, input, options);
  if (check.problems.length > 0) throw new QueryError(check.problems);
  return withoutNothing(input as Fields) as QuerySpec;
}

function checkQuery(check: Check, query: Fields, options: ValidateOptions): void {
  checkNames(check, query);
  checkBreakdowns(check, query.breakdowns);
  checkCalculations(check, query);
  checkCalculatedFields(check, query, options.savedFields ?? []);
  // What reads calculations is checked against them only if they can be read.
  const readable = check.problems.length === 0;
  if (readable) checkFormulas(check, query);
  check.list('filters', query.filters, (item, path) => checkFilter(check, item, path, true));
  if (readable) checkRelations(check, query);
  check.oneOf('filter_combination', query.filter_combination ?? undefined, ['AND', 'OR']);
  const terms: Terms | null = check.problems.length === 0 ? termsOf(query) : null;
  check.list('orders', query.orders, (item, path) => checkOrder(check, item, path, terms));
  check.list('havings', query.havings, (item, path) => checkHaving(check, item, path, terms));
  const most = options.disableSeries ? MAX_LIMIT_WITHOUT_SERIES : MAX_LIMIT;
  check.integer('limit', query.limit ?? undefined, 1, most);
  const { usage_mode } = query;
  if (usage_mode !== undefined && usage_mode !== null && typeof usage_mode !== 'boolean')
    check.add('usage_mode', 'incorrect_type', 'it is true or false');
  checkTime(check, query);
}

function checkNames(check: Check, query: Fields): void {
  for (const field of Object.keys(query)) {
    if (FIELDS.includes(field) || field === 'id' || query[field] === undefined) continue;
    const near = nearestName(field, FIELDS)?.candidate;
    check.add(field, 'invalid', `this is not a field of a query${near ? `; did you mean ${near}?` : ''}`);
  }
}

function checkBreakdowns(check: Check, value: unknown): void {
  check.list('breakdowns', value, (item, path) => {
    check.column(item, path);
    if (typeof item === 'string' && splitRelation(item)[0] === 'none')
      check.add(path, 'invalid', 'none. is for filters only: no span of it is there to group by');
  });
  if (Array.isArray(value) && new Set(value).size < value.length)
    check.add('breakdowns', 'invalid', 'a column is named twice');
}

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, item]) => item !== null && item !== undefined && key !== 'join_column' && key !== 'id',
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNothing(item)]));
}
