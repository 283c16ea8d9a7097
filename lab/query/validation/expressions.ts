import {
  columnsOf,
  type Expression,
  expressionFault,
  MAX_EXPRESSION,
  parseExpression,
} from '../expression/index.ts';
import { type CalculatedField, calculationsOf, METRIC_FUNCTIONS, resultKey, splitRelation } from '../spec.ts';
import { type Check, type Fields, isObject, metricsOnly } from './check.ts';

/** @param saved calculated fields that exist beside the query; a field of the query hides a saved one of its name */
export function checkCalculatedFields(check: Check, query: Fields, saved: readonly CalculatedField[]): void {
  const reads = new Map<string, string[]>();
  for (const { name, expression } of saved) reads.set(name, columnsOf(parseExpression(expression)));
  const places = new Map<string, string>();
  check.list('calculated_fields', query.calculated_fields, (item, path) => {
    const expression = checkExpression(check, item, path, 'field');
    const name = isObject(item) ? item.name : undefined;
    if (!expression || typeof name !== 'string') return;
    if (places.has(name)) check.add(`${path}.name`, 'invalid', `the name "${name}" is used twice`);
    if (splitRelation(name)[0])
      check.add(`${path}.name`, 'invalid', 'a name that begins like a column of another span cannot be read');
    places.set(name, path);
    reads.set(name, columnsOf(expression));
    const related = columnsOf(expression).find((column) => splitRelation(column)[0]);
    if (related)
      check.add(
        `${path}.expression`,
        'invalid',
        `$${related} is another span's; a calculated field reads one span`,
      );
  });
  for (const [name, path] of places)
    if (readsItself(name, reads)) check.add(`${path}.expression`, 'invalid', `"${name}" reads itself`);
}

export function checkFormulas(check: Check, query: Fields): void {
  const calculations = calculationsOf({ calculations: (query.calculations as never) ?? undefined });
  const known = new Set(calculations.map(resultKey));
  check.list('formulas', query.formulas, (item, path) => {
    const expression = checkExpression(check, item, path, 'formula');
    if (!expression) return;
    for (const name of columnsOf(expression)) {
      if (known.has(name)) continue;
      const names = [...known.keys()].map((key) => `$${/^[\w.]+$/.test(key) ? key : JSON.stringify(key)}`);
      check.add(
        `${path}.expression`,
        'invalid',
        `$${name} is no calculation; the query has ${names.join(', ')}`,
      );
    }
  });
  if (!Array.isArray(query.formulas) || query.formulas.length === 0) return;
  const heatmap = calculations.findIndex(({ op }) => op === 'HEATMAP');
  if (heatmap >= 0)
    check.add(`calculations[${heatmap}].op`, 'invalid', 'a HEATMAP does not go together with formulas');
}

function checkExpression(
  check: Check,
  item: unknown,
  path: string,
  use: 'field' | 'formula',
): Expression | null {
  const what = use === 'field' ? 'a calculated field' : 'a formula';
  if (!isObject(item)) {
    check.add(path, 'incorrect_type', `${what} is an object with name and expression`);
    return null;
  }
  check.keys(item, path, ['name', 'expression']);
  const { name, expression } = item;
  if (typeof name !== 'string' || name === '') check.add(`${path}.name`, 'missing', `${what} has a name`);
  if (typeof expression !== 'string' || expression.trim() === '') {
    check.add(`${path}.expression`, 'missing', `${what} has an expression, such as DIV($a, $b)`);
    return null;
  }
  if (expression.length > MAX_EXPRESSION) {
    check.add(`${path}.expression`, 'invalid', `it has at most ${MAX_EXPRESSION} characters`);
    return null;
  }
  try {
    const parsed = parseExpression(expression);
    const metric = METRIC_FUNCTIONS.find((name) => calls(parsed, name));
    if (metric) {
      check.add(`${path}.expression`, 'unsupported', metricsOnly(metric));
      return null;
    }
    const fault = expressionFault(parsed, use);
    if (fault === null) return parsed;
    check.add(`${path}.expression`, 'invalid', fault);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    check.add(`${path}.expression`, 'invalid', error.message);
  }
  return null;
}

function calls(expression: Expression, name: string): boolean {
  if (expression.kind !== 'call') return false;
  return expression.name === name || expression.args.some((arg) => calls(arg, name));
}

function readsItself(name: string, reads: ReadonlyMap<string, string[]>): boolean {
  const seen = new Set<string>();
  const open = [...(reads.get(name) ?? [])];
  for (let column = open.pop(); column !== undefined; column = open.pop()) {
    if (column === name) return true;
    if (seen.has(column)) continue;
    seen.add(column);
    open.push(...(reads.get(column) ?? []));
  }
  return false;
}
