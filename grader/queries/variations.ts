import type { Json, QueryVariation } from '../evidence/index.ts';

export interface Variation {
  /** what was taken away: the values of one sample, the times, one filter, the conditions on results, or the limit; or which was put there */
  taken: QueryVariation['taken'];
  /** it in words */
  text: string;
  query: Json;
}

type Query = Record<string, Json>;
const TIMES = ['time_range', 'start_time', 'end_time', 'granularity'];
/** Columns whose values differ from one set of data to the next: a query that names one fits that set only. */
const IDENTITY =
  /^(?:(?:root|parent|child|any|none)\.)?(?:user\.id|session\.id|trace\.(?:trace|span|parent)_id)$/;
const MOST_FILTERS = 8;
/** The highest limit that a query may have: as good as none. Without one, 100 rows are given. */
const NO_LIMIT = 1000;

/** The query with one part taken away, for every part that can make it see less or more than it should. */
export function variationsOf(query: Query): Variation[] {
  const filters = listOf(query.filters);
  const fixed = filters.filter(namesOneSample);
  const times = ['start_time', 'end_time'].filter((field) => query[field] !== undefined);
  const variations: Variation[] = [];
  if (fixed.length > 0 || times.length > 0) {
    variations.push({
      taken: 'sample',
      text: [...times, ...fixed.map(filterText)].join(' and '),
      query: {
        ...(times.length > 0 ? without(query, TIMES) : query),
        filters: filters.filter((one) => !namesOneSample(one)),
      },
    });
  }
  if (times.length === 0 && query.time_range !== undefined) {
    variations.push({
      taken: 'times',
      text: `time_range ${JSON.stringify(query.time_range)}`,
      query: without(query, TIMES),
    });
  }
  for (const filter of filters.filter((one) => !fixed.includes(one)).slice(0, MOST_FILTERS)) {
    variations.push({
      taken: 'filter',
      text: filterText(filter),
      query: { ...query, filters: filters.filter((one) => one !== filter) },
    });
  }
  if (listOf(query.havings).length > 0) {
    variations.push({ taken: 'havings', text: 'its havings', query: without(query, ['havings']) });
  }
  if (typeof query.limit === 'number') {
    variations.push({
      taken: 'limit',
      text: `limit ${query.limit}`,
      query: { ...query, limit: NO_LIMIT },
    });
  }
  return variations;
}

/** Each of these leaves one row for each request, or for each trace. */
const ONE_ROW: readonly Query[] = [
  { column: 'span.kind', op: '=', value: 'server' },
  { column: 'trace.parent_id', op: 'does-not-exist' },
];

/**
 * The query with a filter more that leaves one row for each request or trace: where that makes its result right, it looked
 * at other rows besides. Then the same in place of one of its filters, which kept others out as well. None where any of its
 * filters is enough for a row to count.
 */
export function narrowedOf(query: Query): Variation[] {
  if (query.filter_combination === 'OR') return [];
  const filters = listOf(query.filters);
  const added = ONE_ROW.map(
    (filter): Variation => ({
      taken: 'added',
      text: filterText(filter),
      query: { ...query, filters: [...filters, filter] },
    }),
  );
  const replaced = filters.slice(0, MOST_FILTERS).flatMap((filter) =>
    ONE_ROW.map(
      (other): Variation => ({
        taken: 'replaced',
        text: filterText(filter),
        query: { ...query, filters: [...filters.filter((one) => one !== filter), other] },
      }),
    ),
  );
  return [...added, ...replaced];
}

function namesOneSample(filter: Query): boolean {
  return IDENTITY.test(String(filter.column)) && filter.value !== undefined && filter.value !== null;
}

function filterText({ column, op, value }: Query): string {
  const shown = value === undefined ? '' : ` ${JSON.stringify(value)}`;
  const text = `${column} ${op}${shown}`;
  return text.length > 70 ? `${text.slice(0, 67)}...` : text;
}

function listOf(value: Json | undefined): Query[] {
  return Array.isArray(value) ? (value as Query[]) : [];
}

function without(query: Query, fields: readonly string[]): Query {
  return Object.fromEntries(Object.entries(query).filter(([field]) => !fields.includes(field)));
}
