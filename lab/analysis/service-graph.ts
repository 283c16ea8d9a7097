import type { ServiceEdge, ServiceGraph, ServiceNode } from '../api/index.ts';
import { DIALECT } from '../query/dialect/index.ts';
import type { RowSource } from '../store/index.ts';

export interface ServiceGraphOptions {
  /** Unix milliseconds; the last two hours by default */
  startMs?: number;
  endMs?: number;
}

const TWO_HOURS_MS = 7_200_000;

/** Who calls whom, from the spans of a time range. */
export async function serviceGraph(
  source: RowSource,
  options: ServiceGraphOptions = {},
): Promise<ServiceGraph> {
  const endMs = options.endMs ?? Date.now();
  const range = [options.startMs ?? endMs - TWO_HOURS_MS, endMs];
  const [start, end] = range.map((ms, index) => DIALECT.placeholder(index + 1, ms));
  const window = `start_ms >= ${start} and start_ms < ${end}`;
  const nodes = await source.all(nodesSql(window), range);
  const edges = await source.all(edgesSql(window), range);
  return {
    nodes: nodes.map((row) => ({
      name: row.name as string,
      type: row.type as ServiceNode['type'],
      spanCount: row.spans as number,
      errorCount: row.errors as number,
    })),
    dependencies: edges.map((row) => ({
      parent_node: { name: row.parent as string, type: 'service' },
      child_node: { name: row.child as string, type: row.type as ServiceNode['type'] },
      via: row.via as ServiceEdge['via'],
      call_count: row.calls as number,
      error_count: row.errors as number,
      p95_ms: row.p95 as number | null,
    })),
  };
}

/** An event that is no span may belong to no trace. */
const IS_SPAN = 'annotation_type is null and trace_id is not null';

function nodesSql(window: string): string {
  const counts = `${DIALECT.count()} as spans, ${DIALECT.countWhere('status_code = 2')} as errors`;
  return `
    select service as name, 'service' as type, ${counts}
    from spans where ${window} and ${IS_SPAN} and service is not null group by service
    union all
    select db_system, 'database', ${counts}
    from spans where ${window} and ${IS_SPAN} and db_system is not null and span_kind = 'client'
    group by db_system
    order by type desc, name`;
}

/**
 * The two ends of a call are found by a number made of their ids, and of each end only what is shown is read: the ids
 * are 48 characters a span, and a join of whole rows needed gigabytes.
 */
function edgesSql(window: string): string {
  const span = `from spans where ${window} and ${IS_SPAN}`;
  const p95 = DIALECT.quantile(DIALECT.quantiles('duration_ms', [0.95]), 0);
  const measures = `${DIALECT.count()} as calls, ${DIALECT.countWhere('status_code = 2')} as errors, ${p95} as p95`;
  const id = DIALECT.hash('trace_id', 'span_id');
  const linked = ['trace.link.trace_id', 'trace.link.span_id'].map((key) =>
    DIALECT.attribute('spans', `'${key}'`),
  );
  return `
    with callers as (select ${id} as id, service as parent ${span} and service is not null),
    called as (
      select ${DIALECT.hash('trace_id', 'parent_id')} as id, service as child, status_code, duration_ms
      ${span} and parent_id is not null and service is not null),
    links as (
      select ${DIALECT.hash(...linked)} as id, ${DIALECT.hash('trace_id', 'parent_id')} as owner
      from spans where ${window} and annotation_type = 'link'),
    owners as (
      select ${id} as owner, service as child, status_code, duration_ms ${span} and service is not null
      and trace_id in (select trace_id from spans where ${window} and annotation_type = 'link'))
    select parent, child, 'service' as type, 'parent' as via, ${measures}
    from called join callers using (id) where parent <> child group by parent, child
    union all
    select parent, child, 'service', 'link', ${measures}
    from links join owners using (owner) join callers using (id) group by parent, child
    union all
    select service, db_system, 'database', 'parent', ${measures}
    ${span} and db_system is not null and span_kind = 'client' and service is not null group by service, db_system
    order by parent, child, via`;
}
