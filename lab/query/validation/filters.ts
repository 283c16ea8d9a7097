import { FILTER_OPS, type Filter, splitRelation } from '../spec.ts';
import { type Check, isObject, isScalar } from './check.ts';

const TEXT_OPS = new Set([
  'starts-with',
  'does-not-start-with',
  'ends-with',
  'does-not-end-with',
  'contains',
  'does-not-contain',
]);

/** @param relations whether its column may be another span's */
export function checkFilter(check: Check, item: unknown, path: string, relations: boolean): void {
  if (!isObject(item)) {
    check.add(path, 'incorrect_type', 'a filter is an object with column, op and value');
    return;
  }
  check.keys(item, path, ['column', 'op', 'value', 'join_column']);
  check.joinColumn(item, path);
  check.column(item.column, `${path}.column`);
  if (!relations && typeof item.column === 'string' && splitRelation(item.column)[0]) {
    check.add(
      `${path}.column`,
      'invalid',
      'a filter of a calculation takes no column of another span, such as root. or any.',
    );
  }
  if (item.op === undefined || item.op === null) {
    check.add(`${path}.op`, 'missing', `an operation is needed: ${FILTER_OPS.join(', ')}`);
    return;
  }
  if (!check.oneOf(`${path}.op`, item.op, FILTER_OPS)) return;
  checkValue(check, item as unknown as Filter, `${path}.value`);
}

function checkValue(check: Check, { op, value }: Filter, path: string): void {
  const given = value !== undefined && value !== null;
  if (op === 'exists' || op === 'does-not-exist') {
    if (given) check.add(path, 'invalid', `${op} takes no value`);
  } else if (!given) {
    check.add(path, 'missing', `${op} needs a value`);
  } else if (op === 'in' || op === 'not-in') {
    if (!Array.isArray(value)) check.add(path, 'incorrect_type', `${op} needs a list of values`);
    else if (value.length === 0) check.add(path, 'invalid', `${op} needs at least one value`);
    else if (!value.every(isScalar))
      check.add(path, 'incorrect_type', 'the list holds texts, numbers, true or false');
  } else if (TEXT_OPS.has(op)) {
    if (typeof value !== 'string') check.add(path, 'incorrect_type', `${op} needs a text`);
  } else if (!isScalar(value)) {
    check.add(path, 'incorrect_type', `${op} needs one text, number, true or false`);
  }
}
