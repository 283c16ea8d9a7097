import { type CalculationOp, splitRelation } from '../spec.ts';
import { type Check, type Fields, isObject } from './check.ts';
import { checkFilter } from './filters.ts';

/** Calculations for which a column is not needed. */
const COLUMN_OPTIONAL = new Set(['COUNT', 'CONCURRENCY']);

/** Source: "You cannot VISUALIZE … when using relational field prefixes" in Honeycomb's docs. */
const NOT_CALCULATED = 'is for filters and breakdowns: a calculation reads columns of the spans themselves';

/** The calculations, and that each name among them and the formulas is there once. */
export function checkCalculations(check: Check, query: Fields): void {
  check.list('calculations', query.calculations, (item, path) => checkCalculation(check, item, path));
  const seen = new Set<unknown>();
  for (const list of ['calculations', 'formulas']) {
    for (const [index, item] of (Array.isArray(query[list]) ? query[list] : []).entries()) {
      const name = isObject(item) ? item.name : undefined;
      if (typeof name !== 'string') continue;
      if (seen.has(name)) check.add(`${list}[${index}].name`, 'invalid', `the name "${name}" is used twice`);
      seen.add(name);
    }
  }
}

function checkCalculation(check: Check, item: unknown, path: string): void {
  if (!isObject(item)) {
    check.add(path, 'incorrect_type', 'a calculation is an object such as {"op": "COUNT"}');
    return;
  }
  check.keys(item, path, ['op', 'column', 'name', 'filters', 'filter_combination', 'join_column']);
  check.joinColumn(item, path);
  if (!check.operation(`${path}.op`, item.op)) return;
  checkColumn(check, item.op as CalculationOp, item.column ?? undefined, path);
  const { name } = item;
  if (name !== undefined && name !== null && (typeof name !== 'string' || name === ''))
    check.add(`${path}.name`, 'incorrect_type', 'a name is a text');
  check.oneOf(`${path}.filter_combination`, item.filter_combination ?? undefined, ['AND', 'OR']);
  check.list(`${path}.filters`, item.filters, (filter, at) => checkFilter(check, filter, at, false));
  if (Array.isArray(item.filters) && item.filters.length > 0 && !name)
    check.add(`${path}.name`, 'missing', 'a calculation with filters needs a name');
}

function checkColumn(check: Check, op: CalculationOp, column: unknown, path: string): void {
  if (op === 'CONCURRENCY' && column !== undefined) {
    check.add(`${path}.column`, 'invalid', 'CONCURRENCY takes no column: it reads the duration of each span');
  } else if (column === undefined && !COLUMN_OPTIONAL.has(op)) {
    check.add(`${path}.column`, 'missing', `${op} needs a column`);
  } else if (column !== undefined) {
    check.column(column, `${path}.column`);
    const relation = typeof column === 'string' ? splitRelation(column)[0] : null;
    if (relation) check.add(`${path}.column`, 'invalid', `${relation}. ${NOT_CALCULATED}`);
  }
}

/**
 * Honeycomb has no columns of other spans in a query whose calculations have filters, nor in one with formulas, nor
 * among filters of which one is enough.
 */
export function checkRelations(check: Check, query: Fields): void {
  const filtered = objects(query.calculations).some(
    ({ filters }) => Array.isArray(filters) && filters.length > 0,
  );
  const formulas = Array.isArray(query.formulas) && query.formulas.length > 0;
  const beside = formulas ? 'formulas' : filtered ? 'a calculation that has filters of its own' : null;
  const or = query.filter_combination === 'OR' ? '"filter_combination": "OR"' : null;
  const refuse = (path: string, column: unknown, besideWhat: string | null): void => {
    const relation = typeof column === 'string' ? splitRelation(column)[0] : null;
    if (relation && besideWhat !== null)
      check.add(path, 'invalid', `${relation}. does not go together with ${besideWhat}`);
  };
  for (const [index, column] of (Array.isArray(query.breakdowns) ? query.breakdowns : []).entries())
    refuse(`breakdowns[${index}]`, column, beside);
  for (const [index, { column }] of objects(query.filters).entries())
    refuse(`filters[${index}].column`, column, beside ?? or);
}

function objects(list: unknown): Fields[] {
  return Array.isArray(list) ? list.map((item) => (isObject(item) ? item : {})) : [];
}
