import type { ServiceEdge, ServiceGraph, ServiceNode } from '../api/index.ts';
import type { Dialect } from '../query/dialect/index.ts';
import type { RowSource, SqlRow, TimeWindow } from '../store/index.ts';

export interface ServiceGraphOptions {
  /** Unix milliseconds; the last two hours by default */
  startMs?: number;
  endMs?: number;
}

const TWO_HOURS_MS = 7_200_000;
/** Flags of an OTLP span, above the eight bits of the trace flags: that it says where its parent is, and elsewhere. */
const PARENT_IS_KNOWN = 0x100;
const PARENT_IS_REMOTE = 0x200;
/** An event that is no span may belong to no trace. */
const IS_SPAN = 'annotation_type is null and trace_id is not null';
/** Who calls whom, from the spans of a time range. */
export async function serviceGraph(
  source: RowSource,
  options: ServiceGraphOptions = {},
): Promise<ServiceGraph> {
  const { dialect } = source;
  const endMs = options.endMs ?? Date.now();
  const range: TimeWindow = [options.startMs ?? endMs - TWO_HOURS_MS, endMs];
  const [start, end] = range.map((ms, index) => dialect.placeholder(index + 1, ms));
  const window = `start_ms >= ${start} and start_ms < ${end}`;
  const inRange = (sql: string): Promise<SqlRow[]> => source.all(sql, range, range);
  const services = await inRange(servicesSql(window, dialect));
  const calls = await inRange(callsSql(window, dialect));
  const [link] = await inRange(`select 1 from spans where ${window} and annotation_type = 'link' limit 1`);
  if (link) calls.push(...(await inRange(linkedSql(window, dialect))));
  return { nodes: nodesOf(services), dependencies: [...calls, ...services].flatMap(edgeOf).sort(byNames) };
}

function measures(dialect: Dialect): string {
  const p95 = dialect.quantile(dialect.quantiles('duration_ms', [0.95]), 0);
  return `${dialect.count()} as calls, ${dialect.countWhere('status_code = 2')} as errors, ${p95} as p95`;
}

/** What each service did, apart from what it asked each database (`db`). */
function servicesSql(window: string, dialect: Dialect): string {
  const database = "case when span_kind = 'client' then db_system end";
  return `
    select service, ${database} as db, ${measures(dialect)}
    from spans where ${window} and ${IS_SPAN} group by service, ${database}`;
}

/**
 * Calls of one service by another. A span whose parent is in the same process, as its sender says by a flag of OTLP, is
 * no such call, so most spans need not be looked for. The two ends are found by a number made of their ids, and of each
 * end only what is shown is read: the ids are 48 characters a span, and a join of whole rows needed gigabytes. The
 * called spans stand on the right, since they are kept in memory while all others pass.
 */
function callsSql(window: string, dialect: Dialect): string {
  const isLocal = `(flags >= ${PARENT_IS_KNOWN} and flags < ${PARENT_IS_REMOTE})`;
  return `
    with called as (
      select ${dialect.hash('trace_id', 'parent_id')} as id, service, status_code, duration_ms
      ${spansIn(window)} and parent_id is not null and not coalesce(${isLocal}, false)),
    callers as (select ${dialect.hash('trace_id', 'span_id')} as id, service as parent ${spansIn(window)})
    select parent, service, 'parent' as via, ${measures(dialect)}
    from callers join called using (id) where parent <> service group by parent, service`;
}

/** The same for links, which are few or none. */
function linkedSql(window: string, dialect: Dialect): string {
  const id = dialect.hash('trace_id', 'span_id');
  const linked = ['trace.link.trace_id', 'trace.link.span_id'].map((key) =>
    dialect.attribute('spans', `'${key}'`),
  );
  return `
    with links as (
      select ${dialect.hash(...linked)} as id, ${dialect.hash('trace_id', 'parent_id')} as owner
      from spans where ${window} and annotation_type = 'link'),
    owners as (
      select ${id} as owner, service, status_code, duration_ms ${spansIn(window)}
      and trace_id in (select trace_id from spans where ${window} and annotation_type = 'link')),
    callers as (select ${id} as id, service as parent ${spansIn(window)} and ${id} in (select id from links))
    select parent, service, 'link' as via, ${measures(dialect)}
    from links join owners using (owner) join callers using (id) group by parent, service`;
}

function spansIn(window: string): string {
  return `from spans where ${window} and ${IS_SPAN} and service is not null`;
}

/** @param rows of `servicesSql` */
function nodesOf(rows: readonly SqlRow[]): ServiceNode[] {
  const nodes = new Map<string, ServiceNode>();
  const add = (type: ServiceNode['type'], name: unknown, row: SqlRow): void => {
    if (name === null) return;
    const node = nodes.get(`${type} ${name}`) ?? { name: name as string, type, spanCount: 0, errorCount: 0 };
    node.spanCount += row.calls as number;
    node.errorCount += row.errors as number;
    nodes.set(`${type} ${name}`, node);
  };
  for (const row of rows) {
    add('service', row.service, row);
    add('database', row.db, row);
  }
  return [...nodes.values()].sort((a, b) =>
    a.type === b.type ? order(a.name, b.name) : a.type === 'service' ? -1 : 1,
  );
}

/** An edge of the graph, of either statement; none for what a service does itself. */
function edgeOf({ parent, service, db, via, calls, errors, p95 }: SqlRow): ServiceEdge[] {
  const [from, to] = via === undefined ? [service, db] : [parent, service];
  if (from === null || to === null) return [];
  return [
    {
      parent_node: { name: from as string, type: 'service' },
      child_node: { name: to as string, type: via === undefined ? 'database' : 'service' },
      via: (via ?? 'parent') as ServiceEdge['via'],
      call_count: calls as number,
      error_count: errors as number,
      p95_ms: p95 as number | null,
    },
  ];
}

function byNames(a: ServiceEdge, b: ServiceEdge): number {
  return (
    order(a.parent_node.name, b.parent_node.name) ||
    order(a.child_node.name, b.child_node.name) ||
    order(a.via, b.via)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
