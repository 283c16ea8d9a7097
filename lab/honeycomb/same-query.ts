import { isDeepStrictEqual } from 'node:util';
import type { StoredQuery } from '../query/index.ts';

/**
 * True if two specifications ask the same question.
 *
 * Honeycomb gives a query back with defaults added or left out: `filter_combination: "AND"` is omitted, a
 * missing limit or time range may appear. The order of filters and havings has no meaning; the order of
 * calculations, breakdowns and orders has. (Same rules as Honeycomb's Terraform provider.)
 */
export function sameQuery(a: StoredQuery, b: StoredQuery): boolean {
  return isDeepStrictEqual(canonical(a), canonical(b));
}

function canonical(spec: StoredQuery): unknown {
  const { id: _id, ...rest } = withoutEmpty(spec) as StoredQuery;
  const fixedTimes = rest.start_time !== undefined && rest.end_time !== undefined;
  return {
    ...rest,
    calculations: rest.calculations ?? [{ op: 'COUNT' }],
    filters: sorted(rest.filters),
    havings: sorted(rest.havings as unknown[] | undefined),
    // With fewer than two filters the way of combining them says nothing.
    filter_combination: (rest.filters?.length ?? 0) > 1 && rest.filter_combination === 'OR' ? 'OR' : 'AND',
    orders: (rest.orders ?? []).map((order) => ({ ...order, order: order.order ?? 'ascending' })),
    // OpenAPI says 100, the Terraform provider 1000; either may be filled in for a query without a limit.
    limit: rest.limit === 100 || rest.limit === 1000 ? undefined : rest.limit,
    time_range: fixedTimes ? undefined : (rest.time_range ?? 7200),
    usage_mode: rest.usage_mode === true ? true : undefined,
    granularity: rest.granularity === 0 ? undefined : rest.granularity,
  };
}

// null, empty lists and absent are the same in a specification.
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([, v]) => v !== null && v !== undefined && !(Array.isArray(v) && v.length === 0),
  );
  return Object.fromEntries(kept.map(([k, v]) => [k, withoutEmpty(v)]));
}

function sorted(items: unknown[] | undefined): unknown[] {
  const text = (item: unknown) =>
    JSON.stringify(Object.entries(item as object).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...(items ?? [])].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
