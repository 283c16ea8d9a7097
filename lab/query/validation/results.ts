import { type Calculation, type CalculationOp, calculationsOf, HAVING_OPS, resultKey } from '../spec.ts';
import { type Check, type Fields, isObject } from './check.ts';

/** What orders and havings may name; null when the query's own parts are wrong, so that nothing is known. */
export interface Terms {
  breakdowns: readonly unknown[];
  calculations: readonly Calculation[];
  /** of calculations and formulas */
  names: ReadonlySet<unknown>;
}

export function termsOf(query: Fields): Terms {
  const calculations = calculationsOf({ calculations: (query.calculations as never) ?? undefined });
  const formulas = (query.formulas ?? []) as { name: string }[];
  return {
    breakdowns: (query.breakdowns ?? []) as unknown[],
    calculations,
    names: new Set([...calculations.flatMap(({ name }) => name ?? []), ...formulas.map(({ name }) => name)]),
  };
}

export function checkOrder(check: Check, item: unknown, path: string, terms: Terms | null): void {
  if (!isObject(item)) {
    const words = typeof item === 'string' ? item.split(' ') : [];
    const example = `{"op": ${JSON.stringify(words[0] ?? 'COUNT')}, "order": "descending"}`;
    check.add(path, 'incorrect_type', `an order is an object with op, column and order, such as ${example}`);
    return;
  }
  check.keys(item, path, ['op', 'column', 'order', 'join_column']);
  check.joinColumn(item, path);
  check.oneOf(`${path}.order`, item.order ?? undefined, ['ascending', 'descending']);
  const op = item.op ?? undefined;
  const column = item.column ?? undefined;
  if (op === undefined && column === undefined) {
    check.add(path, 'missing', 'op or column is needed');
    return;
  }
  if (op !== undefined && !check.operation(`${path}.op`, op)) return;
  if (op === 'HEATMAP') {
    check.add(`${path}.op`, 'invalid', 'results cannot be ordered by a HEATMAP');
    return;
  }
  if (terms === null) return;
  if (op === undefined) {
    if (terms.names.has(column) || terms.breakdowns.includes(column)) return;
    check.add(`${path}.column`, 'invalid', `"${column}" is not in breakdowns; group by it first`);
  } else if (!findTerm(terms, op as CalculationOp, column)) {
    check.add(path, 'invalid', notCalculated(op as CalculationOp, column, terms));
  }
}

export function checkHaving(check: Check, item: unknown, path: string, terms: Terms | null): void {
  if (!isObject(item)) {
    check.add(path, 'incorrect_type', 'a having is an object with calculate_op, op and value');
    return;
  }
  check.keys(item, path, ['calculate_op', 'column', 'op', 'value', 'join_column']);
  check.joinColumn(item, path);
  const named = item.column ?? undefined;
  // A formula has no operation: its name says all. Honeycomb's own provider writes it so.
  const byName = (item.calculate_op ?? undefined) === undefined && named !== undefined;
  const known = !byName && check.operation(`${path}.calculate_op`, item.calculate_op);
  if (byName && terms !== null && !terms.names.has(named))
    check.add(`${path}.calculate_op`, 'missing', notNamed(named, terms));
  if (item.op === undefined || item.op === null)
    check.add(`${path}.op`, 'missing', `one of ${HAVING_OPS.join(' ')} is needed`);
  else check.oneOf(`${path}.op`, item.op, HAVING_OPS);
  const { value } = item;
  if (typeof value !== 'number' || !Number.isFinite(value))
    check.add(`${path}.value`, value === undefined ? 'missing' : 'incorrect_type', 'a number is needed');
  if (known) checkTerm(check, item.calculate_op as CalculationOp, named, path, terms);
}

function checkTerm(
  check: Check,
  op: CalculationOp,
  column: unknown,
  path: string,
  terms: Terms | null,
): void {
  if (op === 'HEATMAP') check.add(`${path}.calculate_op`, 'invalid', 'a HEATMAP has no single value');
  else if (terms?.names.has(column)) return;
  else if (op === 'CONCURRENCY' && column !== undefined)
    check.add(`${path}.column`, 'invalid', 'CONCURRENCY takes no column');
  else if (terms !== null && !findTerm(terms, op, column))
    check.add(path, 'invalid', notCalculated(op, column, terms));
}

function findTerm({ calculations }: Terms, op: CalculationOp, column: unknown): Calculation | undefined {
  return calculations.find(
    (item) =>
      item.op === op &&
      ((item.column ?? undefined) === column || (item.name !== undefined && item.name === column)),
  );
}

function notCalculated(op: CalculationOp, column: unknown, { calculations }: Terms): string {
  const ofOp = calculations.filter((item) => item.op === op);
  if (column === undefined && ofOp.length > 0)
    return `${op} of which column? The query has ${ofOp.map(resultKey).join(', ')}`;
  const term = column === undefined ? op : `${op}(${column})`;
  return `${term} is not in calculations; the query has ${calculations.map(resultKey).join(', ')}`;
}

function notNamed(column: unknown, { names }: Terms): string {
  const known = [...names].map((name) => JSON.stringify(name)).join(', ');
  const only =
    known === '' ? 'only a name needs none, and the query has no names' : `only ${known} needs none`;
  return `an operation is needed beside ${JSON.stringify(column)}: ${only}`;
}
