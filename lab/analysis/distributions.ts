import type { Distribution, Distributions } from '../api/index.ts';
import { type QuerySpec, selectionStatements, validateQuery } from '../query/index.ts';
import { QueryColumns } from '../query/query-columns.ts';
import type { Statement } from '../query/statement.ts';
import type { RowSource, SqlRow } from '../store/index.ts';
import { columnsOf } from './compare-selection.ts';
import { sampleOf } from './sample.ts';

const MOST_COLUMNS = 24;

/**
 * How often which values are on the spans that a query is about, before anything is selected. For every attribute its
 * five most frequent values, for numbers all of eight bins.
 * @param query time range and filters; everything else of it is ignored
 * @throws QueryError
 */
export async function distributions(
  source: RowSource,
  query: QuerySpec,
  nowMs = Date.now(),
): Promise<Distributions> {
  const { time_range, start_time, end_time, filters, filter_combination } = query;
  const spec = validateQuery({ time_range, start_time, end_time, filters, filter_combination });
  // A selection of all: what is most different from no others is what is most frequent.
  const known = new QueryColumns(await source.catalogue(), source.dialect);
  const statements = selectionStatements(spec, {}, known, nowMs);
  const rowsOf = ({ sql, parameters, within }: Statement): Promise<SqlRow[]> =>
    source.all(sql, parameters, within);
  const { sample, all } = sampleOf(await rowsOf(statements.totals));
  const spans = all.selected;
  const [taken] = spans === 0 ? [] : await rowsOf(statements.sampled(sample));
  const size = Number(taken?.selected ?? 0);
  if (size === 0) return { spans, sampled: 0, columns: [] };
  const columns: Distribution[] = [];
  for (const [column, { counts, presentSelected, distinct }] of columnsOf(
    await rowsOf(statements.differences(sample)),
  )) {
    const inOrder = counts.some(({ least }) => least !== undefined)
      ? counts.toSorted((a, b) => (a.least ?? 0) - (b.least ?? 0))
      : counts;
    columns.push({
      column,
      present: Math.min(1, presentSelected / size),
      distinct,
      values: inOrder.map(({ value, selected }) => ({
        value: value ?? '',
        share: Math.min(1, selected / size),
      })),
    });
  }
  columns.sort((a, b) => tells(b) - tells(a) || (a.column < b.column ? -1 : 1));
  return { spans, sampled: size, columns: columns.slice(0, MOST_COLUMNS) };
}

/** How well a column divides the spans: 0 when all have the same value, or each another one. */
function tells({ present, values, distinct }: Distribution): number {
  const largest = Math.max(...values.map(({ share }) => share), 1 - present);
  return distinct > 1 ? (1 - largest) * present * Math.min(1, 20 / distinct) : 0;
}
