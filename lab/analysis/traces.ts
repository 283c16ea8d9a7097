import { WorkshopError } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import type { RequestSummary, TraceSummary } from '../api/index.ts';
import { DIALECT } from '../query/dialect/index.ts';
import { Parameters } from '../query/statement.ts';
import type { RowSource, SqlRow } from '../store/index.ts';
import { readSpans } from './span-rows.ts';

export interface RecentTracesOptions {
  /** 20 by default, at most 1,000 */
  limit?: number;
  /** only traces with a span of this service */
  service?: string;
  /** only traces that began before this moment, to page on; Unix milliseconds */
  beforeMs?: number;
}

/** Spans in which the newest traces are looked for: first few, since that is fast and nearly always enough. */
const SPANS_LOOKED_AT = [5_000, 500_000];
/** A trace's spans are looked for this long before its newest one. */
const LONGEST_TRACE_MS = 3_600_000;

/** When a span began, at the latest when it was received: one of a clock that is ahead does not stay first for ever. */
const SEEN = DIALECT.smallest(['start_ms', 'coalesce(received_ms, start_ms)']);
/** Sorts a trace's root first, else its earliest span. */
const ROOT_FIRST = [DIALECT.truthAsNumber('parent_id is not null'), 'start_ms'];
/** A call of a client has the whole address, and no path of its own. */
const PATH = (parameters: Parameters): string =>
  `coalesce(url_path, ${DIALECT.firstMatch(
    DIALECT.attribute('spans', parameters.add('url.full')),
    parameters.add('^[a-z]+://[^/?#]*([^?#]*)'),
    1,
  )})`;

/** The newest traces first. */
export async function recentTraces(
  source: RowSource,
  options: RecentTracesOptions = {},
): Promise<TraceSummary[]> {
  let traces: TraceSummary[] = [];
  for (const spans of SPANS_LOOKED_AT) {
    traces = await tracesAmong(source, options, spans);
    if (traces.length >= (options.limit ?? 20)) break;
  }
  return traces;
}

async function tracesAmong(
  source: RowSource,
  options: RecentTracesOptions,
  spans: number,
): Promise<TraceSummary[]> {
  const limit = Math.min(Math.max(1, Math.trunc(options.limit ?? 20)), 1000);
  const parameters = new Parameters(DIALECT);
  const before = parameters.add(options.beforeMs ?? Number.MAX_SAFE_INTEGER);
  const service =
    options.service === undefined
      ? ''
      : `having ${DIALECT.anyRow(`service = ${parameters.add(options.service)}`)}`;
  const ofRequest = (value: string): string =>
    DIALECT.valueOfFirst(`case when http_method is not null then ${value} end`, ROOT_FIRST);
  const sql = `
    with newest as (
      select trace_id, max(seen) as latest, min(start_ms) as earliest from (
        select trace_id, start_ms, ${SEEN} as seen, service from spans
        where annotation_type is null and start_ms < ${before} order by seen desc limit ${spans})
      group by trace_id ${service} order by latest desc limit ${limit * 2})
    select trace_id, min(start_ms) as start_ms, max(start_ms + duration_ms) - min(start_ms) as duration_ms,
      ${DIALECT.count()} as spans, ${DIALECT.countWhere('status_code = 2')} as errors,
      ${DIALECT.valueOfFirst('name', ROOT_FIRST)} as name,
      ${DIALECT.valueOfFirst("coalesce(service, '')", ROOT_FIRST)} as service,
      ${DIALECT.differentValues('service')} as services, ${DIALECT.anyRow('parent_id is null')} as has_root,
      ${ofRequest('http_method')} as method, ${ofRequest(PATH(parameters))} as path, ${ofRequest('http_route')} as route,
      ${DIALECT.valueOfFirst('user_id', ROOT_FIRST)} as user_id
    from spans where annotation_type is null and start_ms >= (select min(earliest) from newest) - ${LONGEST_TRACE_MS}
      and trace_id in (select trace_id from newest)
    group by trace_id order by max(${SEEN}) desc, trace_id limit ${limit}`;
  const rows = await source.all(sql, parameters.values);
  return rows.map((row) => ({
    traceId: row.trace_id as string,
    name: row.name as string,
    service: (row.service as string) || null,
    startMs: row.start_ms as number,
    durationMs: row.duration_ms as number,
    spanCount: row.spans as number,
    errorCount: row.errors as number,
    services: (row.services as string[] | null) ?? [],
    hasRoot: row.has_root as boolean,
    request: requestOf(row),
    userId: (row.user_id as string | null) ?? null,
  }));
}

function requestOf(row: SqlRow): RequestSummary | null {
  const { method, path, route } = row as Record<'method' | 'path' | 'route', string | null>;
  return method === null ? null : { method, path: path || null, route };
}

/**
 * All spans of one trace, oldest first; empty when there is none. The beginning of an id will do when only one
 * trace begins like that.
 * @throws AmbiguousTraceId
 */
export async function traceById(source: RowSource, traceId: string): Promise<Span[]> {
  const id = traceId.toLowerCase();
  if (id.length >= 32) return readSpans(source, [id]);
  const rows = await source.all(
    `select distinct trace_id from spans where ${DIALECT.startsWith('trace_id', DIALECT.placeholder(1, id))} limit 6`,
    [id],
  );
  const found = rows.map((row) => row.trace_id as string);
  if (found.length > 1) throw new AmbiguousTraceId(id, found);
  return readSpans(source, found);
}

/** Several traces begin with the text that was given. */
export class AmbiguousTraceId extends WorkshopError {
  override name = 'AmbiguousTraceId';
  readonly candidates: readonly string[];

  constructor(prefix: string, candidates: readonly string[]) {
    super(
      `More than one trace begins with ${prefix}: ${candidates.slice(0, 5).join(', ')}${candidates.length > 5 ? ' …' : ''}`,
    );
    this.candidates = candidates;
  }
}
