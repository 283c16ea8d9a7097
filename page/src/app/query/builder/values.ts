import type { Column } from '../query-api';
import type { Filter, Scalar } from '../spec';

/** The text of a filter's value in its field. */
export function valueInField({ value }: Filter): string {
  if (value === undefined) return '';
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

/** What a person wrote, in the type of the column; of `in` and `not-in` a list. */
export function valueOfField(text: string, op: string, type: Column['type'] | undefined): Scalar | Scalar[] {
  if (op === 'in' || op === 'not-in')
    return text
      .split(',')
      .map((part) => scalar(part.trim(), type))
      .filter((part) => part !== '');
  return scalar(text, type);
}

function scalar(text: string, type: Column['type'] | undefined): Scalar {
  const number = /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null;
  if ((type === 'integer' || type === 'float' || type === undefined) && number !== null) return number;
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
