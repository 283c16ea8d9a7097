import type { RequestSummary, TraceSearch, TraceSummary } from '../api/index.ts';
import type { Dialect } from '../query/dialect/index.ts';
import { Parameters } from '../query/statement.ts';
import type { RowSource, SqlRow, TimeWindow } from '../store/index.ts';
import { matchesOf } from './trace-matches.ts';

export interface FoundTraces {
  traces: TraceSummary[];
  /** where the next page begins; null: these were the last */
  next: string | null;
}

/**
 * Rows, the newest ones, in which traces are looked for: first few, since that is fast and nearly always enough; in
 * the end all.
 */
const ROWS_LOOKED_AT = [5_000, 50_000, 500_000, Number.POSITIVE_INFINITY];
/** A trace's first spans arrive at most so long before its last ones. */
const LONGEST_TRACE_MS = 3_600_000;
/** A sender keeps spans back for seconds. One whose clock differs by more from ours goes wrong, or plays a recording. */
const TOLERATED_MS = 600_000;
const DEFAULT_LIMIT = 20;

const ARRIVED = 'coalesce(received_ms, start_ms)';
/** When a span began, by a clock that agrees with ours; else when it arrived. */
const BEGAN = `case when start_ms between ${ARRIVED} - ${TOLERATED_MS} and ${ARRIVED} then start_ms else ${ARRIVED} end`;
/** Sorts a trace's root first, else its earliest span. */
const rootFirstIn = (dialect: Dialect): string[] => [
  dialect.truthAsNumber('parent_id is not null'),
  'start_ms',
];

/** A place in the list: that of a trace. */
interface Place {
  /** the value that sorts the list */
  value: number;
  traceId: string;
}

interface FoundPlace extends Place {
  /** the trace's spans are among these rows, by their order of arrival */
  rows: readonly [first: number, last: number];
}

/** The rows that are looked at, by their order of arrival. */
interface Window {
  /** a trace of which no row is here has no later place than this */
  sinceMs: number;
  /** first of the rows that say which traces there are; null: all */
  first: number | null;
  /** first of the rows that belong to them; null: all */
  related: number | null;
}

/**
 * Traces, the newest or the slowest first. A trace has its place by its beginning, which does not change when more of
 * its spans arrive; by its arrival when its sender's clock is wrong.
 * @throws QueryError for a search that cannot be read
 */
export async function listTraces(source: RowSource, search: TraceSearch = {}): Promise<FoundTraces> {
  const limit = search.limit ?? DEFAULT_LIMIT;
  const cursor = placeOf(search.cursor);
  const ends = search.sort === 'slowest' ? null : await endsOf(source, search, cursor);
  let places: FoundPlace[] = [];
  for (const rows of ROWS_LOOKED_AT) {
    if (search.sort === 'slowest' && Number.isFinite(rows)) continue;
    const window = await windowOf(source, rows, ends);
    const found = await placesIn(source, window, search, cursor, limit + 1);
    places = search.sort === 'slowest' ? found : found.filter(({ value }) => value > window.sinceMs);
    if (places.length > limit || window.first === null) break;
  }
  const shown = places.slice(0, limit);
  const last = shown.at(-1);
  return {
    traces: await summariesOf(source, shown),
    next: places.length > limit && last ? `${last.value}_${last.traceId}` : null,
  };
}

function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const [value = '', traceId = ''] = cursor.split('_');
  return { value: Number(value), traceId };
}

/** Places of rows: of the newest one that can matter, and of the oldest of all. */
interface Ends {
  newest: number;
  oldest: number;
}

/** @returns null when there is no row */
async function endsOf(
  source: RowSource,
  { before }: TraceSearch,
  cursor: Place | null,
): Promise<Ends | null> {
  const parameters = new Parameters(source.dialect);
  const latest = Math.min(before ?? Number.MAX_SAFE_INTEGER, cursor?.value ?? Number.MAX_SAFE_INTEGER);
  const last = parameters.add(Math.min(latest + TOLERATED_MS, Number.MAX_SAFE_INTEGER));
  const [row] = await source.all(
    source.dialect.endsOfOrder(`${ARRIVED} <= ${last}`, last),
    parameters.values,
  );
  const { newest, oldest } = (row ?? {}) as { [end in keyof Ends]?: number | null };
  return typeof newest === 'number' && typeof oldest === 'number' ? { newest, oldest } : null;
}

/**
 * The last `rows` rows of those that can matter. Whatever is asked of the rows of their traces is asked from the first of
 * those on: an hour may have millions of others, and to look for a text in them took as long as to look in everything.
 */
async function windowOf(source: RowSource, rows: number, ends: Ends | null): Promise<Window> {
  const everything = { sinceMs: Number.NEGATIVE_INFINITY, first: null, related: null };
  if (!Number.isFinite(rows) || ends === null) return everything;
  const { dialect } = source;
  const order = dialect.storedOrder();
  const place = dialect.rowsBefore(ends.newest, rows);
  if (place < ends.oldest) return everything;
  const sql = `
    with since as (select min(${ARRIVED}) as ms, min(${order}) as first from spans where ${order} > ${place})
    select ${dialect.toDouble('(select ms from since)')} as since_ms, ${dialect.toDouble('(select first from since)')} as first,
      ${dialect.minimum(order)} as related
    from spans where ${ARRIVED} >= (select ms from since) - ${LONGEST_TRACE_MS}
      and trace_id in (select trace_id from spans where ${order} > ${place})`;
  const [row] = await source.all(sql, [], within(dialect, place, LONGEST_TRACE_MS));
  const first = row?.first as number | null;
  if (first === null || first === ends.oldest) return everything;
  // No row of the window may belong to a trace.
  return { sinceMs: row?.since_ms as number, first, related: (row?.related as number | null) ?? first };
}

/** The time of the rows from a place on, and of some before, where the order of the rows is that of time. */
function within(dialect: Dialect, first: number | null, earlierMs = 0): TimeWindow | undefined {
  const fromMs = first === null ? null : dialect.timeOfPlace(first);
  return fromMs === null ? undefined : [fromMs - earlierMs, Number.POSITIVE_INFINITY];
}

/** The places of the traces that the search is about, in their order. */
async function placesIn(
  source: RowSource,
  { first, related }: Window,
  search: TraceSearch,
  cursor: Place | null,
  limit: number,
): Promise<FoundPlace[]> {
  const { dialect } = source;
  const parameters = new Parameters(dialect);
  const order = dialect.storedOrder();
  const began = `min(${BEGAN})`;
  const took = 'max(start_ms + duration_ms) - min(start_ms)';
  const value = search.sort === 'slowest' ? took : began;
  const among = related === null ? 'true' : `s.${order} >= ${related}`;
  const where = [
    'annotation_type is null',
    'trace_id is not null',
    among,
    ...(await matchesOf(source, search, parameters, among)),
  ];
  if (first !== null) where.push(`trace_id in (select trace_id from spans where ${order} >= ${first})`);
  const having: string[] = [];
  if (search.minDuration !== undefined) having.push(`${took} >= ${parameters.add(search.minDuration)}`);
  if (search.maxDuration !== undefined) having.push(`${took} <= ${parameters.add(search.maxDuration)}`);
  if (search.before !== undefined) having.push(`${began} < ${parameters.add(search.before)}`);
  if (search.after !== undefined) having.push(`${began} >= ${parameters.add(search.after)}`);
  if (cursor !== null) {
    const [listed, id] = [parameters.add(cursor.value), parameters.add(cursor.traceId)];
    having.push(`(${value} < ${listed} or (${value} = ${listed} and trace_id < ${id}))`);
  }
  const sql = `
    select trace_id, ${dialect.toDouble(value)} as place, ${dialect.minimum(order)} as first_row,
      ${dialect.maximum(order)} as last_row
    from spans s where ${where.join(' and ')}
    group by trace_id ${having.length > 0 ? `having ${having.join(' and ')}` : ''}
    order by place desc, trace_id desc limit ${limit}`;
  const rows = await source.all(sql, parameters.values, within(dialect, related));
  return rows.map((row) => ({
    value: row.place as number,
    traceId: row.trace_id as string,
    rows: [row.first_row as number, row.last_row as number],
  }));
}

/**
 * Everything about these traces, in the order given. Their rows lie near each other most often, and what lies elsewhere
 * need not be read.
 */
async function summariesOf(source: RowSource, places: readonly FoundPlace[]): Promise<TraceSummary[]> {
  if (places.length === 0) return [];
  const { dialect } = source;
  const parameters = new Parameters(dialect);
  const [order, rootFirst] = [dialect.storedOrder(), rootFirstIn(dialect)];
  const first = places.reduce((least, { rows }) => Math.min(least, rows[0]), Number.POSITIVE_INFINITY);
  const last = places.reduce((most, { rows }) => Math.max(most, rows[1]), 0);
  const ids = places.map(({ traceId }) => parameters.add(traceId)).join(', ');
  const ofRequest = (value: string): string =>
    dialect.valueOfFirst(`case when http_method is not null then ${value} end`, rootFirst);
  const sql = `
    select trace_id, min(start_ms) as begin_ms, max(start_ms + duration_ms) - min(start_ms) as took_ms,
      ${dialect.count()} as spans, ${dialect.countWhere('status_code = 2')} as errors,
      ${dialect.valueOfFirst('name', rootFirst)} as root_name,
      ${dialect.valueOfFirst("coalesce(service, '')", rootFirst)} as root_service,
      ${dialect.differentValues('service')} as services, ${dialect.anyRow('parent_id is null')} as has_root,
      ${ofRequest('http_method')} as method, ${ofRequest(pathSql(parameters, dialect))} as path,
      ${ofRequest('http_route')} as route, ${dialect.valueOfFirst('user_id', rootFirst)} as root_user
    from spans where annotation_type is null and ${order} between ${first} and ${last}
      and trace_id in (${ids}) group by trace_id`;
  const rows = await source.all(sql, parameters.values, within(dialect, first));
  const byId = new Map(rows.map((row) => [row.trace_id as string, summaryOf(row)]));
  return places.flatMap(({ traceId }) => byId.get(traceId) ?? []);
}

/** A call of a client has the whole address, and no path of its own. */
function pathSql(parameters: Parameters, dialect: Dialect): string {
  const url = dialect.attribute('spans', parameters.add('url.full'));
  return `coalesce(url_path, ${dialect.firstMatch(url, parameters.add('^[a-z]+://[^/?#]*([^?#]*)'), 1)})`;
}

function summaryOf(row: SqlRow): TraceSummary {
  return {
    traceId: row.trace_id as string,
    name: row.root_name as string,
    service: (row.root_service as string) || null,
    startMs: row.begin_ms as number,
    durationMs: row.took_ms as number,
    spanCount: row.spans as number,
    errorCount: row.errors as number,
    services: (row.services as string[] | null) ?? [],
    hasRoot: row.has_root as boolean,
    request: requestOf(row),
    userId: (row.root_user as string | null) ?? null,
  };
}

function requestOf(row: SqlRow): RequestSummary | null {
  const { method, path, route } = row as Record<'method' | 'path' | 'route', string | null>;
  return method === null ? null : { method, path: path || null, route };
}
