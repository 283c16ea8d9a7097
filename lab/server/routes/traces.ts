import { criticalPath, traceById } from '../../analysis/index.ts';
import { CriticalPath, Problem, Trace, TraceId, TraceList, TraceSearch } from '../../api/index.ts';
import type { Collector } from '../../collection/index.ts';
import type { QueryThread } from '../../query-thread/index.ts';
import type { Store } from '../../store/index.ts';
import { answerWith, type LabApp } from '../app.ts';
import { problem } from '../problems.ts';

/** Traces, one by one. */
export function addTraceRoutes(
  app: LabApp,
  parts: { store: Store; thread: QueryThread; collector: Pick<Collector, 'trouble'> },
): void {
  const { store, thread, collector } = parts;
  const tags = ['traces'];
  const notFound = (id: string): Problem => problem(404, 'not-found', `The lab has no trace ${id}.`);
  const refusals = { 404: Problem, 409: Problem, 422: Problem };

  app.get(
    '/api/traces',
    {
      schema: {
        summary: 'Traces, the newest or the slowest first',
        tags,
        querystring: TraceSearch,
        response: { 200: TraceList, 422: Problem, 504: Problem },
      },
    },
    ({ query }, reply) =>
      answerWith(thread, { kind: 'traces', search: query, trouble: collector.trouble() }, reply),
  );

  app.get(
    '/api/traces/:id',
    {
      schema: {
        summary: 'All spans of one trace',
        tags,
        params: TraceId,
        response: { 200: Trace, ...refusals },
      },
    },
    async ({ params: { id } }, reply) => {
      const spans = await traceById(store, id);
      const [first] = spans;
      return first ? { traceId: first.traceId, spans } : reply.code(404).send(notFound(id));
    },
  );

  app.get(
    '/api/traces/:id/critical-path',
    {
      schema: {
        summary: 'What decided how long the trace took',
        tags,
        params: TraceId,
        response: { 200: CriticalPath, ...refusals },
      },
    },
    async ({ params: { id } }, reply) =>
      criticalPath(await traceById(store, id)) ?? reply.code(404).send(notFound(id)),
  );
}
