import type { StoredQuery } from '../query/index.ts';
import { ENVIRONMENT_WIDE } from './api.ts';

const RELATIONAL = /^(root|parent|child|any|any2|any3|none)\./;

/** The service that a query is filtered to, if it is to one alone. */
export function serviceOf(query: StoredQuery): string | null {
  const { filters = [], filter_combination = 'AND' } = query;
  if (filter_combination === 'OR' && filters.length > 1) return null;
  const services = filters.filter(isServiceFilter).map((f) => f.value as string);
  return services.length === 1 ? services[0]! : null;
}

/**
 * Where a query belongs in Honeycomb. There a dataset is a service: a query in `murmur-api` cannot see a span
 * of `murmur-web`. So a query goes to `__all__`, the whole environment, unless it is filtered to one service
 * and looks at no other span of the trace (no `root.`, `parent.` and so on, which may be another service's).
 */
export function datasetOf(query: StoredQuery): string {
  const service = serviceOf(query);
  if (service === null || usesRelations(query)) return ENVIRONMENT_WIDE;
  return slugOf(service);
}

/**
 * The query as a dataset sees it: inside the dataset `murmur-api` the filter `service.name = murmur-api` says
 * nothing, so two queries that differ in it alone are the same there.
 */
export function withinDataset(query: StoredQuery, dataset: string): StoredQuery {
  const service = serviceOf(query);
  if (dataset === ENVIRONMENT_WIDE || service === null || slugOf(service) !== dataset) return query;
  return { ...query, filters: query.filters?.filter((f) => !isServiceFilter(f)) };
}

/**
 * The query as the whole environment must ask it: a query saved in the dataset of one service gets the filter
 * on that service, or it would count every service's spans here. Null if that cannot be said (filters joined
 * by OR leave no room for one more condition).
 */
export function outsideDataset(query: StoredQuery, dataset: string): StoredQuery | null {
  if (dataset === ENVIRONMENT_WIDE || serviceOf(query) !== null) return query;
  const { filters = [], filter_combination, ...rest } = query;
  if (filter_combination === 'OR' && filters.length > 1) return null;
  return { ...rest, filters: [{ column: 'service.name', op: '=', value: dataset }, ...filters] };
}

/** A dataset's slug: what stands in its address. */
export function slugOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-');
}

function isServiceFilter(filter: NonNullable<StoredQuery['filters']>[number]): boolean {
  return filter.column === 'service.name' && filter.op === '=' && typeof filter.value === 'string';
}

function usesRelations(query: StoredQuery): boolean {
  const columns = [
    ...(query.breakdowns ?? []),
    ...(query.filters ?? []).map((f) => f.column),
    ...(query.calculations ?? []).map((c) => c.column),
    ...(query.orders ?? []).map((o) => o.column),
  ];
  return columns.some((column) => typeof column === 'string' && RELATIONAL.test(column));
}
