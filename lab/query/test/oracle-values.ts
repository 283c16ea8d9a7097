/** How the oracle reads values: types, comparisons of filters, and what a calculation gives over a list of values. */
import type { Filter } from '../index.ts';

export type Value = string | number | boolean;
export interface Row {
  time: number;
  end: number | null;
  weight: number;
  fields: Map<string, Value>;
}

export const NUMERIC = new Set(['duration_ms', 'status_code', 'span.num_links', 'span.num_events']);
const SHARES: Record<string, number> = {
  P001: 0.001,
  P01: 0.01,
  P05: 0.05,
  P10: 0.1,
  P20: 0.2,
  P25: 0.25,
  P50: 0.5,
  P75: 0.75,
  P80: 0.8,
  P90: 0.9,
  P95: 0.95,
  P99: 0.99,
  P999: 0.999,
};

export function numberOf(value: Value | null): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** @param numeric columns whose every value is a number */
export function satisfies(row: Row, filter: Filter, name: string, numeric: ReadonlySet<string>): boolean {
  const value = row.fields.get(name) ?? null;
  const text = value === null ? null : String(value);
  const { op } = filter;
  const wanted = filter.value as Value;
  switch (op) {
    case 'exists':
      return value !== null;
    case 'does-not-exist':
      return value === null;
    case 'in':
      return (filter.value as Value[]).some((item) => compares(numeric.has(name), value, '=', item));
    case 'not-in':
      return !(filter.value as Value[]).some((item) => compares(numeric.has(name), value, '=', item));
    case '!=':
      return !compares(numeric.has(name), value, '=', wanted);
    case 'contains':
      return text?.includes(String(wanted)) ?? false;
    case 'does-not-contain':
      return !(text?.includes(String(wanted)) ?? false);
    case 'starts-with':
      return text?.startsWith(String(wanted)) ?? false;
    case 'does-not-start-with':
      return !(text?.startsWith(String(wanted)) ?? false);
    case 'ends-with':
      return text?.endsWith(String(wanted)) ?? false;
    case 'does-not-end-with':
      return !(text?.endsWith(String(wanted)) ?? false);
    default:
      return compares(numeric.has(name), value, op, wanted);
  }
}

function compares(numeric: boolean, value: Value | null, op: string, wanted: Value): boolean {
  if (value === null) return false;
  if (typeof wanted === 'number' || numeric) {
    const [a, b] = [numberOf(value), numberOf(wanted)];
    return a !== null && b !== null && holds(a, op, b);
  }
  return holds(order(String(value), String(wanted)), op, 0);
}

export function holds(a: number, op: string, b: number): boolean {
  switch (op) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

/** Texts in the order of their UTF-8 bytes, numbers by size. */
export function order(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

export function numbers(cells: readonly [Value | null, number][]): [number, number][] {
  return cells.flatMap(([value, weight]) => {
    const number = numberOf(value);
    return number === null ? [] : [[number, weight] as [number, number]];
  });
}

export function aggregate(op: string, cells: readonly [Value | null, number][]): number | null {
  if (op === 'COUNT') return cells.reduce((sum, [value, weight]) => sum + (value === null ? 0 : weight), 0);
  if (op === 'COUNT_DISTINCT')
    return new Set(cells.flatMap(([value]) => (value === null ? [] : [String(value)]))).size;
  const list = numbers(cells);
  const sum = list.reduce((total, [value, weight]) => total + value * weight, 0);
  const weights = list.reduce((total, [, weight]) => total + weight, 0);
  if (op === 'SUM' || op === 'RATE_SUM') return sum;
  if (list.length === 0) return null;
  if (op === 'AVG' || op === 'RATE_AVG') return sum / weights;
  if (op === 'MAX' || op === 'RATE_MAX') return Math.max(...list.map(([value]) => value));
  if (op === 'MIN') return Math.min(...list.map(([value]) => value));
  // Every value as often as its weight says, then the usual interpolation between neighbours.
  const all = list.flatMap(([value, weight]) => new Array<number>(weight).fill(value)).sort((a, b) => a - b);
  const position = (SHARES[op] as number) * (all.length - 1);
  const [low, high] = [all[Math.floor(position)] as number, all[Math.ceil(position)] as number];
  return low + (high - low) * (position - Math.floor(position));
}
