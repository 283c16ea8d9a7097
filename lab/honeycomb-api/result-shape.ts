import type { LazyResult, ResultData } from '../query/index.ts';

/** What a client is told of a result besides its data. */
export interface ShownResult {
  id: string;
  /** the query as it was made, with its id */
  query: object;
  links: object;
}

/**
 * A result in the shape of Honeycomb's Query Data API. Its document has texts, numbers and booleans as values: what is
 * null is left out. It gives no comparison with an earlier time either.
 */
export function honeycombResult({ data }: LazyResult, shown: ShownResult): object {
  const { series, results, total_by_aggregate: total } = data;
  return {
    ...shown,
    complete: true,
    data: {
      series: mapped(series, ({ time, data: values }) => ({ time, data: withoutNull(values) })),
      results: results.map((row) => ({ data: withoutNull(row.data) })),
      ...(total && { total_by_aggregate: { data: withoutNull(total) } }),
    },
  };
}

function* mapped<T, U>(items: Iterable<T>, shown: (item: T) => U): Generator<U> {
  for (const item of items) yield shown(item);
}

function withoutNull(values: ResultData): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
