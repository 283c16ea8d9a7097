import type { QuerySpec } from './spec.ts';

export interface HeatmapCell {
  /** weight in each bin; bin n begins at min_value + n * step_size */
  counts: number[];
  min_value: number;
  max_value: number;
  step_size: number;
}
export type ResultValue = string | number | boolean | null | HeatmapCell;
export type ResultData = Record<string, ResultValue>;

export interface SeriesItem {
  /** begin of the bucket, ISO 8601 */
  time: string;
  data: ResultData;
}

interface Results<Series> {
  series: Series;
  results: { data: ResultData }[];
}

/** A result whose series is made while it is read: all of it at once may take a gigabyte. */
export type LazyResult = ResultOf<Iterable<SeriesItem>>;
export type QueryResult = ResultOf<SeriesItem[]>;

/** The shape of Honeycomb's Query Data API. */
interface ResultOf<Series> {
  id: string;
  complete: true;
  query: QuerySpec;
  data: Results<Series> & { total_by_aggregate?: ResultData };
  /** Not in Honeycomb's shape, which leaves the comparison to its page: the same groups, `offset_seconds` earlier. */
  comparison?: Results<Series> & { offset_seconds: number };
  links: { query_url?: string };
}
