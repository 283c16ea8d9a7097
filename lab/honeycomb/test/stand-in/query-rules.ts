import type { StoredQuery } from '../../../query/index.ts';

export interface FieldFault {
  field: string;
  code: 'invalid' | 'missing' | 'incorrect_type' | 'already_exists';
  description: string;
}

/** Honeycomb's rules for a query that a schema cannot say. */
export function queryFaults(query: StoredQuery): FieldFault[] {
  const faults: FieldFault[] = [];
  const wrong = (field: string, description: string) => faults.push({ field, code: 'invalid', description });
  const calculations = query.calculations ?? [{ op: 'COUNT' }];
  calculations.forEach(({ op, column }, i) => {
    if (op === 'CONCURRENCY' && column) wrong(`calculations[${i}].column`, 'CONCURRENCY takes no column');
    if (op !== 'CONCURRENCY' && op !== 'COUNT' && !column)
      wrong(`calculations[${i}].column`, `${op} needs a column`);
  });
  (query.filters ?? []).forEach(({ op, value }, i) => {
    const field = `filters[${i}].value`;
    if (/exist/.test(op) && value !== undefined && value !== null) wrong(field, `${op} takes no value`);
    if (/^(not-)?in$/.test(op) && !Array.isArray(value)) wrong(field, `${op} takes a list`);
  });
  (query.breakdowns ?? []).forEach((column, i) => {
    if (column.startsWith('none.')) wrong(`breakdowns[${i}]`, 'none. cannot be grouped by');
  });
  (query.orders ?? []).forEach((order, i) => {
    const known = order.op
      ? calculations.some((c) => c.op === order.op && (c.column ?? null) === (order.column ?? null))
      : query.breakdowns?.includes(order.column ?? '');
    if (!known) wrong(`orders[${i}]`, 'must appear in breakdowns or calculations');
    if (order.op === 'HEATMAP') wrong(`orders[${i}]`, 'cannot order by HEATMAP');
  });
  if (query.time_range !== undefined && query.start_time !== undefined && query.end_time !== undefined) {
    wrong('time_range', 'cannot be given together with start_time and end_time');
  }
  if ((query.start_time ?? 0) > (query.end_time ?? Number.POSITIVE_INFINITY))
    wrong('start_time', 'must be <= end_time');
  return faults;
}
