import { shownLine } from '../text/shown';
import { calculationsOf, type Filter, listOf, type QuerySpec, resultKey } from './spec';

/** A query in one line: "P95(duration_ms) where span.kind = server by user.id". */
export function summaryOf(query: QuerySpec): string {
  const calculations = calculationsOf(query).map((calculation) => resultKey(calculation));
  const filters = listOf<Filter>(query, 'filters').map(({ column, op, value }) =>
    [column, op, ...(value === undefined ? [] : [String(value)])].join(' '),
  );
  const by = listOf<string>(query, 'breakdowns');
  return shownLine(
    [
      calculations.join(', '),
      filters.length > 0 ? `where ${filters.join(query.filter_combination === 'OR' ? ' or ' : ' and ')}` : '',
      by.length > 0 ? `by ${by.join(', ')}` : '',
    ]
      .filter(Boolean)
      .join(' '),
    240,
  );
}

/** A name for a query that has none: "P95 of duration_ms by user.id". */
export function nameOf(query: QuerySpec): string {
  const all = calculationsOf(query);
  const told = all.findLast(({ op }) => /^P\d/.test(op)) ?? all.find(({ op }) => op !== 'HEATMAP') ?? all[0];
  const what = told?.column ? `${told.op} of ${told.column}` : (told?.op ?? 'COUNT');
  const by = listOf<string>(query, 'breakdowns');
  return shownLine(by.length > 0 ? `${what} by ${by.join(' and ')}` : what, 120);
}
