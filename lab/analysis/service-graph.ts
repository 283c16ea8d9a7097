import type { RowSource } from '../store/index.ts';

export interface ServiceNode {
  name: string;
  type: 'service' | 'database';
  spanCount: number;
  errorCount: number;
}

/** Calls of one service by another; the names are those of Honeycomb's map API. */
export interface ServiceEdge {
  parent_node: { name: string; type: 'service' };
  child_node: { name: string; type: 'service' | 'database' };
  /** a call is a span whose parent, or whose link's other end, is in the other service */
  via: 'parent' | 'link';
  call_count: number;
  error_count: number;
  p95_ms: number | null;
}

export interface ServiceGraph {
  nodes: ServiceNode[];
  dependencies: ServiceEdge[];
}

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
  const spans = `w as (select * from spans where start_ms >= $1::double and start_ms < $2::double)`;
  const measures = `count(*)::double as calls, count(*) filter (where c.status_code = 2)::double as errors,
    quantile_cont(c.duration_ms, 0.95) as p95`;
  const nodes = await source.all(
    `with ${spans}
     select service as name, 'service' as type, count(*)::double as spans, count(*) filter (where status_code = 2)::double as errors
     from w where annotation_type is null and service is not null group by service
     union all
     select db_system, 'database', count(*)::double, count(*) filter (where status_code = 2)::double
     from w where annotation_type is null and db_system is not null and span_kind = 'client' group by db_system
     order by type desc, name`,
    range,
  );
  const edges = await source.all(
    `with ${spans}
     select p.service as parent, c.service as child, 'service' as type, 'parent' as via, ${measures}
     from w c join w p on p.trace_id = c.trace_id and p.span_id = c.parent_id
     where c.annotation_type is null and p.service <> c.service group by p.service, c.service
     union all
     select p.service, c.service, 'service', 'link', ${measures}
     from w l join w c on c.trace_id = l.trace_id and c.span_id = l.parent_id
       join w p on p.trace_id = l.attrs['trace.link.trace_id'] and p.span_id = l.attrs['trace.link.span_id']
     where l.annotation_type = 'link' and p.service is not null and c.service is not null group by p.service, c.service
     union all
     select c.service, c.db_system, 'database', 'parent', ${measures}
     from w c where c.annotation_type is null and c.db_system is not null and c.span_kind = 'client' and c.service is not null
     group by c.service, c.db_system
     order by parent, child, via`,
    range,
  );
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
