import { WorkshopError } from '@workshop/base';
import type { Calculation, Filter, Order, QuerySpec } from '../query/index.ts';
import { CALCULATION_OPS, type CalculationOp, FILTER_OPS, type FilterOp } from '../query/spec.ts';

/** A query in words, as the command line gives it. */
export interface QueryWords {
  where?: string[];
  any?: boolean;
  calculate?: string[];
  by?: string[];
  having?: string[];
  order?: string[];
  limit?: string;
  last?: string;
  granularity?: string;
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const SIGNS = FILTER_OPS.filter((op) => !/[a-z]/.test(op));

/**
 * Words -> query: `service.name = murmur-api`, `P95 duration_ms`, `COUNT desc`.
 * @throws WorkshopError that shows how the words should be
 */
export function queryFromWords(words: QueryWords): QuerySpec {
  const query: QuerySpec = {};
  if (words.last !== undefined) query.time_range = seconds(words.last, '--last');
  if (words.granularity !== undefined) query.granularity = seconds(words.granularity, '--granularity');
  if (words.by?.length)
    query.breakdowns = words.by.flatMap((list) => list.split(',')).map((name) => name.trim());
  if (words.calculate?.length) query.calculations = words.calculate.map(calculation);
  if (words.where?.length) query.filters = words.where.map(filter);
  if (words.any) query.filter_combination = 'OR';
  if (words.having?.length) query.havings = words.having.map(having);
  if (words.order?.length) query.orders = words.order.map((text) => order(text, query));
  if (words.limit !== undefined) query.limit = Number(words.limit);
  return query;
}

function calculation(text: string): Calculation {
  const match = /^([a-z_0-9]+)(?:\s+(\S+)|\((.+)\))?$/i.exec(text.trim());
  const op = match?.[1]?.toUpperCase() as CalculationOp | undefined;
  if (!match || !op || !CALCULATION_OPS.includes(op)) {
    throw new WorkshopError(
      `--calculate "${text}" is no calculation. Write one and its column, such as "P95 duration_ms" or "COUNT".`,
    );
  }
  const column = match[2] ?? match[3];
  return column === undefined ? { op } : { op, column };
}

function filter(text: string): Filter {
  const trimmed = text.trim();
  const match = new RegExp(
    `^(\\S+?)\\s*(?:\\s(${FILTER_OPS.filter((op) => !SIGNS.includes(op)).join('|')})|(!=|>=|<=|=|>|<))(?:\\s+(.*)|(?<=[=<>])(.*))?$`,
    's',
  ).exec(trimmed);
  const op = (match?.[2] ?? match?.[3]) as FilterOp | undefined;
  if (!match || !op) {
    throw new WorkshopError(
      `--where "${text}" is no filter. Write column, operation, value, such as "duration_ms > 500" or "user.id exists".`,
    );
  }
  const sign = /^[=<>!]+/.exec(match[5] ?? '')?.[0];
  if (sign)
    throw new WorkshopError(
      `--where "${text}": ${op}${sign} is no operation. There are ${SIGNS.join(' ')}, and = means equal.`,
    );
  const rest = (match[4] ?? match[5] ?? '').trim();
  const column = match[1] as string;
  if (op === 'exists' || op === 'does-not-exist') {
    if (rest !== '') throw new WorkshopError(`--where "${text}": ${op} takes no value.`);
    return { column, op };
  }
  if (rest === '') throw new WorkshopError(`--where "${text}": ${op} needs a value.`);
  if (op === 'in' || op === 'not-in')
    return { column, op, value: rest.split(',').map((item) => value(item.trim())) };
  return { column, op, value: /[a-z]/.test(op) ? unquoted(rest) : value(rest) };
}

function having(text: string): NonNullable<QuerySpec['havings']>[number] {
  const match = /^(.+?)\s*(!=|>=|<=|=|>|<)\s*(-?[\d.]+)$/.exec(text.trim());
  if (!match)
    throw new WorkshopError(
      `--having "${text}" is no limit. Write a calculation and its limit, such as "COUNT > 10".`,
    );
  const { op, column } = calculation(match[1] as string);
  return {
    calculate_op: op,
    ...(column === undefined ? {} : { column }),
    op: match[2] as '>',
    value: Number(match[3]),
  };
}

function order(text: string, query: QuerySpec): Order {
  const match = /^(.+?)(?:\s+(asc|desc|ascending|descending))?$/i.exec(text.trim());
  const direction = match?.[2]?.toLowerCase().startsWith('desc') ? 'descending' : 'ascending';
  const term = match?.[1] ?? '';
  if (query.breakdowns?.includes(term)) return { column: term, order: direction };
  return { ...calculation(term), order: direction };
}

/** A number or true or false if it reads like one, else a text; quotes make it a text. */
function value(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : unquoted(text);
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

/** @throws WorkshopError that shows how a time should be */
export function seconds(text: string, option: string): number {
  const match = /^(\d+)\s*([smhd])?$/.exec(text.trim());
  if (!match)
    throw new WorkshopError(`${option} "${text}" is no time. Write a number and s, m, h or d, such as 2h.`);
  return Number(match[1]) * (UNITS[match[2] ?? 's'] as number);
}
